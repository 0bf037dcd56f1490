namespace VocSeg.Torch.Tests.Examples;

/// <summary>The examples on images and labels that are in no VOC folder.</summary>
public sealed class OwnDataTests : IDisposable
{
    private readonly PairFolder set = new();

    public OwnDataTests()
    {
        foreach (var split in new[] { "train", "val" })
        {
            for (var number = 0; number < 6; number++)
                set.Add($"images/{split}/{split}{number}.png", $"labels/{split}/{split}{number}_L.png", number, 40, 48);
        }
        set.List("classes.csv", "name,r,g,b", "sky,0,0,0", "road,10,20,30", "car,40,50,60");
    }

    public void Dispose() => set.Dispose();

    [Theory]
    [InlineData("LoadBatches")]
    [InlineData("Gallery")]
    [InlineData("FcnTraining")]
    public void Neither_a_root_nor_images_is_one_line_that_asks_for_them(string example)
    {
        var (exitCode, _, error) = ExampleProcess.Run(example);
        Assert.Equal(2, exitCode);
        Assert.Contains("--root", Assert.Single(ChildProcess.Lines(error)), StringComparison.Ordinal);
    }

    [Fact]
    public void LoadBatches_takes_patterns_and_verifies_them()
    {
        string[] pairs = ["--images", set["images/{split}/{id}.png"], "--labels", set["labels/{split}/{id}_L.png"]];
        string[] classes = ["--classes", set["classes.csv"], "--encoding", "indices"];
        var (exitCode, output, error) = ExampleProcess.Run(
            "LoadBatches",
            [.. pairs, .. classes, "--split", "val", "--crop", "32x32", "--batch-size", "2", "--epochs", "1"]);
        Assert.Equal(("", 0), (error, exitCode));
        Assert.Equal("val: read 6 of 6 examples", output[0]);

        (exitCode, output, error) = ExampleProcess.Run("LoadBatches", [.. pairs, .. classes, "--verify"]);
        Assert.Equal(("", 0), (error, exitCode));
        Assert.Equal(["train: 6 samples decoded, 0 faults"], output);
        set.Label("labels/train/train3_L.png", 40, 48, (row, _) => row == 0 ? 7 : 1);
        (exitCode, output, _) = ExampleProcess.Run("LoadBatches", [.. pairs, .. classes, "--verify"]);
        Assert.Equal(1, exitCode);
        Assert.Contains("train3_L.png", output[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Gallery_shows_listed_samples_with_their_class_names()
    {
        set.List("val.txt", "val4", "val1");
        var (exitCode, output, error) = ExampleProcess.Run(
            "Gallery",
            "--images", set["images/{split}"], "--labels", set["labels/{split}/{id}_L.png"],
            "--list", set["{split}.txt"],
            "--split", "val", "--classes", set["classes.csv"], "--encoding", "indices", "--crop", "32x32", "--out",
            set["look.html"]);
        Assert.Equal(("", 0), (error, exitCode));
        Assert.Equal("val: 2 of 2 examples", output[0]);
        var page = File.ReadAllText(set["look.html"]);
        Assert.Contains("car", page, StringComparison.Ordinal);
        Assert.DoesNotContain("aeroplane", page, StringComparison.Ordinal);
    }

    [Fact]
    public void FcnTraining_trains_on_patterns_evaluates_and_predicts_in_their_classes()
    {
        string[] data = [
            "--images", set["images/{split}/{id}.png"], "--labels", set["labels/{split}/{id}_L.png"], "--classes",
            set["classes.csv"], "--encoding", "indices", "--out", set["out"]];
        var run = TrainingProcess.Run([
            .. data, "--crop", "32x32", "--batch-size", "2", "--epochs", "1", "--width", "4", "--seed", "1",
            "--gallery", "1", "--slide", "32x32"]);
        Assert.Equal(("", 0), (run.Error, run.ExitCode));
        Assert.Contains("6 of 6 training and 6 of 6 validation samples", run.Output, StringComparison.Ordinal);
        Assert.Contains("3 classes", run.Output, StringComparison.Ordinal);

        var predicted = TrainingProcess.Run([.. data, "--predict", "val", "--gallery", "0"]);
        Assert.Equal(("", 0), (predicted.Error, predicted.ExitCode));
        Assert.Matches(@"whole images: accuracy 0\.\d+, mean IoU 0\.\d+", predicted.Output);
        Assert.Matches(@"sky 0\.\d+, road 0\.\d+, car 0\.\d+", predicted.Output);
        // The first run drew one mask in the gallery's folder; this one draws all, in the palette's colours.
        var mask = set["out/predictions/val-2/val3.png"];
        Assert.Equal(6, Directory.GetFiles(set["out/predictions/val-2"], "*.png").Length);
        var palette = SegmentationPalette.FromFile(set["classes.csv"]);
        var classes = new SegmentationSample("val3", "", mask, new(40, 48)).ReadClassIndex(palette);
        Assert.All(classes, index => Assert.InRange(index, 0, 2));

        // A folder of images has no score.
        predicted = TrainingProcess.Run([.. data, "--predict", set["images/train"], "--gallery", "0"]);
        Assert.Equal(("", 0), (predicted.Error, predicted.ExitCode));
        Assert.DoesNotContain("whole images", predicted.Output, StringComparison.Ordinal);
        Assert.Equal(6, Directory.GetFiles(set["out/predictions/train"], "*.png").Length);

        var others = TrainingProcess.Run(["--root", set.Path, "--out", set["out"], "--predict", "val"]);
        Assert.Equal(2, others.ExitCode);
        Assert.Contains("--classes", others.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void FcnTraining_holds_images_out_where_patterns_do_not_tell_splits_apart()
    {
        string[] data = [
            "--images", set["images/*/{id}.png"], "--labels", set["labels/*/{id}_L.png"],
            "--classes", set["classes.csv"], "--encoding", "indices", "--out", set["out"], "--hold-out", "0.4"];
        var run = TrainingProcess.Run([
            .. data, "--crop", "32x32", "--batch-size", "1", "--epochs", "1", "--width", "4", "--gallery", "0"]);
        Assert.Equal(("", 0), (run.Error, run.ExitCode));
        var catalog = SampleCatalog.FromFolders(set["images/*/{id}.png"], set["labels/*/{id}_L.png"]);
        var parts = catalog.Split(0, 0.6, 0.4).Select(part => part.Samples.Count).ToArray();
        Assert.Equal(12, parts.Sum());
        Assert.Contains(
            $"{parts[0]} of {parts[0]} training and {parts[1]} of {parts[1]} validation",
            run.Output,
            StringComparison.Ordinal);

        var predicted = TrainingProcess.Run([.. data, "--predict", "val", "--gallery", "0"]);
        Assert.Equal(("", 0), (predicted.Error, predicted.ExitCode));
        Assert.Contains($"{parts[1]} images", predicted.Output, StringComparison.Ordinal);
        // Ids hold folders, and so do the masks.
        var masks = Directory.GetFiles(set["out/predictions/val"], "*.png", SearchOption.AllDirectories);
        Assert.Equal(parts[1], masks.Length);
        var unknown = TrainingProcess.Run([.. data, "--predict", "test"]);
        Assert.Equal(2, unknown.ExitCode);
        Assert.Contains("'test' is no split", unknown.Error, StringComparison.Ordinal);
    }
}
