using Throughput.Contest;
using static System.FormattableString;

namespace Throughput.Report;

/// <summary>The bars of a run on a GPU.</summary>
internal static class GpuBars
{
    internal static IReadOnlyList<Bar> Read(GpuFigures figures)
    {
        var ops = figures.DeviceOps;
        var (batch, host, small) = (ops.Median("batch_ms"), ops.Median("host_ms"), ops.Median("host_small_ms"));
        return
        [
            Bar.AtMost("device cache: a batch / its memory floor", 3, batch / figures.Floor, " x", Invariant($" ({batch:F3} ms of {figures.Floor:F3} ms)")),
            Bar.AtMost("device cache: a batch, a bar for an H100", 0.25, batch, " ms"),
            Bar.AtLeast("device cache: throughput in the contest, a bar for an H100", 250, figures.Best(Role.DeviceCache)?.Median / 1000, " k images/s"),
            Bar.AtMost("device cache: the host's time for a batch of 64 / of 16", 1.5, host / small, " x", Invariant($" ({host:F3} ms of {small:F3} ms)")),
            Bar.AtMost("device cache: managed bytes a sample", 1024, ops.Median("allocated_per_sample"), " B"),
            Bar.AtLeast("uncached / decode-only limit", 0.9, figures.Best(Role.Uncached) is { } ours && figures.Best(Role.DecodeLimit) is { } limit ? ours.RatioTo(limit) : null, ""),
            Wait("device cache", 1, figures.DeviceCache),
            Wait("uncached", 5, figures.Uncached),
        ];
    }

    private static Bar Wait(string cache, double percent, Measurement training) => Bar.AtMost(
        $"{cache}: wait for data in a training step", percent, 100 * training.Median("wait_share"), " %",
        Invariant($" (the host's part {100 * training.Median("host_wait_share"):0.##} %; {training.Median("steps"):F0} steps of {training.Median("step_ms"):F1} ms)"));
}
