using SyntheticVoc;
using Throughput.Contest;
using Throughput.Report;

namespace Throughput;

/// <summary>A whole run: sets, contestants, rounds, report.</summary>
internal static class Bench
{
    private const int Images = 512;

    internal static int Run(BenchSettings settings)
    {
        var folder = Repository.Folder;
        var cores = Environment.ProcessorCount;
        var results = new List<(PhotoSet Set, IReadOnlyList<Entry> Entries)>();
        Steady? steady = null;
        var clock = System.Diagnostics.Stopwatch.StartNew();
        var toolchain = Toolchain.Find(folder);

        foreach (var set in settings.Quick ? [PhotoSet.Chroma420] : Enum.GetValues<PhotoSet>())
        {
            var roster = Roster.For(set, toolchain, cores, settings.Quick)
                .Where(contestant => settings.Only is null || settings.Only.Contains(contestant.Name, StringComparer.Ordinal))
                .ToList();
            if (roster.Count == 0)
                continue;
            var root = Generate(Path.Combine(folder, "data", "bench"), set);
            Console.WriteLine($"{set.Title()}: {roster.Count} contestants, {settings.Rounds} rounds");
            results.Add((set, Rounds.Run(roster, root, settings)));
            if (set == PhotoSet.Chroma420 && settings.Only is null)
                steady = Steady.Measure(root, settings.Quick);
        }
        if (results.Count == 0)
            throw new ArgumentException($"--only names no contestant; there are {string.Join(", ", Roster.For(PhotoSet.Chroma420, toolchain, cores, quick: false).Select(c => c.Name))}.");

        var text = ResultsText.Write(results, Bars.Read(results, steady), Machine.Describe(toolchain, results), settings, clock.Elapsed);
        Console.WriteLine();
        Console.Write(text);
        var target = settings.Output ?? (settings.Quick || settings.Only is not null ? null : Path.Combine(folder, "benchmarks", "RESULTS.md"));
        if (target is not null)
            File.WriteAllText(target, text);
        return 0;
    }

    private static string Generate(string folder, PhotoSet set)
    {
        var options = new SyntheticVocOptions
        {
            Train = Images,
            Val = 0,
            Subsampling = set == PhotoSet.Chroma420 ? ChromaSubsampling.Chroma420 : ChromaSubsampling.Chroma444,
        };
        Console.WriteLine($"{set.Title()}: {Images} images in data/bench/{set.Folder()}");
        return SyntheticVocGenerator.Generate(Path.Combine(folder, set.Folder()), options);
    }
}
