
namespace VocSeg.Torch.Tests.Gallery;

/// <summary>Gallery as a script runs it.</summary>
public sealed class GalleryCommandTests
{
    [Fact]
    public void It_writes_page_and_grid_and_says_where()
    {
        using var tree = new VocTree().Add("a", 40, 60).Add("small", 20, 60).Add("b", 48, 50).Add("c", 40, 60);
        var page = Path.Combine(tree.Parent, "new folder", "look.html");
        var (exitCode, output, error) = Run("--root", tree.Parent, "--crop", "32x48", "--count", "2", "--seed", "4", "--out", page);
        Assert.Equal(("", 0), (error, exitCode));
        Assert.Equal(["train: 2 of 3 examples", $"page {page}", $"grid {Path.ChangeExtension(page, ".png")}"], output);
        var text = File.ReadAllText(page);
        Assert.Contains("<h2>a</h2>", text, StringComparison.Ordinal);
        Assert.Contains("<h2>b</h2>", text, StringComparison.Ordinal);
        Assert.DoesNotContain("<h2>c</h2>", text, StringComparison.Ordinal);
        // The window that training gets in the first epoch.
        using var dataset = new VocSegDataset(tree.Open(), new() { Crop = new(32, 48), Seed = 4 });
        var window = dataset.CropOf(1, 0);
        Assert.Contains($"window 32x48 at row {window.Top}, column {window.Left}", text, StringComparison.Ordinal);
        Assert.True(new FileInfo(Path.ChangeExtension(page, ".png")).Length > 100);
    }

    [Theory]
    [InlineData("--root", "nowhere-at-all", "nowhere-at-all")]
    [InlineData("--split", "absent", "absent")]
    [InlineData("--crop", "320", "--crop")]
    [InlineData("--crop", "500x500", "smaller crop")]
    [InlineData("--count", "0", "--count")]
    [InlineData("--out", "look.txt", "--out")]
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
        using (var file = File.OpenWrite(tree.ImagePath("a")))
            file.SetLength(file.Length / 2);
        var page = Path.Combine(tree.Parent, "look.html");
        var (exitCode, _, error) = Run("--root", tree.Root, "--crop", "64x64", "--out", page);
        Assert.Equal(1, exitCode);
        Assert.Contains("a.jpg", error, StringComparison.Ordinal);
        Assert.False(File.Exists(page));
    }

    [Fact]
    public void Twelve_real_photos_stay_below_three_megabytes()
    {
        using var folder = new TempFolder();
        var (exitCode, output, _) = Run("--root", RealVoc.Require(), "--count", "12", "--seed", "1", "--out", folder["real.html"]);
        Assert.Equal(0, exitCode);
        Assert.Equal("train: 12 of 88 examples", output[0]);
        Assert.InRange(new FileInfo(folder["real.html"]).Length, 100_000, 3_000_000);
        Assert.InRange(new FileInfo(folder["real.png"]).Length, 100_000, 3_000_000);
    }

    private static (int ExitCode, string[] Output, string Error) Run(params string[] arguments) => ExampleProcess.Run("Gallery", arguments);
}
