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
    internal static IEnumerable<Bar> Read(Figures figures) => figures.Settings.ForGpu ? ForGpu(figures) : ForCpu(figures);

    private static IEnumerable<Bar> ForCpu(Figures figures)
    {
        foreach (var (title, entries) in figures.Contests)
        {
            yield return AtLeast($"uncached / best ordinary torchvision peer, {title}", 4, Ratio("torchvision-*"));
            yield return AtLeast($"uncached / hand-tuned PyTorch loop, {title}", 1.4, Ratio("handtuned"));
            yield return AtLeast($"uncached / decode-only limit, {title}", 0.9, Ratio("decode-only"), "");

            double? Ratio(string other) => figures.Ratio("ours", other, entries);
        }
        yield return AtLeast("host cache / textbook in memory (its better form)", 10, figures.Ratio("ours-host", "textbook-*"));
        yield return AtLeast("host cache / textbook in memory, hugetlb", 5, figures.Ratio("ours-host", "huge-textbook"));
        yield return AtLeast("host cache / limit of writing the batch", 0.6, figures.Ratio("ours-host", "write-*"), "");
        yield return AtLeast($"uncached, 1 -> {Environment.ProcessorCount} workers", 1.8, figures.Ratio("ours", "ours-1"));
        foreach (var cache in new[] { "uncached", "host cache" })
        {
            var steady = figures[$"steadiness, {cache}"];
            yield return AtMost($"managed bytes a sample, {cache}", 1024, steady.Median("allocated_per_sample"), " B");
            yield return AtMost(
                $"resident memory over 20 epochs, furthest from its median, {cache}", 2,
                100 * steady.Median("resident_spread"), " %", $" ({steady.Median("resident_mb"):F0} MB)");
        }
        var waits = figures["steadiness, uncached"];
        var (first, decode) = (waits.Median("first_ms"), 1000 * Job.UsualBatchSize / figures.Best("decode-only")?.Median);
        yield return AtMost(
            "time to the first batch of a new loader / decoding a batch", 2, first / decode, " x",
            $" ({first:F0} ms of {decode:F0} ms; {waits.Median("cold_first_ms"):F0} ms in a new process)");
        yield return AtMost(
            "wait of a step behind a slow consumer, 95th percentile", 2, waits.Median("wait_p95_ms"), " ms",
            $" (median {waits.Median("wait_ms"):0.##} ms; it sleeps {waits.Median("sleep_ms"):F0} ms)");
    }

    private static IEnumerable<Bar> ForGpu(Figures figures)
    {
        var (ops, floor) = (figures["device"], figures.DeviceFloor);
        var (batch, host, small) = (ops.Median("batch_ms"), ops.Median("host_ms"), ops.Median("host_small_ms"));
        const string cache = "device cache";
        yield return AtMost(
            $"{cache}: a batch / its memory floor", 3, batch / floor, " x", $" ({batch:F3} ms of {floor:F3} ms)");
        yield return AtMost($"{cache}: a batch, a bar for an H100", 0.25, batch, " ms");
        yield return AtLeast(
            $"{cache}: throughput in the contest, a bar for an H100", 250, figures.Best("ours-device")?.Median / 1000,
            " k images/s");
        yield return AtMost(
            $"{cache}: the host's time for a batch of 64 / of 16", 1.5, host / small, " x", $" ({host:F3} ms of {small:F3} ms)");
        yield return AtMost($"{cache}: managed bytes a sample", 1024, ops.Median("allocated_per_sample"), " B");
        yield return AtLeast("uncached / decode-only limit", 0.9, figures.Ratio("ours", "decode-only"), "");
        foreach (var (name, percent) in new[] { (cache, 1), ("uncached", 5) })
        {
            var training = figures[$"training, {name}"];
            yield return AtMost(
                $"{name}: wait for data in a training step", percent, 100 * training.Median("wait_share"), " %",
                $" (the host's part {100 * training.Median("host_wait_share"):0.##} %; " +
                $"{training.Median("steps"):F0} steps of {training.Median("step_ms"):F1} ms)");
        }
    }

    private static Bar AtLeast(string title, double bar, double? figure, string unit = " x") =>
        new(title, $">= {bar:0.0#}{unit}", figure is { } value ? $"{value:F2}{unit}" : null, figure >= bar);

    private static Bar AtMost(string title, double bar, double? figure, string unit, string detail = "") =>
        new(title, $"<= {bar:0.##}{unit}", figure is { } value ? $"{value:0.##}{unit}{detail}" : null, figure <= bar);
}
