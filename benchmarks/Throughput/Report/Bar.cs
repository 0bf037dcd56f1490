namespace Throughput;

/// <summary>A figure that is to reach a bar.</summary>
/// <param name="Title">What it is.</param>
/// <param name="Target">The bar, in words.</param>
/// <param name="Figure">The figure, in words; null where it was not measured.</param>
/// <param name="Met">Whether it reaches the bar.</param>
internal sealed record Bar(string Title, string Target, string? Figure, bool Met)
{
    internal string Verdict => Figure is null ? "not measured" : Met ? "met" : "NOT met";

    /// <summary>The bars of a run.</summary>
    internal static IEnumerable<Bar> Read(Figures figures) => figures.Settings.ForGpu ? OfGpu(figures) : OfCpu(figures);

    private static IEnumerable<Bar> OfCpu(Figures figures)
    {
        foreach (var (title, entries) in figures.Contests)
        {
            double? Ratio(string other) => figures.Ratio("ours", other, entries);
            yield return AtLeast($"uncached / best ordinary torchvision peer, {title}", 4, Ratio("torchvision-*"));
            yield return AtLeast($"uncached / hand-tuned PyTorch loop, {title}", 1.4, Ratio("handtuned"));
            yield return AtLeast($"uncached / decode-only limit, {title}", 0.9, Ratio("decode-only"), "");
        }
        double? Cached(string other) => figures.Ratio("ours-host", other);
        yield return AtLeast("host cache / textbook in memory (its better form)", 10, Cached("textbook-*"));
        yield return AtLeast("host cache / textbook in memory, hugetlb", 5, Cached("huge-textbook"));
        yield return AtLeast("host cache / limit of writing the batch", 0.6, Cached("write-*"), "");
        var workers = $"uncached, 1 -> {Environment.ProcessorCount} workers";
        yield return AtLeast(workers, 1.8, figures.Ratio("ours", "ours-1"));
        foreach (var cache in new[] { "uncached", "host cache" })
        {
            double? Steady(string name) => figures[cache].Median(name);
            yield return AtMost($"managed bytes a sample, {cache}", 1024, Steady("allocated_per_sample"), " B");
            var title = $"resident memory over 20 epochs, furthest from its median, {cache}";
            yield return AtMost(title, 2, 100 * Steady("resident_spread"), " %", $" ({Steady("resident_mb"):F0} MB)");
        }
        double? Wait(string name) => figures["uncached"].Median(name);
        var decode = 1000 * Job.UsualBatch / figures.Best("decode-only")?.Median;
        yield return AtMost(
            "time to the first batch of a new loader / decoding a batch", 2, Wait("first_ms") / decode, " x",
            $" ({Wait("first_ms"):F0} ms of {decode:F0} ms; {Wait("cold_first_ms"):F0} ms in a new process)");
        yield return AtMost(
            "wait of a step behind a slow consumer, 95th percentile", 2, Wait("wait_p95_ms"), " ms",
            $" (median {Wait("wait_ms"):0.##} ms; it sleeps {Wait("sleep_ms"):F0} ms)");
    }

    private static IEnumerable<Bar> OfGpu(Figures figures)
    {
        const string cache = "device cache";
        var (ops, floor) = (figures["device"], figures.DeviceFloor);
        var (batch, host, small) = (ops.Median("batch_ms"), ops.Median("host_ms"), ops.Median("host_small_ms"));
        var (rate, of) = (figures.Best("ours-device")?.Median / 1000, $" ({host:F3} of {small:F3} ms)");
        yield return AtMost($"{cache}: a batch / its floor", 3, batch / floor, " x", $" ({batch:F3} of {floor:F3} ms)");
        yield return AtMost($"{cache}: a batch, a bar for an H100", 0.25, batch, " ms");
        yield return AtLeast($"{cache}: throughput in the contest, a bar for an H100", 250, rate, " k images/s");
        yield return AtMost($"{cache}: the host's time for a batch of 64 / of 16", 1.5, host / small, " x", of);
        yield return AtMost($"{cache}: managed bytes a sample", 1024, ops.Median("allocated_per_sample"), " B");
        yield return AtLeast("uncached / decode-only limit", 0.9, figures.Ratio("ours", "decode-only"), "");
        foreach (var (name, percent) in new[] { (cache, 1), ("uncached", 5) })
        {
            double? Training(string figure) => figures[$"training, {name}"].Median(figure);
            yield return AtMost(
                $"{name}: wait for data in a training step", percent, 100 * Training("wait_share"), " %",
                $" (the host's part {100 * Training("host_wait_share"):0.##} %; " +
                $"{Training("steps"):F0} steps of {Training("step_ms"):F1} ms)");
        }
    }

    private static Bar AtLeast(string title, double bar, double? figure, string unit = " x") =>
        new(title, $">= {bar:0.0#}{unit}", figure is null ? null : $"{figure:F2}{unit}", figure >= bar);

    private static Bar AtMost(string title, double bar, double? figure, string unit, string detail = "") =>
        new(title, $"<= {bar:0.##}{unit}", figure is null ? null : $"{figure:0.##}{unit}{detail}", figure <= bar);
}
