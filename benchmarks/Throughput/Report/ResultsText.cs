using System.Globalization;
using System.Text;
using Throughput.Contest;
using static System.FormattableString;

namespace Throughput.Report;

/// <summary>The report: machine, a table for each set, the bars.</summary>
internal static class ResultsText
{
    internal static string Write(
        IReadOnlyList<(PhotoSet Set, IReadOnlyList<Entry> Entries)> results,
        IReadOnlyList<Bar> bars,
        IReadOnlyList<string> machine,
        BenchSettings settings,
        TimeSpan elapsed)
    {
        var text = new StringBuilder("# Throughput\n\n");
        text.Append(CultureInfo.InvariantCulture, $"`./build.sh bench --rounds {settings.Rounds}` on {DateTime.UtcNow:yyyy-MM-dd}, {elapsed.TotalMinutes:F0} minutes.\n\n");
        foreach (var line in machine)
            text.Append(CultureInfo.InvariantCulture, $"- {line}\n");
        text.Append(CultureInfo.InvariantCulture, $"""

            Batches of 64 windows of 320x480, float32 images and int64 labels, on the CPU. All contestants are alive at once; one works at a time, {settings.Rounds}
            rounds of at least {settings.Seconds:0.#} s in whole epochs, each round beginning with another one. Images/s are medians with the least and the most.
            "Of the best peer" and "of the limit" are medians of the ratios within a round. Those that decode are held against the best Python that decodes
            and against decoding alone; those from memory (textbook, host cache) against the best textbook and against writing the bytes of a batch.
            Memory is the peak of the process, or, where there are worker processes, the largest sum of proportional sets that was seen between the measured turns.


            """);
        foreach (var (set, entries) in results)
        {
            text.Append(CultureInfo.InvariantCulture, $"## {set.Title()}\n\n");
            MarkdownTable.Append(text, ["", "images/s", "least - most", "of the best peer", "of the limit", "memory"], [.. entries.Select(entry => Row(entry, entries))]);
        }
        text.Append("## Bars\n\n");
        MarkdownTable.Append(text, bars);
        return text.ToString().TrimEnd('\n') + "\n";
    }

    private static string[] Row(Entry entry, IReadOnlyList<Entry> entries)
    {
        var title = entry.Contestant.Title;
        if (!entry.Ran)
            return [title, "-", $"left out: {entry.Failure}", "", "", ""];
        var role = entry.Contestant.Role;
        var rates = entry.Turns.Select(turn => turn.Rate).ToList();
        var peer = Entry.Best(entries, other => role.IsInMemory() ? other.IsMemoryPeer() : other.IsDecodingPeer());
        var limit = Entry.Best(entries, other => other == (role.IsInMemory() ? Role.WriteLimit : Role.DecodeLimit));
        return
        [
            title,
            Invariant($"{entry.Median:F0}"),
            Invariant($"{rates.Min():F0} - {rates.Max():F0}"),
            peer is null || role.IsLimit() ? "-" : Invariant($"{entry.RatioTo(peer):F2}"),
            limit is null ? "-" : Invariant($"{entry.RatioTo(limit):F2}"),
            entry.PeakMemory == 0 ? "-" : Invariant($"{entry.PeakMemory / 1e9:F1} GB"),
        ];
    }
}
