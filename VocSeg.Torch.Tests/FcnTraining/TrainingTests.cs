using System.Globalization;
using System.Text.Json;

namespace VocSeg.Torch.Tests.FcnTraining;

public sealed class TrainingTests
{
    [Fact]
    public void Eight_samples_are_learned_by_heart_and_shown()
    {
        using var set = new TinySet();
        var run = TrainingProcess.Run(
            "--root", set.Root, "--out", set["out"], "--crop", "40x48", "--batch-size", "4", "--epochs", "40",
            "--lr", "0.05", "--width", "8", "--head", "fcn8",
            "--seed", "1", "--workers", "1", "--cache", "host", "--gallery", "2", "--tensorboard");
        Assert.Equal(("", 0), (run.Error, run.ExitCode));
        Assert.Contains(
            "8 of 8 training and 3 of 3 validation samples, fcn8, width 8, 21 classes, seed 1",
            run.Output,
            StringComparison.Ordinal);
        Assert.Matches(@"loss \d\.\d\d -> 0\.\d\d", run.Output);
        Assert.Matches(@"validation accuracy [01]\.\d+ \(all background 0\.\d+\)", run.Output);
        var gallery = Path.Combine(set["out"], "predictions", "gallery.html");
        Assert.Contains($"gallery: {gallery}", run.Output, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(set["out"], "predictions", "s01.png")));
        Assert.NotEmpty(Directory.GetFiles(Path.Combine(set["out"], "tensorboard"), "events.out.tfevents.*"));

        var metrics = Path.Combine(set["out"], "metrics.jsonl");
        var lines = File.ReadLines(metrics).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal(80, lines.Max(line => line.GetProperty("step").GetInt64()));
        var last = lines.Last(line => line.TryGetProperty("loss", out _));
        Assert.InRange(last.GetProperty("accuracy").GetDouble(), 0.95, 1);
        Assert.Equal(40, lines.Count(line => line.TryGetProperty("meanIoU", out _)));

        // What a training has found is not lost to another one.
        var again = TrainingProcess.Run("--root", set.Root, "--out", set["out"], "--crop", "40x48", "--width", "8");
        Assert.Equal(2, again.ExitCode);
        Assert.Contains("--resume", again.Error, StringComparison.Ordinal);
        Assert.Equal(lines.Count, File.ReadLines(metrics).Count());
        var reseeded = TrainingProcess.Run("--root", set.Root, "--out", set["out"], "--resume", "--seed", "2");
        Assert.Equal(2, reseeded.ExitCode);
        Assert.Contains("has the seed 1", reseeded.Error, StringComparison.Ordinal);

        // All masks, and the first samples in the gallery.
        string[] trained = ["--root", set.Root, "--out", set["out"]];
        var shown = TrainingProcess.Run([.. trained, "--predict", "train", "--gallery", "3"]);
        Assert.Equal(("", 0), (shown.Error, shown.ExitCode));
        Assert.Equal(8, Directory.GetFiles(Path.Combine(set["out"], "predictions"), "*.png").Length);
        Assert.Equal(3, File.ReadAllText(gallery).Split("<article").Length - 1);

