using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;

namespace Throughput;

/// <summary>The report: machine, a table for each contest and for each measurement beside them, the bars.</summary>
internal static class Report
{
    internal static string Write(Figures figures, TimeSpan elapsed)
    {
        var (settings, text) = (figures.Settings, new StringBuilder("# Throughput\n\n"));
        var options = (settings.TryOut ? " --try-out" : "") + (settings.ForGpu ? $" --device {settings.Device}" : "");
        text.Append($"`./build.sh bench --rounds {settings.Rounds}{options}` on {DateTime.UtcNow:yyyy-MM-dd}, ")
            .Append($"{elapsed.TotalMinutes:F0} minutes{(settings.TryOut ? "; no figure here is a GPU's" : "")}.\n\n- ")
            .AppendJoin("\n- ", figures.Machine)
            .Append($"""


                Batches of 64 crops of 320x480, float32 images and int64 labels, on {settings.Device}. All contestants
                are alive at once; one works at a time, {settings.Rounds} rounds of at least {Settings.Seconds} s in
                whole epochs, each round beginning with another one; a turn ends when the device has done it. Images/s
                are medians with the least and the most. "Of the best peer" and "of the limit" are medians of the ratios
                within a round. Those that decode are held against the best Python that decodes and against decoding
                alone; those from memory against the best textbook and against writing the bytes of a batch, or on a GPU
                against the floors below; those that augment against Python that does. On a GPU a peer's turn has passes
                for 16 batches a worker, or 10 s. Memory is the peak of the process, or, with worker processes, the
                largest total of proportional sets seen between the turns.


                """);
        foreach (var (title, entries) in figures.Contests)
        {
            string[] head = ["images/s", "least - most", "ms a batch", "of the best peer", "of the limit", "memory"];
            Table(text, [title, .. head], entries.Select(entry => Row(entry, entries, figures)));
        }
        foreach (var (name, _, _) in Bench.Measurements(settings))
        {
            var measured = figures[name];
            Table(text, [name, "median", "least - most"], measured.Missing is { } reason
                ? [["", "-", $"not measured: {reason}"]]
                : measured.Names.Select(measured.Row));
        }
        Table(text, ["bar", "to reach", "figure", ""], Bar.Read(figures)
            .Select(bar => new[] { bar.Title, bar.Target, bar.Figure ?? "-", bar.Verdict }));
        return $"{text}".TrimEnd() + "\n";
    }

    internal static IEnumerable<string> Machine(Toolchain tools, Figures figures)
    {
        string[] query = ["nvidia-smi", "--query-gpu=name,memory.total,driver_version", "--format=csv,noheader"];
        if (figures.Settings.ForGpu)
            yield return Child.Run(query, Toolchain.Patience, out var gpu) is null ? gpu : "no nvidia-smi names a GPU";
        var model = Lines("/proc/cpuinfo").FirstOrDefault(it => it.StartsWith("model name", StringComparison.Ordinal));
        yield return $"{model?.Split(':')[1].Trim() ?? $"{RuntimeInformation.ProcessArchitecture}"}, " +
            $"{Environment.ProcessorCount} cores, {GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 30} GiB";
        var pages = Lines("/sys/kernel/mm/transparent_hugepage/enabled").FirstOrDefault()?.Split('[', ']')[1];
        yield return $"{RuntimeInformation.OSDescription}, transparent huge pages: {pages ?? "unknown"}";
        var backend = typeof(Report).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .FirstOrDefault(item => item.Key == "TorchBackend")?.Value;
        yield return $"{RuntimeInformation.FrameworkDescription}, libtorch {torch.__version__}, backend: {backend}";
        var about = figures.Contests.SelectMany(contest => contest.Entries).SelectMany(entry => entry.About)
            .DistinctBy(pair => pair.Key).ToDictionary();
        yield return $"{tools.Versions}; labels by {about.GetValueOrDefault("labels")}";
        yield return $"limits: libjpeg-turbo {about.GetValueOrDefault("jpeg")}, png {about.GetValueOrDefault("png")}";

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
            "ours-host" when forGpu => figures["device cache"].Median(DeviceOps.HostFloor) / milliseconds,
            "ours-device" => figures["device cache"].Median(DeviceOps.Floor) / milliseconds,
            _ => Best(Part.Limit) is { } other ? entry.RatioTo(other) : null,
        };
        var peer = contestant.Part.HasFlag(Part.Limit) ? null : Best(Part.Peer);
        return
        [
            contestant.Title, $"{entry.Median:F0}", $"{entry.Rates.Min():F0} - {entry.Rates.Max():F0}",
            $"{milliseconds:F3}", peer is null ? "-" : $"{entry.RatioTo(peer):F2}", limit is null ? "-" : $"{limit:F2}",
            entry.PeakMemory == 0 ? "-" : $"{entry.PeakMemory / 1e9:F1} GB",
        ];

        // On a GPU those from memory have no peers of their own. What augments has some, and the limits of all.
        Entry? Best(Part part) => entries.Where(other => other.Ran && other.Contestant.Part.HasFlag(part))
            .Where(other => ((other.Contestant.Part ^ contestant.Part)
                & ((forGpu ? 0 : Part.Memory) | (part == Part.Peer ? Part.Augment : 0))) == 0)
            .MaxBy(other => other.Median);
    }

    /// <summary>A table that is read well as plain text too.</summary>
    private static void Table(StringBuilder text, string[] head, IEnumerable<string[]> rows)
    {
        string[][] all = [head, .. rows];
        var widths = head.Select((_, column) => Math.Max(3, all.Max(row => row[column].Length))).ToArray();
        string[][] lines = [head, [.. widths.Select(width => new string('-', width))], .. all[1..]];
        foreach (var line in lines)
            text.Append("| ").AppendJoin(" | ", line.Select((cell, i) => cell.PadRight(widths[i]))).Append(" |\n");
        text.Append('\n');
    }
}
