using System.Diagnostics;
using Throughput.Contest;
using Throughput.Report;

namespace Throughput;

/// <summary>A whole run on a GPU: contestants in rounds, the device's share of a batch, its kernels, trainings, report.</summary>
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
        var machine = GpuMachine.Describe(toolchain, entries);

        var contest = new GpuFigures(settings.Device, entries, settings.Only is null ? "the run did not come to it" : "--only is for contestants");
        var text = Write(contest);
        // Again after each measurement: on a lent machine a run may be cut off.
        foreach (var figures in settings.Only is null ? contest.Measure(root, settings) : [])
            text = Write(figures);
        Console.WriteLine();
        Console.Write(text);
        return 0;

        string Write(GpuFigures figures)
        {
            var report = GpuResultsText.Write(figures, machine, settings, clock.Elapsed);
            // A try-out on a CPU leaves no results unless they are asked for.
            if ((settings.OnGpu ? settings.ResultsFile("RESULTS.gpu.md") : settings.Output) is { } target)
                File.WriteAllText(target, report);
            return report;
        }
    }
}
