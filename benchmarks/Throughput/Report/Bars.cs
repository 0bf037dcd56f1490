using System.Globalization;
using Throughput.Contest;

namespace Throughput.Report;

/// <summary>The bars of a run.</summary>
internal static class Bars
{
    private const int BatchSize = 64;

    internal static IReadOnlyList<Bar> Read(IReadOnlyList<(PhotoSet Set, IReadOnlyList<Entry> Entries)> results, Steady? steady)
    {
        List<Bar> bars = [];
        foreach (var (set, entries) in results)
        {
            var ours = Best(entries, Role.Uncached);
            var place = $", {set.Title()}";
            bars.Add(Bar.AtLeast("uncached / best ordinary torchvision peer" + place, 4, Ratio(ours, Best(entries, Role.OrdinaryPeer))));
            bars.Add(Bar.AtLeast("uncached / hand-tuned PyTorch loop" + place, 1.4, Ratio(ours, Best(entries, Role.HandTuned))));
            bars.Add(Bar.AtLeast("uncached / decode-only limit" + place, 0.9, Ratio(ours, Best(entries, Role.DecodeLimit)), ""));
        }

        var first = results[0].Entries;
        var host = Best(first, Role.HostCache);
        bars.Add(Bar.AtLeast("host cache / textbook in memory (its better form)", 10, Ratio(host, Best(first, Role.Textbook))));
        bars.Add(Bar.AtLeast("host cache / textbook in memory, hugetlb", 5, Ratio(host, Best(first, Role.TextbookHugePages))));
        bars.Add(Bar.AtLeast("host cache / limit of writing the batch", 0.6, Ratio(host, Best(first, Role.WriteLimit)), ""));
        bars.Add(Bar.AtLeast($"uncached, 1 -> {Environment.ProcessorCount} workers", 1.8, Ratio(Best(first, Role.Uncached), Best(first, Role.UncachedOneWorker))));

        AddSteady(bars, steady?.Uncached, "uncached");
        AddSteady(bars, steady?.HostCache, "host cache");
        var decode = Best(first, Role.DecodeLimit) is { } limit ? 1000 * BatchSize / limit.Median : double.NaN;
        var firstBatch = steady?.Uncached?.Median("first_ms");
        bars.Add(Bar.AtMost(
            "time to the first batch of a new loader / decoding a batch", 2, double.IsNaN(decode) ? null : firstBatch / decode, " x",
            string.Create(CultureInfo.InvariantCulture, $" ({firstBatch:F0} ms of {decode:F0} ms; {steady?.Uncached?.Median("cold_first_ms"):F0} ms in a new process)")));
        bars.Add(Bar.AtMost(
            "wait of a step behind a slow consumer, 95th percentile", 2, steady?.Uncached?.Median("wait_p95_ms"), " ms",
            string.Create(CultureInfo.InvariantCulture, $" (median {steady?.Uncached?.Median("wait_ms"):0.##} ms; it sleeps {steady?.Uncached?.Median("sleep_ms"):F0} ms)")));
        return bars;
    }

    private static void AddSteady(List<Bar> bars, Measurement? measured, string name)
    {
        bars.Add(Bar.AtMost($"managed bytes a sample, {name}", 1024, measured?.Median("allocated_per_sample"), " B"));
        bars.Add(Bar.AtMost(
            $"resident memory over 20 epochs, furthest from its median, {name}", 2, 100 * measured?.Median("resident_spread"), " %",
            string.Create(CultureInfo.InvariantCulture, $" ({measured?.Median("resident_mb"):F0} MB)")));
    }

    private static Entry? Best(IReadOnlyList<Entry> entries, Role role) => Entry.Best(entries, other => other == role);

    private static double? Ratio(Entry? one, Entry? other) => one is null || other is null ? null : one.RatioTo(other);
}
