using System.Text;

namespace Throughput.Report;

/// <summary>Tables that are read well as plain text too.</summary>
internal static class MarkdownTable
{
    internal static void Append(StringBuilder text, string[] head, IReadOnlyList<string[]> rows)
    {
        var widths = head.Select((title, column) => Math.Max(3, rows.Select(row => row[column].Length).Append(title.Length).Max())).ToArray();
        Line(head);
        Line([.. widths.Select(width => new string('-', width))]);
        foreach (var row in rows)
            Line(row);
        text.Append('\n');

        void Line(string[] cells) => text.Append("| ").AppendJoin(" | ", cells.Select((cell, column) => cell.PadRight(widths[column]))).Append(" |\n");
    }

    internal static void Append(StringBuilder text, IReadOnlyList<Bar> bars) =>
        Append(text, ["", "bar", "figure", ""], [.. bars.Select(bar => new[] { bar.Title, bar.Target, bar.Figure ?? "-", bar.Verdict })]);
}
