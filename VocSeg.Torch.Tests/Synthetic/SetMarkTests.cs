using SyntheticVoc;

namespace VocSeg.Torch.Tests.Synthetic;

public class SetMarkTests
{
    private static readonly SyntheticVocOptions Small = new() { Train = 2, Val = 0, Sizes = VocSizes.Fixed(48, 64) };

    [Fact]
    public void A_whole_set_is_not_written_again()
    {
        using var folder = new TempFolder();
        var photo = FirstPhoto(SyntheticVocGenerator.Generate(folder.Path, Small));
        File.WriteAllText(photo, "touched");

        SyntheticVocGenerator.Generate(folder.Path, Small with { Parallelism = 3 });
        Assert.Equal("touched", File.ReadAllText(photo));
    }

    [Fact]
    public void Other_options_in_the_same_folder_are_refused()
    {
        using var folder = new TempFolder();
        var root = SyntheticVocGenerator.Generate(folder.Path, Small);
        var error = Assert.Throws<InvalidOperationException>(() => SyntheticVocGenerator.Generate(folder.Path, Small with { Seed = 1 }));
        Assert.StartsWith($"{root} holds another set (train 2, val 0, seed 0,", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_broken_off_set_is_written_anew()
    {
        using TempFolder folder = new(), reference = new();
        using var stop = new CancellationTokenSource();
        Assert.ThrowsAny<OperationCanceledException>(() =>
            SyntheticVocGenerator.Generate(folder.Path, Small with { Train = 20, Parallelism = 1 }, new StopAtOnce(stop), stop.Token));
        Assert.True(File.Exists(FirstPhoto(folder["VOCdevkit", "VOC2012"])));

        var root = SyntheticVocGenerator.Generate(folder.Path, Small);
        Assert.Equal(2, Directory.GetFiles(Path.Combine(root, "JPEGImages")).Length);
        Assert.Equal(
            File.ReadAllBytes(FirstPhoto(SyntheticVocGenerator.Generate(reference.Path, Small))),
            File.ReadAllBytes(FirstPhoto(root)));
    }

    [Fact]
    public void Foreign_data_are_left_alone()
    {
        using var folder = new TempFolder();
        var foreign = Directory.CreateDirectory(folder["VOCdevkit", "VOC2012", "JPEGImages"]).FullName;
        var error = Assert.Throws<InvalidOperationException>(() => SyntheticVocGenerator.Generate(folder.Path, Small));
        Assert.Contains("were not generated here; name another folder", error.Message, StringComparison.Ordinal);
        Assert.True(Directory.Exists(foreign));
    }

    [Fact]
    public void Two_writers_do_not_share_a_folder()
    {
        using var folder = new TempFolder();
        using var first = SetMark.Begin(folder.Path);
        var error = Assert.Throws<InvalidOperationException>(() => SetMark.Begin(folder.Path));
        Assert.Contains("is being written by another process", error.Message, StringComparison.Ordinal);
    }

    private static string FirstPhoto(string root) => Path.Combine(root, "JPEGImages", "2012_000001.jpg");

    private sealed class StopAtOnce(CancellationTokenSource stop) : IProgress<int>
    {
        public void Report(int value) => stop.Cancel();
    }
}
