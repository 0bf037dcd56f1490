using System.Globalization;
using System.Text.RegularExpressions;

namespace VocSeg.Torch.Tests.Examples;

/// <summary>DataParallel under Open MPI's launcher, and alone.</summary>
public sealed class DataParallelTests
{
    private const int Steps = 50;

    // What a launcher may have set for the tests themselves.
    private static readonly (string, string?)[] Alone =
    [
        ("OMP_NUM_THREADS", "1"), ("TERM", "dumb"), ("RANK", null), ("WORLD_SIZE", null), ("SLURM_PROCID", null),
        ("SLURM_NTASKS", null), ("OMPI_COMM_WORLD_RANK", null), ("OMPI_COMM_WORLD_SIZE", null),
    ];

    [Fact]
    public void Two_processes_have_the_loss_curve_of_one_and_end_with_the_same_weights()
    {
        var launcher = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Select(folder => Path.Combine(folder, "mpirun"))
            .FirstOrDefault(File.Exists);
        Assert.SkipWhen(launcher is null, "mpirun is not there; install openmpi-bin (Debian's name)");
        using var folder = new TempFolder();
        using var alone = ChildProcess.StartExample("DataParallel", [folder["set"], $"{Steps}"], Alone);
        var (expected, one) = Read(ChildProcess.Finish(alone));
        Assert.Equal(1, one);
        Assert.InRange(expected[^1], 0, 0.5 * expected[0]);

        using var both = ChildProcess.Start(
            launcher,
            [
                "--allow-run-as-root", "--oversubscribe", "--bind-to", "none", "-n", "2",
                .. alone.StartInfo.ArgumentList.Prepend(alone.StartInfo.FileName),
            ],
            Alone);
        // That both have the same weights the example sees for itself, and fails where they do not.
        var (actual, two) = Read(ChildProcess.Finish(both));
        Assert.Equal(2, two);
        Assert.All(
            expected.Zip(actual), pair => Assert.InRange(Math.Abs(pair.First - pair.Second) / pair.First, 0, 1e-4));
    }

    private static (double[] Losses, int Ranks) Read((int ExitCode, string Output, string Error) ended)
    {
        Assert.True(ended.ExitCode == 0, ended.Output + ended.Error);
        var found = Regex.Matches(
            ended.Output, @"step (?<step>\d+): loss (?<loss>\d+\.\d+)", RegexOptions.None, Patience);
        Assert.Equal(Enumerable.Range(1, Steps), found.Select(step => int.Parse(step.Groups["step"].Value)));
        var ranks = Regex.Match(
            ended.Output, @"weights [0-9a-f]{8} on (?<ranks>\d+) ranks", RegexOptions.None, Patience);
        return (
            [.. found.Select(step => double.Parse(step.Groups["loss"].Value, CultureInfo.InvariantCulture))],
            int.Parse(ranks.Groups["ranks"].Value));
    }

    private static TimeSpan Patience => TimeSpan.FromSeconds(5);
}
