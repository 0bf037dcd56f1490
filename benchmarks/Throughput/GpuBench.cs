using System.Diagnostics;
using Throughput.Contest;
using Throughput.Report;

namespace Throughput;

/// <summary>A whole run on a GPU: contestants in rounds, the device's share of a batch, trainings, report.</summary>
internal static class GpuBench
{
    /// <summary>As VOC's train split has: how many batches an epoch has counts where a batch takes a fraction of a millisecond.</summary>
    private const int Images = 1464;

    internal static int Run(BenchSettings settings)
    {
        var clock = Stopwatch.StartNew();
        var toolchain = Toolchain.Find(Repository.Folder);
        var all = GpuRoster.For(toolchain, settings.Device, Environment.ProcessorCount, settings.Quick);
        var roster = all.Where(contestant => settings.Wants(contestant.Name)).ToList();
        if (roster.Count == 0)
            throw new ArgumentException($"--only names no contestant; there are {string.Join(", ", all.Select(contestant => contestant.Name))}.");

        var root = PhotoSet.Chroma420.Generate(Images, $"-{Images}");
        Console.WriteLine($"{settings.Device}: {roster.Count} contestants, {settings.Rounds} rounds");
        var entries = Rounds.Run(roster, root, settings);
        var figures = settings.Only is null
            ? GpuFigures.Measure(settings.Device, entries, root, settings)
            : new(settings.Device, entries, null, null, null);

        var machine = GpuMachine.Describe(toolchain, entries);
        var text = GpuResultsText.Write(figures, machine, settings, clock.Elapsed);
        Console.WriteLine();
        Console.Write(text);
        // A try-out on a CPU leaves no results unless they are asked for.
        var target = settings.OnGpu ? settings.ResultsFile("RESULTS.gpu.md") : settings.Output;
        if (target is not null)
            File.WriteAllText(target, text);
        return 0;
    }
}
