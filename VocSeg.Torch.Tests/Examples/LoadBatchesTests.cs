namespace VocSeg.Torch.Tests.Examples;

/// <summary>LoadBatches as a script runs it: a process of its own, its output piped.</summary>
public sealed class LoadBatchesTests
{
    [Fact]
    public void It_prints_the_four_lines_in_the_form_that_scripts_read()
    {
        using var tree = new VocTree().Add("a", 40, 60).Add("b", 48, 48).Add("c", 33, 49).Add("small", 31, 60);
        var (exitCode, output, error) = Run(
            "--root", tree.Parent, "--crop", "32x48", "--batch-size", "2", "--epochs", "3", "--seed", "1",
            "--workers", "2");
        Assert.Equal("", error);
        Assert.Equal(0, exitCode);
        Assert.Equal(
            ["train: read 3 of 4 examples", "image (2, 3, 32, 48) float32 cpu", "label (2, 32, 48) int64 cpu"],
            output[..3]);
        // Two of three epochs count, with one whole batch each.
        Assert.Matches(@"^throughput \d+\.\d images/s \(2 epochs, 2 batches\)$", Assert.Single(output[3..]));
    }

    [Fact]
    public void Asked_for_a_report_it_says_of_every_epoch_what_bounds_it()
    {
        using var tree = new VocTree().Add("a", 40, 60).Add("b", 48, 48);
        var (exitCode, output, error) = Run(
            "--root", tree.Root, "--crop", "32x48", "--batch-size", "1", "--epochs", "2", "--report");
        Assert.Equal(("", 0), (error, exitCode));
        var text = string.Join(' ', output);
        Assert.Matches(@"2 images, \d+\.\d images/s, the loop waited \d+% of \d+\.\d s\. .* bounds? it: ", text);
        Assert.Equal(3, text.Split("the loop waited").Length);
    }

