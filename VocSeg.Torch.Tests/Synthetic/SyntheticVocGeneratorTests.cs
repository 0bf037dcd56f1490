using SyntheticVoc;

namespace VocSeg.Torch.Tests.Synthetic;

public class SyntheticVocGeneratorTests
{
    private static readonly SyntheticVocOptions Small = new() { Train = 3, Val = 1, Size = (64, 96), Parallelism = 1 };

    [Fact]
    public void Writes_the_folders_of_voc()
    {
        using var folder = new TempFolder();
        var root = SyntheticVocGenerator.Generate(folder.Path, Small);

        Assert.Equal(folder["VOCdevkit", "VOC2012"], root);
        Assert.Equal(["2012_000001", "2012_000002", "2012_000003"], ReadList(root, "train"));
        Assert.Equal(["2012_000004"], ReadList(root, "val"));
        Assert.Equal(["2012_000001", "2012_000002", "2012_000003", "2012_000004"], ReadList(root, "trainval"));
        Assert.Equal(ReadList(root, "trainval"), NamesIn(root, "JPEGImages", ".jpg"));
        Assert.Equal(ReadList(root, "trainval"), NamesIn(root, "SegmentationClass", ".png"));
    }

    [Fact]
    public void Same_options_give_the_same_bytes_whatever_the_parallelism()
    {
        using TempFolder one = new(), many = new();
        Assert.Equal(Fingerprint(one, Small), Fingerprint(many, Small with { Parallelism = 4 }));
    }

    [Fact]
    public void Another_seed_gives_other_images()
    {
        using TempFolder one = new(), other = new();
        Assert.NotEqual(Fingerprint(one, Small), Fingerprint(other, Small with { Seed = 1 }));
    }

    [Fact]
    public void Full_colour_is_in_the_header_of_the_jpeg()
    {
        using TempFolder half = new(), full = new();
        var first = Path.Combine("JPEGImages", "2012_000001.jpg");
        var halved = Path.Combine(SyntheticVocGenerator.Generate(half.Path, Small), first);
        var every = Small with { Subsampling = ChromaSubsampling.Chroma444 };
        var whole = Path.Combine(SyntheticVocGenerator.Generate(full.Path, every), first);

        Assert.Equal(0x22, LumaSampling(File.ReadAllBytes(halved)));
        Assert.Equal(0x11, LumaSampling(File.ReadAllBytes(whole)));
    }

    [Fact]
    public void An_image_takes_as_many_bytes_as_one_of_voc()
    {
        using var folder = new TempFolder();
        var root = SyntheticVocGenerator.Generate(folder.Path, new() { Train = 8, Val = 0, Size = (375, 500) });
        var files = new DirectoryInfo(Path.Combine(root, "JPEGImages")).GetFiles();
        var lengths = files.Select(file => file.Length).ToArray();

        Assert.All(lengths, length => Assert.InRange(length, 40_000, 165_000));
        Assert.InRange(lengths.Average(), 80_000, 115_000);
    }

    [Fact]
    public void Progress_counts_up_to_all()
    {
        using var folder = new TempFolder();
        var heard = new List<int>();
        SyntheticVocGenerator.Generate(folder.Path, Small with { Parallelism = 2 }, new Listener(heard));
        Assert.Equal([1, 2, 3, 4], heard);
    }

    private sealed class Listener(List<int> heard) : IProgress<int>
    {
        public void Report(int value) => heard.Add(value);
    }

    private static string[] ReadList(string root, string split) =>
        File.ReadAllLines(Path.Combine(root, "ImageSets", "Segmentation", split + ".txt"));

    private static string?[] NamesIn(string root, string folder, string extension)
    {
        var files = Directory.GetFiles(Path.Combine(root, folder), "*" + extension);
        return [.. files.Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal)];
    }

    private static (string Name, string Content)[] Fingerprint(TempFolder folder, SyntheticVocOptions options)
    {
        var root = SyntheticVocGenerator.Generate(folder.Path, options);
        return [.. from file in Directory.GetFiles(root, "*", SearchOption.AllDirectories)
                   let name = Path.GetRelativePath(root, file)
                   where name.Contains(Path.DirectorySeparatorChar)
                   orderby name
                   select (name, Convert.ToHexString(File.ReadAllBytes(file)))];
    }

    /// <summary>The sampling factors of the first component in the frame header of a baseline JPEG.</summary>
    private static int LumaSampling(ReadOnlySpan<byte> jpeg) =>
        jpeg[jpeg.IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC0]) + 11];
}
