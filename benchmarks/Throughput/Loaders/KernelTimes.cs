using System.Globalization;
using static TorchSharp.torch;

namespace Throughput.Loaders;

/// <summary>
/// What each device operation of a batch from the device's cache takes, and other ways to the same result. They run behind other work, so that the host is
/// ahead all the while: a kernel may be shorter than it takes to queue it. A line each: name, ms, MB moved, GB/s.
/// </summary>
internal static class KernelTimes
{
    private const double Tolerance = 1e-6;

    internal static void Measure(Job job)
    {
        // A CPU, where this is only tried out, takes a tenth of a second for one.
        var times = job.OnGpu ? 200 : 1;
        using var copies = new DeviceCopies(job);
        using var batch = new KernelBatch(job);
        copies.WithinDevice();
        var work = copies.CountWithin(seconds: 0.03, copies.WithinDevice());
        var kernels = Kernel.All.Where(kernel => IsRight(kernel, batch)).ToList();
        for (var repeat = 0; repeat < job.Repeats; repeat++)
        {
            var alone = copies.Seconds(() => copies.Queue(work));
            foreach (var kernel in kernels)
            {
                var together = copies.Seconds(() =>
                {
                    copies.Queue(work);
                    for (var time = 0; time < times; time++)
                        batch.Run(kernel.Name).Dispose();
                });
                var milliseconds = 1000 * (together - alone) / times;
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{kernel.Name}={milliseconds:R} ms, {kernel.Megabytes:F0} MB, {kernel.Megabytes / milliseconds:F0} GB/s"));
            }
        }
    }

    /// <summary>Whether it comes to what a batch is made of now; a way to something else is not worth a time.</summary>
    private static bool IsRight(Kernel kernel, KernelBatch batch)
    {
        using var scope = NewDisposeScope();
        var (result, expected) = (batch.Run(kernel.Name), batch.Expected(kernel.Name));
        var same = result.dtype == expected.dtype && result.shape.SequenceEqual(expected.shape);
        var off = same ? result.to(ScalarType.Float32).sub(expected.to(ScalarType.Float32)).abs().max().item<float>() : double.NaN;
        if (off <= Tolerance)
            return true;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{kernel.Name} is off by {off:G3} and not timed"));
        return false;
    }
}