    [Theory]
    [InlineData("none", "skia")]
    [InlineData("host", "auto")]
    [InlineData("device", "auto")]
    public void Cache_decoder_and_prefetch_are_taken(string cache, string decoder)
    {
        using var tree = new VocTree().Add("a", 40, 60).Add("b", 48, 48);
        var (exitCode, output, error) = Run(
            "--root", tree.Root, "--crop", "32x48", "--batch-size", "1", "--cache", cache, "--decoder", decoder,
            "--prefetch", "1");
        Assert.Equal(("", 0), (error, exitCode));
        Assert.EndsWith("(2 epochs, 4 batches)", output[3], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("none", 2)]
    [InlineData("basic", 3)]
    [InlineData("strong", 3)]
    public void Augmented_samples_are_padded_where_they_are_small(string augment, int read)
    {
        using var tree = new VocTree().Add("a", 40, 60).Add("b", 48, 48).Add("small", 31, 60);
        var (exitCode, output, error) = Run(
            "--root", tree.Root, "--crop", "32x48", "--batch-size", "2", "--epochs", "1", "--augment", augment);
        Assert.Equal(("", 0), (error, exitCode));
        Assert.Equal(
            [$"train: read {read} of 3 examples", "image (2, 3, 32, 48) float32 cpu", "label (2, 32, 48) int64 cpu"],
            output[..3]);
    }

    [Fact]
    public void A_single_epoch_counts_itself_and_another_split_is_named()
    {
        using var tree = new VocTree().Add("a", 40, 60).WriteList("val", ["a"]);
        var (exitCode, output, _) = Run(
            "--root", tree.Root, "--split", "val", "--crop", "8x8", "--batch-size", "1", "--epochs", "1");
        Assert.Equal(0, exitCode);
        Assert.Equal("val: read 1 of 1 examples", output[0]);
        Assert.EndsWith("(1 epochs, 1 batches)", output[3], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, "--crop", "320", "--crop")]
    [InlineData(2, "--workers", "0", "--workers")]
    [InlineData(2, "--batch-size", "many", "--batch-size")]
    [InlineData(2, "--device", "tpu", "--device")]
    [InlineData(2, "--bogus", "1", "--bogus")]
    [InlineData(2, "--cache", "disk", "--cache is none, host, device, disk=FOLDER")]
    [InlineData(2, "--decoder", "2", "--decoder is auto, skia or turbojpeg")]
    [InlineData(2, "--prefetch", "0", "--prefetch")]
    [InlineData(2, "--augment", "weak", "--augment is none, basic or strong")]
    [InlineData(1, "--root", "nowhere-at-all", "nowhere-at-all")]
    [InlineData(1, "--split", "absent", "absent")]
    [InlineData(1, "--batch-size", "100", "batch")]
    [InlineData(1, "--crop", "500x500", "smaller crop")]
    public void A_wrong_option_ends_with_2_and_data_that_does_not_do_with_1_and_one_clear_line(
        int exitCodeWanted, string option, string value, string named)
    {
        using var tree = new VocTree().Add("a", 400, 500);
        string[] arguments = option == "--root" ? [option, value] : ["--root", tree.Root, option, value];
        var (exitCode, output, error) = Run(arguments);
        Assert.Equal(exitCodeWanted, exitCode);
        var line = Assert.Single(ChildProcess.Lines(error));
        Assert.StartsWith("error: ", line, StringComparison.Ordinal);
        Assert.Contains(named, line, StringComparison.Ordinal);
        Assert.DoesNotContain(output, line => line.StartsWith("throughput", StringComparison.Ordinal));
    }

    [Fact]
    public void A_file_that_breaks_during_the_run_is_named_and_the_exit_code_says_so()
    {
        using var tree = new VocTree().Add("a", 100, 100);
        VocTree.CutInHalf(tree.ImagePath("a"));
        var (exitCode, _, error) = Run("--root", tree.Root, "--crop", "64x64", "--batch-size", "1");
        Assert.Equal(1, exitCode);
        Assert.Contains("a.jpg", Assert.Single(ChildProcess.Lines(error)), StringComparison.Ordinal);
    }

    [Fact]
    public void Verify_finds_nothing_in_a_sound_split_and_small_samples_count_too()
    {
        using var tree = new VocTree().Add("a", 40, 60).Add("small", 4, 6);
        var (exitCode, output, error) = Run("--root", tree.Root, "--verify");
        Assert.Equal(("", 0), (error, exitCode));
        Assert.Equal(["train: 2 samples decoded, 0 faults"], output);
    }

    [Fact]
    public void Verify_lists_every_fault_of_the_split_and_ends_with_1()
    {
        using var tree = new VocTree().Add("a", 40, 60).Add("b", 40, 60).Add("c", 40, 60).Add("d", 40, 60);
        VocTree.CutInHalf(tree.ImagePath("a"));
        File.Delete(tree.LabelPath("b"));
        VocTree.WriteLabel(tree.LabelPath("d"), 40, 60, (_, _) => new(1, 2, 3));
        var (exitCode, output, error) = Run("--root", tree.Root, "--verify", "--workers", "1");
        Assert.Equal(("", 1), (error, exitCode));
        Assert.Equal(4, output.Length);
        foreach (var (line, file) in output.Zip(["a.jpg", "b.png", "d.png"]))
            Assert.Contains(file, line, StringComparison.Ordinal);
        Assert.Equal("train: 4 samples decoded, 3 faults", output[3]);
        tree.WriteList("val", ["c"]);
        (_, output, _) = Run("--root", tree.Root, "--split", "val", "--verify");
        Assert.Equal(["val: 1 samples decoded, 0 faults"], output);
    }

    [Fact]
    public void Verify_of_a_split_that_is_not_there_is_an_error()
    {
        using var tree = new VocTree().Add("a", 40, 60);
        var (exitCode, _, error) = Run("--root", tree.Root, "--split", "absent", "--verify");
        Assert.Equal(1, exitCode);
        Assert.Contains("absent", Assert.Single(ChildProcess.Lines(error)), StringComparison.Ordinal);
    }

    [Fact]
    public void Help_names_every_option()
    {
        var (exitCode, output, _) = Run("--help");
        Assert.Equal(0, exitCode);
        var text = string.Join('\n', output);
        string[] options = [
            "--root", "--split", "--labels", "--verify", "--batch-size", "--crop", "--device", "--workers",
            "--prefetch", "--cache", "--decoder", "--epochs", "--seed", "--report"];
        foreach (var option in options)
            Assert.Contains(option, text, StringComparison.Ordinal);
    }

    [Fact]
    public void Real_images_give_88_of_100_examples()
    {
        var (exitCode, output, _) = Run("--root", RealVoc.Require(), "--batch-size", "64", "--epochs", "1");
        Assert.Equal(0, exitCode);
        Assert.Equal(
            ["train: read 88 of 100 examples", "image (64, 3, 320, 480) float32 cpu", "label (64, 320, 480) int64 cpu"],
            output[..3]);
    }

    private static (int ExitCode, string[] Output, string Error) Run(params string[] arguments) =>
        ExampleProcess.Run("LoadBatches", arguments);
}
