using System.Globalization;

namespace VocSeg.Torch;

/// <summary>
/// Decoded samples in the host's memory, one after the other. A sample is decoded at its first visit.
/// </summary>
internal sealed unsafe class HostCache : PackedSamples
{
    // A label's runs are kept beside its sample where they take no more than this part of it, as almost all do.
    private const int PartOfRuns = 16;
    private const int Empty = 0, Filling = 1, Filled = 2;
    private readonly SampleSource source;
    private readonly PixelMemory memory;
    private readonly long[] offsets;
    private readonly int[] states;
    private readonly LabelRuns?[] runs;

    internal HostCache(SampleSource source)
    {
        this.source = source;
        offsets = new long[source.Stored.Count];
        states = new int[source.Stored.Count];
        runs = new LabelRuns?[source.DrawsByLabel ? source.Stored.Count : 0];
        var bytes = 0L;
        for (var index = 0; index < offsets.Length; index++)
        {
            offsets[index] = bytes;
            bytes += source.Stored[index].Size.Pixels * HostWarp.BytesPerPixel;
        }
        Bytes = bytes + BytesOfRuns(bytes);
        RequireFit(Bytes, FreeBytes());
        memory = new(bytes, promised: Bytes);
    }

    internal override long Bytes { get; }

    /// <summary>The pixels of a sample, or null while another worker decodes it.</summary>
    internal override byte* GetOrDecode(int index, SampleWorker worker)
    {
        var pixels = memory.Address + offsets[index];
        var isFilled = Volatile.Read(ref states[index]) == Filled;
        worker.Meter.LookedUp(isFilled);
        if (isFilled)
            return pixels;
        Interleaving.Point();
        if (Interlocked.CompareExchange(ref states[index], Filling, Empty) != Empty)
            return Volatile.Read(ref states[index]) == Filled ? pixels : null;
        try
        {
            Interleaving.Point();
            var sample = source.Stored[index];
            var bytes = sample.Size.Pixels * HostWarp.BytesPerPixel;
            worker.DecodePacked(sample, memory.Slice(offsets[index], bytes));
            if (source.DrawsByLabel)
                runs[index] = LabelRuns.Whole(new((IntPtr)pixels, 0, sample.Size), BytesOfRuns(bytes));
            Volatile.Write(ref states[index], Filled);
            memory.HasTaken(bytes + BytesOfRuns(bytes));
            return pixels;
        }
        catch
        {
            Volatile.Write(ref states[index], Empty);
            throw;
        }
    }

    internal override LabelRuns? RunsOf(int index) => runs.Length == 0 ? null : runs[index];

    public override void Dispose() => memory.Dispose();

    /// <exception cref="InvalidOperationException">The cache takes more than is free.</exception>
    internal static void RequireFit(long bytes, long free)
    {
        if (bytes > free)
        {
            throw new InvalidOperationException(string.Create(
                CultureInfo.InvariantCulture,
                $"The cache takes {bytes / 1e9:F2} GB and {free / 1e9:F2} GB of memory are free; ")
                + "take SampleCache.None or Disk, or a smaller split.");
        }
    }

    /// <summary>The memory that is left for a cache.</summary>
    internal static long FreeBytes() => UnusedBytes() - PixelMemory.Promised;

    /// <summary>What runs take at most beside so many bytes of samples.</summary>
    private long BytesOfRuns(long bytes) => source.DrawsByLabel ? bytes / PartOfRuns : 0;

    private static long UnusedBytes()
    {
        // The runtime knows the limit of a container. Only Linux says what other processes leave of it.
        var limit = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes - Environment.WorkingSet;
        if (!OperatingSystem.IsLinux())
            return limit;
        var line = File.ReadLines("/proc/meminfo")
            .FirstOrDefault(line => line.StartsWith("MemAvailable:", StringComparison.Ordinal));
        return line?.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [_, var kilobytes, ..]
            ? Math.Min(limit, long.Parse(kilobytes, CultureInfo.InvariantCulture) * 1024)
            : limit;
    }
}
