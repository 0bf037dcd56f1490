using System.Globalization;
using System.Text.Json;
using FcnTraining;

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
        string Predictions(params string[] path) => Path.Combine([set["out"], "predictions", .. path]);
        Assert.Contains($"gallery: {Predictions("val", "gallery.html")}", run.Output, StringComparison.Ordinal);
        Assert.True(File.Exists(Predictions("val", "s01.png")));
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

        // All masks, and the first samples in the gallery; every run in a folder of its own.
        string[] trained = ["--root", set.Root, "--out", set["out"]];
        var shown = TrainingProcess.Run([.. trained, "--predict", "train", "--gallery", "3"]);
        Assert.Equal(("", 0), (shown.Error, shown.ExitCode));
        Assert.Equal(8, Directory.GetFiles(Predictions("train"), "*.png").Length);
        Assert.Contains(ScoreOf(set.Root, Predictions("train")), shown.Output, StringComparison.Ordinal);
        Assert.Equal(3, File.ReadAllText(Predictions("train", "gallery.html")).Split("<article").Length - 1);
        var drawn = TrainingProcess.Run([.. trained, "--predict", "train", "--gallery", "0"]);
        Assert.Contains($"masks: {Predictions("train-2")}", drawn.Output, StringComparison.Ordinal);
        Assert.Equal(8, Directory.GetFiles(Predictions("train-2")).Length);

        // An image without a label, of another size than the crops.
        var image = Path.Combine(set.Root, "JPEGImages", "s05.jpg");
        var predicted = TrainingProcess.Run([.. trained, "--predict", image]);
        Assert.Equal(("", 0), (predicted.Error, predicted.ExitCode));
        Assert.Equal([Predictions("s05", "gallery.html"), Predictions("s05", "s05.png")],
            Directory.GetFiles(Predictions("s05")).Order(StringComparer.Ordinal));

        // A mask is a label as VOC's own: 8 bits with VOC's palette, and read as one.
        var mask = Predictions("train", "s05.png");
        Assert.Equal([8, 3], File.ReadAllBytes(mask)[24..26]);
        var classes = new SegmentationSample("s05", image, mask, new(40, 48)).ReadClassIndex();
        var drawnBy = Path.Combine(set.Root, "SegmentationClass", "s05.png");
        var label = new SegmentationSample("s05", image, drawnBy, new(40, 48)).ReadClassIndex();
        Assert.InRange(classes.Zip(label).Count(pair => pair.First == pair.Second), 0.9 * label.Length, label.Length);
    }

    /// <summary>The line that tells the score of masks, counted pixel by pixel.</summary>
    private static string ScoreOf(string root, string masks)
    {
        var counts = new long[21, 21];
        foreach (var mask in Directory.GetFiles(masks, "*.png"))
        {
            var (id, size) = (Path.GetFileNameWithoutExtension(mask), new ImageSize(40, 48));
            var label = Path.Combine(root, "SegmentationClass", id + ".png");
            var pairs = new SegmentationSample(id, "", label, size).ReadClassIndex()
                .Zip(new SegmentationSample(id, "", mask, size).ReadClassIndex());
            foreach (var (wanted, predicted) in pairs.Where(pair => pair.First != 255))
                counts[wanted, predicted]++;
        }
        var score = new SegmentationScore(counts);
        return $"whole images: accuracy {score.PixelAccuracy:F3}, mean IoU {score.MeanIoU:F3}";
    }

    [Fact]
    public void A_checkpoint_that_finds_no_room_leaves_the_one_before_and_says_so()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs ulimit");
        Assert.SkipUnless(Path.GetFileNameWithoutExtension(Environment.ProcessPath!) == "dotnet", "needs dotnet");
        using var set = new TinySet();
        string[] Arguments(string folder, string epochs) => [
            "--root", set.Root, "--out", set[folder], "--crop", "32x32", "--batch-size", "4", "--epochs", epochs,
            "--schedule", "constant", "--width", "4", "--seed", "7", "--gallery", "0"];
        Assert.Equal(0, TrainingProcess.Run(Arguments("whole", "2")).ExitCode);
        Assert.Equal(0, TrainingProcess.Run(Arguments("full", "1")).ExitCode);
        var checkpoint = Path.Combine(set["full"], "last.checkpoint");
        var before = File.ReadAllBytes(checkpoint);

        // Who ignores the signal of a file that grows too large gets an error as from a full disk. The runtime maps its
        // code from a large file otherwise.
        var (exitCode, output, error) = ChildProcess.Run(
            "bash",
            [
                "-c", "trap '' XFSZ; ulimit -f 64; exec \"$@\"", "bash", Environment.ProcessPath!,
                Path.Combine(AppContext.BaseDirectory, "FcnTraining.dll"), .. Arguments("full", "2"), "--resume",
            ],
            ("OMP_NUM_THREADS", "1"), ("DOTNET_EnableWriteXorExecute", "0"));
        Assert.True(exitCode == 1, $"{exitCode} {output} {error}");
        Assert.Contains("cannot be saved", error.ReplaceLineEndings(" "), StringComparison.Ordinal);
        Assert.Contains("the checkpoint before it is whole", error.ReplaceLineEndings(" "), StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(checkpoint));
        Assert.Empty(Directory.GetFiles(set["full"], "*.part"));

        var rest = TrainingProcess.Run([.. Arguments("full", "2"), "--resume"]);
        Assert.True(rest.ExitCode == 0, rest.Error);
        Assert.Equal(File.ReadAllBytes(Path.Combine(set["whole"], "last.checkpoint")), File.ReadAllBytes(checkpoint));
    }

    [Fact]
    public void A_training_that_is_stopped_saves_the_batch_it_is_at()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "no signals there");
        using var set = new TinySet(samples: 40);
        string[] Arguments(string folder) => [
            "--root", set.Root, "--out", set[folder], "--crop", "32x32", "--batch-size", "1", "--epochs", "4",
            "--width", "4", "--seed", "7", "--workers", "2", "--gallery", "0", "--log-every", "1"];
        var whole = TrainingProcess.Run(Arguments("whole"));
        using (var process = TrainingProcess.Start(Arguments("stopped")))
        {
            // The first step of the first epoch, so that there is no checkpoint of an epoch yet or hardly one.
            while (process.StandardOutput.ReadLine() is { } line && !line.Contains("step 1/", StringComparison.Ordinal))
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
        // Every step is told once, in order, with the means of its epoch so far, as if nothing had happened.
        List<(long Step, double Loss, double Accuracy)> Reports(string folder) => [..
            File.ReadLines(Path.Combine(set[folder], "metrics.jsonl"))
            .Select(line => JsonDocument.Parse(line).RootElement)
            .Where(line => line.TryGetProperty("loss", out _))
            .Select(line => (
                line.GetProperty("step").GetInt64(),
                line.GetProperty("loss").GetDouble(),
                line.GetProperty("accuracy").GetDouble()))];
        var steps = Reports("stopped").Select(report => report.Step);
        Assert.Equal(Enumerable.Range(1, 160).Select(step => (long)step), steps);
        Assert.Equal(Reports("whole"), Reports("stopped"));
        // So are the lines of the epochs, but for what is measured.
        string[] Epochs(string output) => [.. ChildProcess.Lines(output)
            .Where(line => line.Contains(" of 4: loss", StringComparison.Ordinal))
            .Select(line => line[..(line.IndexOf("accuracy", StringComparison.Ordinal) + "accuracy 0.123".Length)])];
        var going = ChildProcess.Lines(rest.Output)
            .Single(line => line.StartsWith("going on after step ", StringComparison.Ordinal)).Split(' ');
        var done = int.Parse(going[4], CultureInfo.InvariantCulture);
        Assert.NotEqual(0, done % 40);
        Assert.Equal(Epochs(whole.Output)[(done / 40)..], Epochs(rest.Output));
    }

    [Fact]
    public void Progress_shows_from_the_first_step_and_every_line_fits_100_columns()
    {
        using var set = new TinySet();
        var root = set[string.Join('/', Enumerable.Repeat("a folder with a long name", 6))];
        Directory.CreateDirectory(root);
        Directory.Move(set.Root, Path.Combine(root, "VOC2012"));
        string[] arguments = [
            "--root", root, "--out", Path.Combine(root, "and", "the", "results"), "--crop", "32x32", "--textbook",
            "--batch-size", "2", "--epochs", "2", "--width", "4", "--seed", "-9123456789012345678",
            "--log-every", "100"];
        var run = TrainingProcess.Run(arguments);
        Assert.Equal(("", 0), (run.Error, run.ExitCode));
        Assert.Contains("epoch 1, step 1/8: loss ", run.Output, StringComparison.Ordinal);
        Assert.Contains("...", run.Output, StringComparison.Ordinal);
        var predicted = TrainingProcess.Run([.. arguments, "--predict", "val"]);
        Assert.Equal(("", 0), (predicted.Error, predicted.ExitCode));
        Assert.All(
            ChildProcess.Lines(run.Output).Concat(ChildProcess.Lines(predicted.Output)),
            line => Assert.InRange(line.Length, 1, 100));
    }

    [Fact]
    public void A_split_without_foreground_is_said_once()
    {
        using var tree = new VocTree();
        for (var i = 0; i < 4; i++)
            tree.Add($"s{i}", 32, 32, (row, _) => row < 3 ? new(224, 224, 192) : new(0, 0, 0));
        tree.Add("v", 32, 32).WriteList("val", ["v"]).WriteList("train", ["s0", "s1", "s2", "s3"]);
        var run = TrainingProcess.Run(
            "--root", tree.Root, "--out", Path.Combine(tree.Parent, "out"), "--crop", "32x32", "--batch-size", "2",
            "--epochs", "3", "--width", "4", "--gallery", "0");
        Assert.Equal(0, run.ExitCode);
        Assert.Equal(2, run.Error.ReplaceLineEndings(" ").Split("no foreground pixel was seen").Length);
        Assert.All(ChildProcess.Lines(run.Error), line => Assert.InRange(line.Length, 1, 100));
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
        Assert.Matches(@"textbook: loss \d+\.\d{3}, train acc 0\.\d{3}, test acc 0\.\d{3}\s+" + Chapter, run.Output);
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
    public void A_batch_that_is_ignored_as_a_whole_changes_no_weight()
    {
        using var tree = new VocTree().Add("a", 72, 72).Add("void", 72, 72, (_, _) => new(224, 224, 192));
        tree.WriteList("val", ["a"]).WriteList("alone", ["a"]);
        string Train(string split)
        {
            var output = Path.Combine(tree.Parent, split);
            var run = TrainingProcess.Run(
                "--root", tree.Root, "--train-split", split, "--out", output, "--crop", "64x64", "--batch-size", "1",
                "--epochs", "3", "--width", "4", "--seed", "1", "--gallery", "0", "--schedule", "constant");
            Assert.Equal(("", 0), (run.Error, run.ExitCode));
            Assert.DoesNotContain("NaN", run.Output, StringComparison.Ordinal);
            return Path.Combine(output, "last.checkpoint");
        }
        var (alone, both) = (Train("alone"), Train("train"));
        using var first = new Fcn(Checkpoint.Read(alone).Shape);
        using var second = new Fcn(first.Shape);
        Checkpoint.Read(alone, first);
        Checkpoint.Read(both, second);
        Assert.All(
            first.state_dict(),
            weight => Assert.True(weight.Value.Equals(second.state_dict()[weight.Key]), weight.Key));
    }

    [Fact]
    public void Another_batch_size_at_resume_is_one_sentence()
    {
        using var set = new TinySet();
        string[] arguments = [
            "--root", set.Root, "--out", set["out"], "--crop", "32x32", "--epochs", "1", "--width", "4",
            "--gallery", "0"];
        Assert.Equal(0, TrainingProcess.Run([.. arguments, "--batch-size", "4"]).ExitCode);
        var run = TrainingProcess.Run([.. arguments, "--batch-size", "2", "--resume"]);
        Assert.Equal(2, run.ExitCode);
        Assert.Equal("error: the training has --batch-size 4; give it that.", run.Error.TrimEnd());
        // What else differs is named too, and only that.
        var list = Path.Combine(set.Root, "ImageSets", "Segmentation", "train.txt");
        File.WriteAllLines(list, ["s00", "s01", "s02", "s03"]);
        run = TrainingProcess.Run([.. arguments, "--batch-size", "4", "--resume"]);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("of another loader (number of samples 8, here 4)", run.Error, StringComparison.Ordinal);
        Assert.Single(ChildProcess.Lines(run.Error));
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
        Assert.True(File.Exists(Path.Combine(set["out"], "predictions", "val", "gallery.html")));
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
