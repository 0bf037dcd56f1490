using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;

namespace Throughput;

/// <summary>The report: machine, a table for each contest, what is measured beside them, the bars.</summary>
internal static class Report
{
    internal static string Write(Figures figures, TimeSpan elapsed)
    {
        var (settings, text) = (figures.Settings, new StringBuilder("# Throughput\n\n"));
        var options = (settings.TryOut ? " --try-out" : "") + (settings.ForGpu ? $" --device {settings.Device}" : "");
        text.Append($"`./build.sh bench --rounds {settings.Rounds}{options}` on {DateTime.UtcNow:yyyy-MM-dd}, ")
            .Append($"{elapsed.TotalMinutes:F0} minutes.{(settings.TryOut ? " **No figure here is a GPU's.**" : "")}\n\n- ")
            .AppendJoin("\n- ", figures.Machine)
            .Append($"""


                Batches of 64 crops of 320x480, float32 images and int64 labels, on {settings.Device}. All contestants are alive
                at once; one works at a time, {settings.Rounds} rounds of at least {Settings.Seconds} s in whole epochs, each
                round beginning with another one; a turn ends when the device has done it. Images/s are medians with the
                least and the most. "Of the best peer" and "of the limit" are medians of the ratios within a round. Those
                that decode are held against the best Python that decodes and against decoding alone; those from memory
                against the best textbook and against writing the bytes of a batch, or on a GPU against the copy of the
                crops from pinned memory (host cache) and the device's memory (device cache). There a peer's turn has
                passes enough for 16 batches a worker, or 10 s. Memory is the peak of the process, or, with worker
                processes, the largest total of proportional sets that was seen between the measured turns.


                """);
        foreach (var (title, entries) in figures.Contests)
        {
            string[] head = ["images/s", "least - most", "ms a batch", "of the best peer", "of the limit", "memory"];
            Table(text, [title, .. head], entries.Select(entry => Row(entry, entries, figures)));
        }
        if (settings.ForGpu)
            Device(text, figures);
        Table(text.Append("## Bars\n\n"), ["", "bar", "figure", ""], Bar.Read(figures)
            .Select(bar => new[] { bar.Title, bar.Target, bar.Figure ?? "-", bar.Verdict }));
        return $"{text}".TrimEnd() + "\n";
    }

    /// <summary>What the figures were taken on.</summary>
    internal static IEnumerable<string> Machine(Toolchain tools, Figures figures)
    {
        string[] query = ["nvidia-smi", "--query-gpu=name,memory.total,driver_version", "--format=csv,noheader"];
        if (figures.Settings.ForGpu)
            yield return Toolchain.Said(query, out var gpu) is null ? $"{gpu} (memory, driver)" : "no nvidia-smi";
        var processor = Lines("/proc/cpuinfo").FirstOrDefault(it => it.StartsWith("model name", StringComparison.Ordinal));
        yield return $"{processor?.Split(':')[1].Trim() ?? $"{RuntimeInformation.ProcessArchitecture}"}, " +
            $"{Environment.ProcessorCount} cores, {GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 30} GiB";
        var pages = Lines("/sys/kernel/mm/transparent_hugepage/enabled").FirstOrDefault()?.Split('[', ']')[1];
        yield return $"{RuntimeInformation.OSDescription}, transparent huge pages: {pages ?? "unknown"}";
        var backend = typeof(Report).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .FirstOrDefault(item => item.Key == "TorchBackend")?.Value;
        yield return $"{RuntimeInformation.FrameworkDescription}, libtorch {torch.__version__}, backend: {backend}";
        var about = figures.Contests.SelectMany(contest => contest.Entries).SelectMany(entry => entry.About)
            .DistinctBy(pair => pair.Key).ToDictionary();
        yield return $"{tools.Versions}; labels by {about.GetValueOrDefault("labels")}";
        yield return $"limits: libjpeg-turbo {about.GetValueOrDefault("jpeg")}, libpng {about.GetValueOrDefault("png")}";

        static string[] Lines(string path) => File.Exists(path) ? File.ReadAllLines(path) : [];
    }

    private static string[] Row(Entry entry, IReadOnlyList<Entry> entries, Figures figures)
    {
        var (contestant, forGpu) = (entry.Contestant, figures.Settings.ForGpu);
        if (!entry.Ran)
            return [contestant.Title, "-", $"left out: {entry.Failure}", "", "", "", ""];
        var milliseconds = 1000 * Job.UsualBatch / entry.Median;
        var limit = contestant.Name switch
        {
            "ours-host" when forGpu => figures.HostFloor / milliseconds,
            "ours-device" => figures.DeviceFloor / milliseconds,
            _ => Best(Part.Limit) is { } other ? entry.RatioTo(other) : null,
        };
        var peer = contestant.Part.HasFlag(Part.Limit) ? null : Best(Part.Peer);
        return
        [
            contestant.Title, $"{entry.Median:F0}", $"{entry.Rates.Min():F0} - {entry.Rates.Max():F0}",
            Time(milliseconds), peer is null ? "-" : $"{entry.RatioTo(peer):F2}", limit is null ? "-" : $"{limit:F2}",
            entry.PeakMemory == 0 ? "-" : $"{entry.PeakMemory / 1e9:F1} GB",
        ];

        // On a GPU those from memory have no peers of their own.
        Entry? Best(Part part) => entries
            .Where(other => other.Ran && other.Contestant.Part.HasFlag(part))
            .Where(other => forGpu || (other.Contestant.Part & Part.Memory) == (contestant.Part & Part.Memory))
            .MaxBy(other => other.Median);
    }

    private static void Device(StringBuilder text, Figures figures)
    {
        var (ops, floor, kernels) = (figures["device"], figures.DeviceFloor, figures["kernels"]);
        text.Append("## A batch's share of the device\n\n");
        string[] head = ["", "ms a batch", "least - most", "of the floor"];
        Table(text, head, ops.Missing is { } reason ? [["", "-", $"not measured: {reason}", "-"]] :
        [
            Floor("the device's memory", "device_bytes_per_s", Figures.DeviceBytes, "4 bytes a pixel read, 20 written"),
            Measured("device cache, 200 batches between two synchronizes", "batch_ms", floor),
            Measured("device cache, queued behind other work: the device alone", "device_ms", floor),
            Measured("the host alone: until it is queued, batches of 64", "host_ms"),
            Measured("the host alone: the same, as many batches of 16 an epoch", "host_small_ms"),
            Floor("from pinned memory", "host_bytes_per_s", Figures.HostBytes, "4 bytes a pixel"),
        ]);

        text.Append("""
            ## Kernels of a device-cache batch, and other ways

            The device's time alone, queued behind other work. Predicted for an H100 by the rules of docs/performance.md. A way
            whose result differs from the present one's by more than 1e-6 has no time.


            """);
        head = ["", "MB", "predicted ms", "ms", "least - most", "GB/s"];
        Table(text, head, kernels.Missing is { } why ? [["", "-", "-", "-", $"not measured: {why}", "-"]] : kernels.Names.Select(name =>
        {
            var cells = name.Split(" | ");
            var rate = kernels.Median(name) is > 0 and var time ? $"{double.Parse(cells[1]) / time:F0}" : "-";
            return (string[])[.. cells, Time(kernels.Median(name)), Span(kernels, name), rate];
        }));

        var (cached, uncached) = (figures["training, device cache"], figures["training, uncached"]);
        Table(
            text.Append("## Training\n\n"), ["", "steps", "ms a step", "waited for data", "the host's part"],
            [Training("from the device cache", cached), Training("uncached", uncached)]);
        if (uncached.Median("step_ms") - cached.Median("step_ms") is { } difference)
            text.Append($"""
                Uncached a step takes **{difference:F2} ms** more than from the device cache. No wait shows all of that: the copy and
                the kernels of the next batch run beside the step, and what they take from it counts as its own time.


                """);

        string[] Floor(string title, string rate, double bytes, string per)
        {
            var (speed, range) = (ops.Median(rate), ops.Range(rate));
            var what = $"floor: {title}, {bytes / 1e6:F1} MB ({per}) at {speed / 1e9:F1} GB/s";
            return [what, Time(1000 * bytes / speed), $"{Time(1000 * bytes / range?.Most)} - {Time(1000 * bytes / range?.Least)}", "-"];
        }

        string[] Measured(string title, string name, double? of = null) =>
            [title, Time(ops.Median(name)), Span(ops, name), of is null ? "-" : $"{ops.Median(name) / of:F2} x"];

        static string[] Training(string title, Measurement it) => it.Missing is { } reason
            ? [title, "-", $"not measured: {reason}", "-", "-"]
            :
            [
                title, $"{it.Median("steps"):F0}", Time(it.Median("step_ms")),
                $"{100 * it.Median("wait_share"):0.##} %", $"{100 * it.Median("host_wait_share"):0.##} %",
            ];
    }

    private static string Span(Measurement measured, string name) =>
        measured.Range(name) is { } range ? $"{Time(range.Least)} - {Time(range.Most)}" : "-";

    private static string Time(double? milliseconds) => milliseconds is > 0 ? $"{milliseconds:F3}" : "-";

    /// <summary>A table that is read well as plain text too.</summary>
    private static void Table(StringBuilder text, string[] head, IEnumerable<string[]> rows)
    {
        string[][] all = [head, .. rows];
        var widths = head.Select((_, column) => Math.Max(3, all.Max(row => row[column].Length))).ToArray();
        string[][] lines = [head, [.. widths.Select(width => new string('-', width))], .. all[1..]];
        foreach (var line in lines)
            text.Append("| ").AppendJoin(" | ", line.Select((cell, column) => cell.PadRight(widths[column]))).Append(" |\n");
        text.Append('\n');
    }
}
