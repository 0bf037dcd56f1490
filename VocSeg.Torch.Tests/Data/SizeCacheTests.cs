namespace VocSeg.Torch.Tests.Data;

public sealed class SizeCacheTests
{
    [Fact]
    public void A_second_start_reads_no_header()
    {
        using var tree = new VocTree().Add("a", 20, 30).Add("b", 40, 10);
        using var cache = new TempFolder();
        var first = Open(tree, cache).Samples;
        // Same length and time, other content: only a header read would notice.
        foreach (var path in new[] { tree.ImagePath("a"), tree.LabelPath("b") })
        {
            var time = File.GetLastWriteTimeUtc(path);
            File.WriteAllBytes(path, new byte[new FileInfo(path).Length]);
            File.SetLastWriteTimeUtc(path, time);
        }
        Assert.Equal(first, Open(tree, cache).Samples);
    }

    [Fact]
    public void A_changed_file_is_read_again()
    {
        using var tree = new VocTree().Add("a", 20, 30);
        using var cache = new TempFolder();
        Open(tree, cache);
        tree.Add("a", 24, 16).WriteList("train", ["a"]);
        Assert.Equal(new ImageSize(24, 16), Open(tree, cache).Samples[0].Size);
    }

    [Fact]
    public void Splits_of_one_set_share_what_is_kept()
    {
        using var tree = new VocTree().Add("a", 20, 30).Add("b", 40, 10).WriteList("one", ["a"]).WriteList("two", ["b"]);
        using var cache = new TempFolder();
        VocCatalog.Open(tree.Root, "one", new() { SizeCacheFolder = cache.Path });
        VocCatalog.Open(tree.Root, "two", new() { SizeCacheFolder = cache.Path });
        Assert.Single(Directory.GetFiles(cache.Path));
        var sizes = SizeCache.Load(cache.Path, tree.Root);
        foreach (var id in new[] { "a", "b" })
            sizes.GetOrRead(id, tree.ImagePath(id), tree.LabelPath(id), () => throw new InvalidOperationException("a header was read"));
        Assert.Equal(0, sizes.Added);
    }

    [Theory]
    [InlineData("")]
    [InlineData("something else")]
    [InlineData("vocseg sizes 1\na 1 2 3\na x x x x x x\na 1 1 1 1 0 0")]
    public void A_damaged_cache_is_no_error(string content)
    {
        using var tree = new VocTree().Add("a", 20, 30);
        using var cache = new TempFolder();
        Open(tree, cache);
        File.WriteAllText(Directory.GetFiles(cache.Path).Single(), content);
        Assert.Equal(new ImageSize(20, 30), Open(tree, cache).Samples[0].Size);
    }

    [Fact]
    public void A_cache_folder_that_cannot_be_made_is_no_error()
    {
        using var tree = new VocTree().Add("a", 20, 30);
        var inTheWay = Path.Combine(tree.Parent, "file");
        File.WriteAllText(inTheWay, "");
        Assert.Single(VocCatalog.Open(tree.Root, "train", new() { SizeCacheFolder = Path.Combine(inTheWay, "cache") }).Samples);
    }

    private static VocCatalog Open(VocTree tree, TempFolder cache) => VocCatalog.Open(tree.Root, "train", new() { SizeCacheFolder = cache.Path });
}
