namespace Throughput;

/// <summary>A figure that is to reach a bar, in words; null where it was not measured.</summary>
internal sealed record Bar(string Title, string Target, string? Figure, bool Met)
{
    internal string Verdict => Figure is null ? "not measured" : Met ? "met" : "NOT met";

    internal static IEnumerable<Bar> Read(Figures figures) => figures.Settings.ForGpu ? OfGpu(figures) : OfCpu(figures);

    private static IEnumerable<Bar> OfCpu(Figures figures)
    {
        foreach (var (title, entries) in figures.Contests)
        {
            double? Ratio(string other) => figures.Ratio("ours", other, entries);
            yield return AtLeast($"uncached / best of torchvision's peers, {title}", 4, Ratio("torchvision-*"), " x");
            yield return AtLeast($"uncached / hand-tuned PyTorch loop, {title}", 1.6, Ratio("handtuned"), " x");
            yield return AtLeast($"uncached / decode-only limit, {title}", 0.95, Ratio("decode-only"));
        }
        double? Cached(string other) => figures.Ratio("ours-host", other);
        yield return AtLeast("host cache / textbook in memory (its better form)", 10, Cached("textbook-*"), " x");
        yield return AtLeast("host cache / textbook in memory, hugetlb", 5, Cached("huge-textbook"), " x");
        yield return AtLeast("host cache / limit of writing the batch", 0.75, Cached("write-*"));
        var (own, peer) = (figures.Ratio("augment", "ours"), figures.Ratio("augment", "augment-v2"));
        yield return AtLeast("augmenting / plain, uncached", 0.75, own);
        yield return AtLeast("augmenting / plain, host cache", 0.35, figures.Ratio("augment-host", "ours-host"));
        yield return AtLeast("augmenting, uncached / torchvision v2 with the same chain", 7, peer, " x");
        var workers = $"uncached, 1 -> {Environment.ProcessorCount} workers";
        var scaled = figures.Ratio("ours", "ours-1");
        yield return AtLeast(workers, 1.8, scaled, " x");
        // The model of docs/performance.md for cores alone: as many times one worker.
        var off = 100 * Math.Abs((scaled / Environment.ProcessorCount ?? double.NaN) - 1);
        yield return AtMost($"{workers}: the model is off by", 10, scaled is null ? null : off, " %");
        foreach (var cache in new[] { "uncached", "host cache" })
        {
            var steady = figures[$"steadiness, {cache}"];
            yield return AtMost($"{Steadiness.Garbage}, {cache}", 1024, steady.Median(Steadiness.Garbage), " B");
            yield return AtMost($"{Steadiness.Spread}, {cache}", 2, steady.Median(Steadiness.Spread), " %");
        }
        var decode = 1000 * Job.UsualBatch / figures.Best("decode-only")?.Median;
        var first = figures["steadiness, uncached"].Median(Steadiness.First) / decode;
        yield return AtMost($"{Steadiness.First} / decoding a batch ({decode:F0} ms)", 2, first, " x");
        yield return AtMost(Steadiness.Wait, 2, figures["steadiness, uncached"].Median(Steadiness.Wait), " ms");
        yield return AtMost(Steadiness.Seam, 1, figures["steadiness, uncached"].Median(Steadiness.Seam), " ms");
        double? Of(string name) => figures["disk cache"].Median(name);
        var (limit, shared) = (Of(Disk.FirstLimit), Of(Disk.SharedLimit));
        yield return AtLeast($"disk cache: {Disk.First}, limit {limit:F2}", 0.9, Of(Disk.First));
        yield return AtMost($"disk cache: {Disk.Shared}, limit {shared:F2}", 1.15, Of(Disk.Shared), " x");
        yield return AtMost($"disk cache: {Disk.Start}", 500, Of(Disk.Start), " ms");
    }

    private static IEnumerable<Bar> OfGpu(Figures figures)
    {
        const string cache = "device cache";
        double? Of(string name) => figures[cache].Median(name);
        var rate = figures.Best("ours-device")?.Median / 1000;
        var host = Of(DeviceOps.Host) / Of(DeviceOps.HostFewer);
        yield return AtMost($"{cache}: a batch / its memory floor", 3, Of(DeviceOps.Batch) / Of(DeviceOps.Floor), " x");
        yield return AtMost($"{cache}: a batch, a bar for an H100", 0.25, Of(DeviceOps.Batch), " ms");
        yield return AtLeast($"{cache}: throughput in the contest, a bar for an H100", 250, rate, " k images/s");
        yield return AtMost($"{cache}: the host's time for a batch of 64 / of 16", 1.5, host, " x");
        yield return AtMost($"{cache}: {Steadiness.Garbage}", 1024, Of(Steadiness.Garbage), " B");
        yield return AtLeast("uncached / decode-only limit", 0.9, figures.Ratio("ours", "decode-only"));
        foreach (var (name, percent) in new[] { (cache, 1), ("uncached", 5) })
        {
            var wait = figures[$"training, {name}"].Median(TrainingWaits.Wait);
            yield return AtMost($"{name}: {TrainingWaits.Wait}", percent, wait, " %");
        }
    }

    private static Bar AtLeast(string title, double bar, double? figure, string unit = "") =>
        new(title, $">= {bar:0.0#}{unit}", figure is null ? null : $"{figure:F2}{unit}", figure >= bar);

    private static Bar AtMost(string title, double bar, double? figure, string unit) =>
        new(title, $"<= {bar:0.##}{unit}", figure is null ? null : $"{figure:0.##}{unit}", figure <= bar);
}
