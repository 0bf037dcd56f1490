using static System.FormattableString;

namespace Throughput.Report;

/// <summary>A figure that is to reach a bar.</summary>
/// <param name="Title">What it is.</param>
/// <param name="Target">The bar, in words.</param>
/// <param name="Figure">The figure, in words; null where it was not measured.</param>
/// <param name="Met">Whether it reaches the bar.</param>
internal sealed record Bar(string Title, string Target, string? Figure, bool Met)
{
    internal string Verdict => Figure is null ? "not measured" : Met ? "met" : "NOT met";

    internal static Bar AtLeast(string title, double bar, double? figure, string unit = " x") =>
        new(title, Invariant($">= {bar:0.0#}{unit}"), figure is { } value ? Invariant($"{value:F2}{unit}") : null, figure >= bar);

    internal static Bar AtMost(string title, double bar, double? figure, string unit, string detail = "") =>
        new(title, Invariant($"<= {bar:0.##}{unit}"), figure is { } value ? Invariant($"{value:0.##}{unit}{detail}") : null, figure <= bar);
}
