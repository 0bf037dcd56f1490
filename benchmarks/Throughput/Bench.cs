using SyntheticVoc;

namespace Throughput;

/// <summary>What the command line asks for.</summary>
/// <param name="Device">cpu, cuda or cuda:N: where batches are made.</param>
/// <param name="TryOut">Whether a GPU's contestants run on the CPU: to see that they work, not for their figures.</param>
internal sealed record Settings(string Device, bool TryOut = false)
{
    /// <summary>The least time of a turn.</summary>
    internal const double Seconds = 2;

    private readonly int rounds = 5;

    /// <summary>Turns of every contestant.</summary>
    internal int Rounds { get => Quick ? Math.Min(2, rounds) : rounds; init => rounds = Math.Max(1, value); }

    internal bool Quick { get; init; }

    /// <summary>Names of contestants; none for all.</summary>
    internal IReadOnlyList<string> Only { get; init; } = [];

    internal string? Output { get; init; }

    internal bool OnGpu => Device != "cpu";

    /// <summary>Whether contestants, measurements and bars are those of a GPU.</summary>
    internal bool ForGpu => OnGpu || TryOut;

    /// <summary>The report's file; null for none.</summary>
    internal string? ResultsFile => Output ?? (Quick || TryOut || Only.Count > 0
        ? null
        : Path.Combine(Toolchain.Home, "benchmarks", OnGpu ? "RESULTS.gpu.md" : "RESULTS.md"));
}

/// <summary>A whole run: contestants in rounds, what is measured beside them, report.</summary>
internal static class Bench
{
    internal static int Run(Settings settings)
    {
        var tools = Toolchain.Find();
        var all = Roster.For(settings, tools);
        var roster = all.Where(one => settings.Only.Count == 0 || settings.Only.Contains(one.Name)).ToList();
        if (roster.Count == 0)
            throw new ArgumentException($"--only names none of {string.Join(", ", all.Select(one => one.Name))}.");

        var figures = new Figures(settings);
        var clock = Stopwatch.StartNew();
        // As many as VOC's train split has where a batch takes a fraction of a millisecond: there an epoch's begin counts.
        var (root, _) = Contest("4:2:0", settings.ForGpu ? 1464 : 512, ChromaSubsampling.Chroma420, roster);
        if (!settings.ForGpu && !settings.Quick)
            // What stays in memory is the same there for both sets.
            Contest("4:4:4", 512, ChromaSubsampling.Chroma444, [.. roster.Where(one => !one.Is(Part.Memory))]);
        figures.Machine = [.. Machine.Describe(tools, figures)];
        var text = Write();
        foreach (var (name, child, patience, arguments) in settings.Only.Count > 0 ? [] : Measurements(settings))
        {
            figures.Measured[name] = Measurement.OfChild(
                name, [.. Toolchain.Self, child, "--root", root, "--device", settings.Device, .. arguments], patience);
            // Again each time: on a lent machine a run may be cut off.
            text = Write();
        }
        Console.Write($"\n{text}");
        return 0;

        (string Root, bool) Contest(string chroma, int images, ChromaSubsampling subsampling, List<Contestant> those)
        {
            var folder = Path.Combine(Toolchain.Home, "data", "bench", $"voc-{chroma.Replace(":", "")}-{images}");
            Console.WriteLine($"{chroma}: {images} images in {folder}; {those.Count} contestants, {settings.Rounds} rounds");
            var made = SyntheticVocGenerator.Generate(folder, new() { Train = images, Val = 0, Subsampling = subsampling });
            if (those.Count > 0)
                figures.Contests.Add(($"{chroma} images", Rounds.Run(those, made, settings)));
            return (made, true);
        }

        string Write()
        {
            figures.Elapsed = clock.Elapsed;
            var report = Report.Write(figures);
            if (settings.ResultsFile is { } file)
                File.WriteAllText(file, report);
            return report;
        }
    }

    private static IEnumerable<(string Name, string Child, TimeSpan Patience, string[] Arguments)> Measurements(Settings settings)
    {
        if (!settings.ForGpu)
        {
            // Twenty epochs, on whatever machine.
            var patience = TimeSpan.FromMinutes(15);
            yield return ("steadiness, uncached", "steadiness", patience, ["--cache", "none"]);
            if (!settings.Quick)
                yield return ("steadiness, host cache", "steadiness", patience, ["--cache", "host"]);
            yield break;
        }
        // A lent machine's time is short.
        var minutes = TimeSpan.FromMinutes(2);
        var repeats = settings.Quick ? "3" : "9";
        string[] training = settings.OnGpu ? ["--repeats", settings.Quick ? "34" : "102"] : ["--repeats", "3", "--batch", "8"];
        yield return ("device", "device-ops", minutes, ["--cache", "device", "--repeats", repeats]);
        yield return ("kernels", "kernels", minutes, ["--repeats", repeats]);
        yield return ("training, uncached", "training", minutes, ["--cache", "none", .. training]);
        yield return ("training, device cache", "training", minutes, ["--cache", "device", .. training]);
    }
}
