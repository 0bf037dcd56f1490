using System.Globalization;
using System.Text;
using Throughput.Loaders;
using static System.FormattableString;

namespace Throughput.Report;

/// <summary>The kernels of a batch from the device's cache, beside other ways to the same.</summary>
internal static class KernelTable
{
    internal static void Append(StringBuilder text, Measurement kernels)
    {
        text.Append("## Kernels of a device-cache batch, and other ways\n\n");
        if (kernels.Missing is { } reason)
        {
            text.Append(CultureInfo.InvariantCulture, $"Not measured: {reason}.\n\n");
            return;
        }
        text.Append("""
            The device's time alone, queued behind other work. Predicted for an H100 by the rules of docs/performance.md. A way whose result differs from the present one's
            by more than 1e-6 has no time.


            """);
        MarkdownTable.Append(
            text,
            ["", "MB", "predicted ms", "ms", "least - most", "GB/s"],
            [.. Kernel.All.Select(kernel => Row(kernel, kernels.Median(kernel.Name), kernels.Range(kernel.Name)))]);
    }

    private static string[] Row(Kernel kernel, double? milliseconds, (double Least, double Most)? range) =>
    [
        kernel.Title,
        Invariant($"{kernel.Megabytes:F0}"),
        kernel.Predicted,
        milliseconds is null ? "-" : Invariant($"{milliseconds:F3}"),
        range is null ? "-" : Invariant($"{range?.Least:F3} - {range?.Most:F3}"),
        milliseconds is null ? "-" : Invariant($"{kernel.Megabytes / milliseconds:F0}"),
    ];
}
