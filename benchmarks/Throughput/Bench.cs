using Throughput.Contest;
using Throughput.Report;

namespace Throughput;

/// <summary>A whole run on the CPU: sets, contestants, rounds, report.</summary>
internal static class Bench
{
    private const int Images = 512;

    internal static int Run(BenchSettings settings)
    {
        var cores = Environment.ProcessorCount;
        var results = new List<(PhotoSet Set, IReadOnlyList<Entry> Entries)>();
        Steady? steady = null;
        var clock = System.Diagnostics.Stopwatch.StartNew();
        var toolchain = Toolchain.Find(Repository.Folder);

        foreach (var set in settings.Quick ? [PhotoSet.Chroma420] : Enum.GetValues<PhotoSet>())
        {
            var roster = Roster.For(set, toolchain, cores, settings.Quick)
                .Where(contestant => settings.Wants(contestant.Name))
                .ToList();
            if (roster.Count == 0)
                continue;
            var root = set.Generate(Images);
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
        if (settings.ResultsFile("RESULTS.md") is { } target)
            File.WriteAllText(target, text);
        return 0;
    }
}
