using System.Text;
using static System.FormattableString;

namespace Throughput.Report;

/// <summary>How long a training's steps take and wait.</summary>
internal static class TrainingTable
{
    internal static void Append(StringBuilder text, GpuFigures figures)
    {
        text.Append("## Training\n\n");
        MarkdownTable.Append(
            text,
            ["", "steps", "ms a step", "waited for data", "the host's part"],
            [Row("from the device cache", figures.DeviceCache), Row("uncached", figures.Uncached)]);
        if (figures.Uncached.Median("step_ms") - figures.DeviceCache.Median("step_ms") is { } difference)
        {
            text.Append(Invariant($"""
                Uncached a step takes **{difference:F2} ms** more than from the device cache. No wait shows all of that: the copy and the kernels of the next batch run beside the step,
                and what they take from it counts as the step's own time.


                """));
        }
    }

    private static string[] Row(string title, Measurement training) => training.Missing is { } reason
        ? [title, "-", $"not measured: {reason}", "-", "-"]
        :
        [
            title,
            Invariant($"{training.Median("steps"):F0}"),
            Invariant($"{training.Median("step_ms"):F2}"),
            Invariant($"{100 * training.Median("wait_share"):0.##} %"),
            Invariant($"{100 * training.Median("host_wait_share"):0.##} %"),
        ];
}
