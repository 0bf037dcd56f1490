namespace VocSeg.Torch.Tests.Soak;

/// <summary>A training that is killed at any moment, again and again, ends as one that was let alone.</summary>
public sealed class KilledTrainingTests
{
    // A checkpoint after every step is a megabyte for the disk with the head fcn8, and seven with fcn32.
    private static readonly Dictionary<string, string[]> Cases = new(StringComparer.Ordinal)
    {
        ["plain"] = ["--batch-size", "2", "--epochs", "25", "--head", "fcn8", "--workers", "2"],
        ["augmented, host cache"] =
        [
            "--batch-size", "4", "--epochs", "50", "--head", "fcn8", "--workers", "3", "--augment", "strong",
            "--cache", "host",
        ],
        ["disk cache, constant rate"] =
        [
            "--batch-size", "3", "--epochs", "40", "--head", "fcn8", "--workers", "2", "--augment", "basic",
            "--schedule", "constant", "--cache", "disk=CACHE",
        ],
        ["one worker, device cache"] =
        [
            "--batch-size", "1", "--epochs", "13", "--head", "fcn8", "--workers", "1", "--cache", "device",
            "--momentum", "0",
        ],
        ["crops, another head"] =
        [
            "--batch-size", "2", "--epochs", "25", "--evaluate", "crops", "--weight-decay", "0", "--tensorboard",
        ],
    };

    // The ordinary run kills 8 times, the long run 50 times.
    public static TheoryData<string> Names => [.. SoakTime.IsLong ? Cases.Keys : Cases.Keys.Take(2)];

    private static int Kills => SoakTime.IsLong ? 10 : 4;

    [Theory]
    [MemberData(nameof(Names))]
    public void A_training_that_is_killed_again_and_again_ends_with_the_same_weights(string name)
    {
        using var set = new TinySet(samples: 12);
        string[] Arguments(string folder) => [
            "--root", set.Root, "--out", set[folder], "--crop", "32x32", "--width", "4", "--seed", "7",
            "--gallery", "0", "--checkpoint-every", "1",
            .. Cases[name].Select(option => option.Replace("CACHE", set["cache"], StringComparison.Ordinal))];
        var whole = TrainingProcess.Run(Arguments("whole"));
        Assert.True(whole.ExitCode == 0, whole.Error);

        var checkpoint = Path.Combine(set["killed"], "last.checkpoint");
        var random = SoakTime.IsLong ? new Random() : new Random(name.Length);
        var (kills, amid) = (0, 0);
        for (; kills < Kills; kills++)
        {
            var isThere = File.Exists(checkpoint);
            var changed = isThere ? File.GetLastWriteTimeUtc(checkpoint) : DateTime.MinValue;
            string[] resume = isThere ? ["--resume"] : [];
            using var process = TrainingProcess.Start([.. Arguments("killed"), .. resume]);
            // Without a reader the pipe could fill up and stop it.
            process.OutputDataReceived += (_, _) => { };
            process.BeginOutputReadLine();
            bool HasChanged() => File.Exists(checkpoint) && File.GetLastWriteTimeUtc(checkpoint) > changed;
            // Three of four are killed while they train, the fourth perhaps before.
            var isEarly = kills % 4 == 3;
            SpinWait.SpinUntil(() => process.HasExited || isEarly || HasChanged(), 60_000);
            Thread.Sleep(random.Next(isEarly ? 2000 : 100));
            Assert.False(process.HasExited, $"the training was over after {kills} kills");
            process.Kill();
            process.WaitForExit();
            amid += HasChanged() ? 1 : 0;
            Assert.True(isEarly || HasChanged(), $"no step was made before kill {kills}");
        }
        var rest = TrainingProcess.Run([.. Arguments("killed"), "--resume"]);
        Assert.True(rest.ExitCode == 0, rest.Error);
        Assert.Contains("going on after step", rest.Output, StringComparison.Ordinal);
        // Weights, momentum, random numbers, the loader's place and the best result, to the last bit.
        Assert.Equal(File.ReadAllBytes(Path.Combine(set["whole"], "last.checkpoint")), File.ReadAllBytes(checkpoint));
        SoakTime.Tell($"killed trainings, {name}: {kills} kills, {amid} of them amid the steps");
    }
}
