using Gallery;
using SkiaSharp;

namespace VocSeg.Torch.Tests.Gallery;

/// <summary>Gallery as a script runs it.</summary>
public sealed class GalleryCommandTests
{
    [Fact]
    public void It_writes_page_and_grid_and_says_where()
    {
        using var tree = new VocTree().Add("a", 40, 60).Add("small", 20, 60).Add("b", 48, 50).Add("c", 40, 60);
        var page = Path.Combine(tree.Parent, "new folder", "look.html");
        var (exitCode, output, error) =
            Run("--root", tree.Parent, "--crop", "32x48", "--count", "2", "--seed", "4", "--out", page);
        Assert.Equal(("", 0), (error, exitCode));
        var grid = Path.ChangeExtension(page, ".png");
        Assert.Equal(["train: 2 of 3 examples", $"page {page}", $"grid {grid}"], output);
        var text = File.ReadAllText(page);
        Assert.Contains("<h2>a</h2>", text, StringComparison.Ordinal);
        Assert.Contains("<h2>b</h2>", text, StringComparison.Ordinal);
        Assert.DoesNotContain("<h2>c</h2>", text, StringComparison.Ordinal);
        Assert.True(new FileInfo(grid).Length > 100);
    }

    [Fact]
    public void The_crops_are_those_that_a_data_set_takes_in_its_first_epoch()
    {
        using var tree = new VocTree().Add("small", 31, 200);
        foreach (var id in new[] { "a", "b", "c", "d" })
            tree.Add(id, 150 + id[0], 200);
        tree.Add("low", 20, 200).Add("e", 300, 170);
        var page = Path.Combine(tree.Parent, "look.html");
        var (exitCode, _, error) = Run("--root", tree.Parent, "--crop", "32x48", "--seed", "4", "--out", page);
        Assert.Equal(("", 0), (error, exitCode));

        using var dataset = new VocSegDataset(
            tree.Open(), new() { Transforms = [new RandomCrop(new(32, 48))], Seed = 4 });
        Assert.Equal(5, dataset.Count);
        var text = File.ReadAllText(page);
        for (var index = 0; index < dataset.Count; index++)
        {
            var (sample, crop) = (dataset.Samples[index], dataset.GeometryOf(index, 0));
            var facts = $"{sample.Size.Width} x {sample.Size.Height}, " +
                $"crop 48 x 32 at row {crop.Top}, column {crop.Left}";
            Assert.Contains($"<h2>{sample.Id}</h2>\n<p class=\"facts\">{facts}</p>", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_strip_shows_one_sample_under_eight_draws_of_an_augmentation()
    {
        using var tree = new VocTree().Add("small", 20, 30).Add("b", 60, 80);
        string page = Path.Combine(tree.Parent, "look.html"), strip = Path.Combine(tree.Parent, "new", "strip.png");
        string[] arguments =
            ["--root", tree.Root, "--crop", "32x48", "--augment", "strong", "--seed", "4", "--out", page];
        var (exitCode, output, error) = Run([.. arguments, "--strip", strip]);
        Assert.Equal(("", 0), (error, exitCode));
        // The list pads samples that are smaller than the crop.
        Assert.Equal("train: 2 of 2 examples", output[0]);
        Assert.Equal($"strip {strip}", output[3]);
        using var image = SKBitmap.Decode(strip);
        Assert.Equal((8 * 48 + 7 * PngGrid.Gap, 3 * 32 + 2 * PngGrid.Gap), (image.Width, image.Height));
        var text = File.ReadAllText(page);
        Assert.Contains("<h2>small under 8 draws</h2>", text, StringComparison.Ordinal);
        Assert.Equal((8 + 2) * 3, text.Split("<figure>").Length - 1);

        (exitCode, output, error) = Run(arguments);
        Assert.Equal(("", 0), (error, exitCode));
        Assert.Equal(3, output.Length);
        Assert.DoesNotContain("draws", File.ReadAllText(page), StringComparison.Ordinal);
    }

    [Fact]
    public void It_loads_no_libtorch()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "only the loader of glibc says which files it loads");
        using var tree = new VocTree().Add("a", 40, 60);
        var log = Path.Combine(tree.Parent, "loaded");
        string[] arguments =
        [
            "--root", tree.Root, "--crop", "32x48", "--augment", "strong", "--out",
            Path.Combine(tree.Parent, "look.html"), "--strip", Path.Combine(tree.Parent, "strip.png"),
        ];
        using var process =
            ChildProcess.StartExample("Gallery", arguments, ("LD_DEBUG", "files"), ("LD_DEBUG_OUTPUT", log));
        var (exitCode, _, error) = ChildProcess.Finish(process);
        Assert.Equal(("", 0), (error, exitCode));

        var loaded = string.Concat(Directory.GetFiles(tree.Parent, "loaded.*").Select(File.ReadAllText));
        Assert.Contains("libSkiaSharp", loaded, StringComparison.Ordinal);
        Assert.DoesNotContain("libtorch", loaded, StringComparison.Ordinal);
        Assert.DoesNotContain("libLibTorchSharp", loaded, StringComparison.Ordinal);
        var packages = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Gallery.deps.json"));
        Assert.DoesNotContain("libtorch-", packages, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--root", "nowhere-at-all", "nowhere-at-all")]
    [InlineData("--split", "absent", "absent")]
    [InlineData("--crop", "320", "--crop")]
    [InlineData("--crop", "500x500", "smaller crop")]
    [InlineData("--count", "0", "--count")]
    [InlineData("--out", "look.txt", "--out")]
    [InlineData("--strip", "look.jpg", "--strip")]
    [InlineData("--augment", "more", "--augment")]
    [InlineData("--bogus", "1", "--bogus")]
    public void A_wrong_option_gives_one_line_and_exit_code_2(string option, string value, string named)
    {
        using var tree = new VocTree().Add("a", 40, 60);
        string[] arguments = option == "--root" ? [option, value] : ["--root", tree.Root, option, value];
        var (exitCode, output, error) = Run(arguments);
        Assert.Equal(2, exitCode);
        Assert.Contains(named, Assert.Single(error.TrimEnd().Split('\n')), StringComparison.Ordinal);
        Assert.Equal([""], output);
    }

    [Fact]
    public void A_broken_file_is_named_and_no_page_is_written()
    {
        using var tree = new VocTree().Add("a", 100, 100);
        VocTree.CutInHalf(tree.ImagePath("a"));
        var page = Path.Combine(tree.Parent, "look.html");
        var (exitCode, _, error) = Run("--root", tree.Root, "--crop", "64x64", "--out", page);
        Assert.Equal(1, exitCode);
        Assert.Contains("a.jpg", error, StringComparison.Ordinal);
        Assert.False(File.Exists(page));
    }

    [Fact]
    public void Twelve_real_images_stay_below_three_megabytes()
    {
        using var folder = new TempFolder();
        var (exitCode, output, _) =
            Run("--root", RealVoc.Require(), "--count", "12", "--seed", "1", "--out", folder["real.html"]);
        Assert.Equal(0, exitCode);
        Assert.Equal("train: 12 of 88 examples", output[0]);
        Assert.InRange(new FileInfo(folder["real.html"]).Length, 100_000, 3_000_000);
        Assert.InRange(new FileInfo(folder["real.png"]).Length, 100_000, 3_000_000);
    }

    private static (int ExitCode, string[] Output, string Error) Run(params string[] arguments) =>
        ExampleProcess.Run("Gallery", arguments);
}
