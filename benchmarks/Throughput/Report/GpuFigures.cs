using Throughput.Contest;
using Throughput.Loaders;

namespace Throughput.Report;

/// <summary>All that a run on a GPU measured so far.</summary>
/// <param name="Device">Its name for <c>--device</c>.</param>
/// <param name="Entries">The contest.</param>
/// <param name="DeviceOps">What <see cref="Loaders.DeviceOps"/> found.</param>
/// <param name="Kernels">What <see cref="KernelTimes"/> found.</param>
/// <param name="Uncached">What <see cref="TrainingWaits"/> found without a cache.</param>
/// <param name="DeviceCache">The same with the device cache.</param>
internal sealed record GpuFigures(
    string Device,
    IReadOnlyList<Entry> Entries,
    Measurement DeviceOps,
    Measurement Kernels,
    Measurement Uncached,
    Measurement DeviceCache)
{
    internal const int BatchSize = 64;

    /// <summary>For each of the measurements beside the contest: a lent machine's time is short.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    internal const double WindowPixels = BatchSize * 320.0 * 480;

    /// <summary>What a batch from the device's memory must move there: colours and class read, three floats and an int64 written.</summary>
    internal const double BatchBytes = WindowPixels * (4 + 12 + 8);

    /// <summary>What a batch must bring over from the host: colours and class of the windows alone.</summary>
    internal const double HostBytes = WindowPixels * 4;

    /// <summary>The contest alone.</summary>
    /// <param name="device">Its name for <c>--device</c>.</param>
    /// <param name="entries">The contest.</param>
    /// <param name="reason">Why there is nothing else.</param>
    internal GpuFigures(string device, IReadOnlyList<Entry> entries, string reason)
        : this(device, entries, Measurement.Without(reason), Measurement.Without(reason), Measurement.Without(reason), Measurement.Without(reason))
    {
    }

    /// <summary>The least time of a batch from the device's memory, in ms.</summary>
    internal double? Floor => 1000 * BatchBytes / DeviceOps.Median("device_bytes_per_s");

    /// <summary>The least time of a batch whose pixels come from the host, in ms.</summary>
    internal double? HostFloor => 1000 * HostBytes / DeviceOps.Median("host_bytes_per_s");

    internal Entry? Best(Role role) => Entry.Best(Entries, other => other == role);

    /// <summary>The median time of a batch in ms.</summary>
    internal static double BatchTime(Entry entry) => 1000 * BatchSize / entry.Median;

    /// <summary>Measures what is beside the contest, one after the other.</summary>
    /// <returns>All figures so far, after each of them.</returns>
    internal IEnumerable<GpuFigures> Measure(string root, BenchSettings settings)
    {
        var repeats = settings.Quick ? "3" : "9";
        var (steps, batch) = !settings.OnGpu ? ("3", "8") : (settings.Quick ? "34" : "102", $"{BatchSize}");
        var figures = this;
        yield return figures = figures with { DeviceOps = Run("a batch's share of the device", "device-ops", "--cache", "device", "--repeats", repeats) };
        yield return figures = figures with { Kernels = Run("kernels of a device-cache batch", "kernels", "--repeats", repeats) };
        yield return figures = figures with { Uncached = Train("none") };
        yield return figures with { DeviceCache = Train("device") };

        Measurement Train(string cache) => Run($"training, up to {steps} steps, cache {cache}", "training", "--cache", cache, "--batch", batch, "--repeats", steps);

        Measurement Run(string title, string child, params string[] arguments) => Measurement.Run(title, Patience, [child, "--root", root, "--device", Device, .. arguments]);
    }
}
