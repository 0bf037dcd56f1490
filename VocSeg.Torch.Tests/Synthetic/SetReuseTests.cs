using SyntheticVoc;

namespace VocSeg.Torch.Tests.Synthetic;

public class SetReuseTests
{
    private static readonly SyntheticVocOptions Small = new() { Train = 2, Val = 0, Size = (48, 64) };

    [Fact]
    public void A_whole_set_is_not_written_again()
    {
        using var folder = new TempFolder();
        var image = FirstImage(SyntheticVocGenerator.Generate(folder.Path, Small));
        File.WriteAllText(image, "touched");

        SyntheticVocGenerator.Generate(folder.Path, Small with { Parallelism = 3 });
        Assert.Equal("touched", File.ReadAllText(image));
    }

    [Fact]
    public void Other_options_in_the_same_folder_are_refused()
    {
        using var folder = new TempFolder();
        var root = SyntheticVocGenerator.Generate(folder.Path, Small);
        var error = Assert.Throws<InvalidOperationException>(
            () => SyntheticVocGenerator.Generate(folder.Path, Small with { Seed = 1 }));
        const string Set = "train 2, val 0, seed 0, Chroma420, quality 95, size 48x64, format 2";
        Assert.Equal($"{root} holds another set ({Set}); delete it or name another folder.", error.Message);
    }

    [Fact]
    public void A_broken_off_set_is_written_anew()
    {
        using TempFolder folder = new(), reference = new();
        using var stop = new CancellationTokenSource();
        Assert.ThrowsAny<OperationCanceledException>(() =>
            SyntheticVocGenerator.Generate(
                folder.Path, Small with { Train = 20, Parallelism = 1 }, new StopAtOnce(stop), stop.Token));
        Assert.True(File.Exists(FirstImage(folder["VOCdevkit", "VOC2012"])));

        var root = SyntheticVocGenerator.Generate(folder.Path, Small);
        Assert.Equal(2, Directory.GetFiles(Path.Combine(root, "JPEGImages")).Length);
        Assert.Equal(
            File.ReadAllBytes(FirstImage(SyntheticVocGenerator.Generate(reference.Path, Small))),
            File.ReadAllBytes(FirstImage(root)));
    }

    [Fact]
    public void Foreign_data_are_left_alone()
    {
        using var folder = new TempFolder();
        var foreign = Directory.CreateDirectory(folder["VOCdevkit", "VOC2012", "JPEGImages"]).FullName;
        var error = Assert.Throws<InvalidOperationException>(() => SyntheticVocGenerator.Generate(folder.Path, Small));
        Assert.Contains("holds data not generated here; name another folder", error.Message, StringComparison.Ordinal);
        Assert.True(Directory.Exists(foreign));
    }

    [Fact]
    public void Two_writers_do_not_share_a_folder()
    {
        using var folder = new TempFolder();
        var second = new SecondWriter(folder.Path);
        SyntheticVocGenerator.Generate(folder.Path, Small with { Parallelism = 1 }, second);
        Assert.Equal(2, second.Refused.Count);
        var root = folder["VOCdevkit", "VOC2012"];
        Assert.All(second.Refused, message => Assert.Equal(
            $"{root} is being written by another process; wait for it or name another folder.", message));
    }

    private static string FirstImage(string root) => Path.Combine(root, "JPEGImages", "2012_000001.jpg");

    /// <summary>Asks for the same set while it is being written.</summary>
    private sealed class SecondWriter(string folder) : IProgress<int>
    {
        internal List<string> Refused { get; } = [];

        public void Report(int value)
        {
            Action write = () => SyntheticVocGenerator.Generate(folder, Small);
            Refused.Add(Assert.Throws<InvalidOperationException>(write).Message);
        }
    }

    private sealed class StopAtOnce(CancellationTokenSource stop) : IProgress<int>
    {
        public void Report(int value) => stop.Cancel();
    }
}
