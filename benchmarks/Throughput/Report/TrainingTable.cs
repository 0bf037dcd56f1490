using System.Globalization;
using System.Text;

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
            text.Append(Text($"""
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
            Text($"{training.Median("steps"):F0}"),
            Text($"{training.Median("step_ms"):F2}"),
            Text($"{100 * training.Median("wait_share"):0.##} %"),
            Text($"{100 * training.Median("host_wait_share"):0.##} %"),
        ];

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