        // An image without a label, of another size than the crops.
        var image = Path.Combine(set.Root, "JPEGImages", "s05.jpg");
        var predicted = TrainingProcess.Run([.. trained, "--predict", image]);
        Assert.Equal(("", 0), (predicted.Error, predicted.ExitCode));
        Assert.True(File.Exists(Path.Combine(set["out"], "predictions", "s05.png")));
    }

    [Fact]
    public void A_training_that_is_killed_and_goes_on_ends_with_the_same_weights()
    {
        using var set = new TinySet(samples: 12);
        string[] Arguments(string folder) => [
            "--root", set.Root, "--out", set[folder], "--crop", "32x32", "--batch-size", "2", "--epochs", "25",
            "--width", "4", "--seed", "7", "--workers", "2", "--gallery", "0", "--checkpoint-every", "1"];
        var whole = TrainingProcess.Run(Arguments("whole"));
        Assert.Equal(("", 0), (whole.Error, whole.ExitCode));

        var checkpoint = Path.Combine(set["killed"], "last.checkpoint");
        var random = new Random();
        var kills = 0;
        for (var attempt = 0; attempt < 2; attempt++)
        {
            var changed = File.Exists(checkpoint) ? File.GetLastWriteTimeUtc(checkpoint) : DateTime.MinValue;
            string[] resume = attempt > 0 ? ["--resume"] : [];
            using var process = TrainingProcess.Start([.. Arguments("killed"), .. resume]);
            // Without a reader the pipe could fill up and stop it.
            process.OutputDataReceived += (_, _) => { };
            process.BeginOutputReadLine();
            bool HasChanged() => File.Exists(checkpoint) && File.GetLastWriteTimeUtc(checkpoint) > changed;
            SpinWait.SpinUntil(() => process.HasExited || HasChanged(), 60_000);
            Thread.Sleep(random.Next(400));
            kills += process.HasExited ? 0 : 1;
            process.Kill();
            process.WaitForExit();
        }
        var rest = TrainingProcess.Run([.. Arguments("killed"), "--resume"]);
        Assert.Equal(("", 0), (rest.Error, rest.ExitCode));
        Assert.True(kills > 0, "the training was over before it could be killed");
        Assert.Contains("going on after step", rest.Output, StringComparison.Ordinal);
        Assert.Equal(File.ReadAllBytes(Path.Combine(set["whole"], "last.checkpoint")), File.ReadAllBytes(checkpoint));
    }

    [Fact]
    public void A_training_that_is_stopped_saves_the_batch_it_is_at()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "no signals there");
        using var set = new TinySet(samples: 12);
        string[] Arguments(string folder) => [
            "--root", set.Root, "--out", set[folder], "--crop", "32x32", "--batch-size", "1", "--epochs", "12",
            "--width", "4", "--seed", "7", "--workers", "2", "--gallery", "0", "--log-every", "1"];
        var whole = TrainingProcess.Run(Arguments("whole"));
        using (var process = TrainingProcess.Start(Arguments("stopped")))
        {
            // The first step of the first epoch, so that there is no checkpoint of an epoch yet or hardly one.
            while (process.StandardOutput.ReadLine() is { } line && !line.Contains("step 1 ", StringComparison.Ordinal))
            {
            }
            var id = process.Id.ToString(CultureInfo.InvariantCulture);
            using (var signal = System.Diagnostics.Process.Start("kill", ["-TERM", id]))
                signal.WaitForExit();
            Assert.Equal(130, ChildProcess.Finish(process).ExitCode);
        }
        var rest = TrainingProcess.Run([.. Arguments("stopped"), "--resume"]);
        Assert.Equal(("", 0), (rest.Error, rest.ExitCode));
        byte[] Checkpoint(string folder) => File.ReadAllBytes(Path.Combine(set[folder], "last.checkpoint"));
        Assert.Equal(Checkpoint("whole"), Checkpoint("stopped"));
        // Every step is told once, in order, as if nothing had happened.
        var steps = File.ReadLines(Path.Combine(set["stopped"], "metrics.jsonl"))
            .Where(line => line.Contains("\"loss\"", StringComparison.Ordinal))
            .Select(line => JsonDocument.Parse(line).RootElement.GetProperty("step").GetInt64());
        Assert.Equal(Enumerable.Range(1, 144).Select(step => (long)step), steps);
    }

    [Fact]
    public void The_textbooks_recipe_prints_its_three_numbers()
    {
        using var set = new TinySet();
        var run = TrainingProcess.Run(
            "--root", set.Root, "--out", set["out"], "--textbook", "--crop", "32x32", "--batch-size", "4",
            "--epochs", "1", "--width", "4", "--gallery", "0");
        Assert.Equal(("", 0), (run.Error, run.ExitCode));
        const string Chapter = @"the chapter, with pretrained weights: loss 0\.449, train acc 0\.861, test acc 0\.852";
        Assert.Matches(@"textbook: loss \d+\.\d{3}, train acc 0\.\d{3}, test acc 0\.\d{3}; " + Chapter, run.Output);
    }

    [Fact]
    public void A_batch_that_is_ignored_as_a_whole_counts_for_nothing()
    {
        using var tree = new VocTree().Add("a", 32, 32).Add("b", 32, 32, (_, _) => new(224, 224, 192)).Add("c", 32, 32);
        tree.WriteList("val", ["a"]);
        var output = Path.Combine(tree.Parent, "out");
        var run = TrainingProcess.Run(
            "--root", tree.Root, "--out", output, "--crop", "32x32", "--batch-size", "1", "--epochs", "4",
            "--width", "4", "--seed", "1", "--log-every", "1", "--gallery", "0");
        Assert.Equal(("", 0), (run.Error, run.ExitCode));
        var losses = File.ReadLines(Path.Combine(output, "metrics.jsonl"))
            .Select(line => JsonDocument.Parse(line).RootElement)
            .Where(line => line.TryGetProperty("loss", out _))
            .GroupBy(line => line.GetProperty("epoch").GetInt64(), line => line.GetProperty("loss").GetDouble())
            .Select(epoch => epoch.ToArray())
            .ToList();
        Assert.Equal(4, losses.Count);
        // The mean stays where it was when the batch comes; as the first of its epoch it is a mean of none, 0.
        Assert.All(losses, epoch => Assert.Contains(epoch.Prepend(0).Zip(epoch), pair => pair.First == pair.Second));
        Assert.All(losses, epoch => Assert.InRange(epoch[^1], 0.01, 100));
    }

    [Fact]
    public void Another_label_folder_is_trained_on_and_shown()
    {
        using var set = new TinySet();
        Directory.Move(Path.Combine(set.Root, "SegmentationClass"), Path.Combine(set.Root, "Own"));
        var run = TrainingProcess.Run(
            "--root", set.Root, "--labels", "Own", "--out", set["out"], "--crop", "32x32", "--batch-size", "4",
            "--epochs", "1", "--width", "4");
        Assert.Equal(("", 0), (run.Error, run.ExitCode));
        Assert.True(File.Exists(Path.Combine(set["out"], "predictions", "gallery.html")));
    }

    [Theory]
    [InlineData("--resume", null, "there is no checkpoint")]
    [InlineData("--weights", "absent.safetensors", "absent.safetensors")]
    [InlineData("--weights", "absent.pth", "absent.pth")]
    [InlineData("--val-split", "absent", "absent")]
    public void What_cannot_begin_gives_one_line_and_exit_code_2(string option, string? value, string named)
    {
        using var set = new TinySet(samples: 2);
        string[] arguments = [
            "--root", set.Root, "--out", set["out"], "--crop", "32x32", "--batch-size", "2", "--width", "4", option];
        var run = TrainingProcess.Run(value is null ? arguments : [.. arguments, value]);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(named, run.Error, StringComparison.Ordinal);
        Assert.Single(run.Error.TrimEnd().Split('\n'));
    }
}
