namespace VocSeg.Torch.Tests.Engine;

/// <summary>What a loader takes, what it says that it takes, and what is too much.</summary>
[Collection(LiveTensors.Name)]
public sealed class LoaderMemoryTests : IDisposable
{
    private readonly SampleSet set = new();

    public void Dispose() => set.Dispose();

    [Fact]
    public void Memory_follows_the_formula_of_the_documentation()
    {
        using var dataset = set.Dataset();
        var largest = dataset.Samples.Max(sample => (long)sample.Size.Height * sample.Size.Width);
        var all = dataset.Samples.Sum(sample => (long)sample.Size.Height * sample.Size.Width);
        var options = new VocSegDataLoaderOptions
        {
            BatchSize = 5,
            Prefetch = 3,
            Workers = 2,
            Cache = SampleCache.Host,
            Shuffle = true,
            DropLast = true,
        };
        using var loader = new VocSegDataLoader(dataset, options);
        Assert.Equal(4 * (5 * 24 * 32 * 20) + 2 * largest * 7 + all * 4, loader.MemoryBytes);
    }

    [Theory]
    [InlineData("none", 24 * 54 * 8, 7)]
    [InlineData("host", 24 * 32 * 4, 11)]
    [InlineData("device", 40 * 54 * 4, 7)]
    [InlineData("disk", 24 * 32 * 4, 11)]
    [InlineData("device from disk", 40 * 54 * 4, 11)]
    public void Memory_for_a_gpu_follows_it_too(string cache, int staged, int worker)
    {
        using var tree = new VocTree().Add("wide", 25, 54).Add("large", 40, 54).Add("high", 45, 32);
        using var dataset = new VocSegDataset(
            OpenAnySize(tree), new() { Transforms = [new RandomCrop(SampleSet.Crop)] });
        using var loader = new VocSegDataLoader(
            dataset,
            new()
            {
                BatchSize = 2,
                Prefetch = 3,
                Workers = 2,
                Cache = Caches.Of(cache),
                Shuffle = true,
                DropLast = true,
            },
            onHost: false);
        var cached = cache == "host" ? (25 * 54 + 40 * 54 + 45 * 32) * 4 : 0;
        Assert.Equal(4 * 2 * staged + 2 * (40 * 54) * worker + cached, loader.MemoryBytes);
    }

    [Fact]
    public void What_is_kept_of_labels_that_decide_about_crops_counts()
    {
        using var dataset = new VocSegDataset(
            set.Catalog, new() { Transforms = [new RandomCrop(SampleSet.Crop) { CatMaxRatio = 0.9 }] });
        var all = dataset.Samples.Sum(sample => sample.Size.Pixels);
        var none = Bytes(SampleCache.None, onHost: true);
        Assert.Equal(none + all * 4 + all * 4 / 16, Bytes(SampleCache.Host, onHost: true));
        var largest = dataset.Samples.Max(sample => sample.Size.Pixels);
        Assert.Equal(
            4 * 5 * largest * 4 + 2 * largest * 7 + all, Bytes(SampleCache.Device, onHost: false));

        long Bytes(SampleCache cache, bool onHost)
        {
            using var loader = new VocSegDataLoader(
                dataset, new() { BatchSize = 5, Prefetch = 3, Workers = 2, Cache = cache }, onHost);
            return loader.MemoryBytes;
        }
    }

    [Theory]
    [InlineData(1.0)]
    [InlineData(0.9)]
    public void What_a_cache_has_not_filled_yet_is_promised(double catMaxRatio)
    {
        using var dataset = new VocSegDataset(
            set.Catalog, new() { Transforms = [new RandomCrop(SampleSet.Crop) { CatMaxRatio = catMaxRatio }] });
        using var worker = dataset.Source.CreateWorker();
        var before = PixelMemory.Promised;
        using (var cache = new HostCache(dataset.Source))
        {
            Assert.Equal(before + cache.Bytes, PixelMemory.Promised);
            var half = dataset.Source.Stored.Count / 2;
            for (var index = 0; index < dataset.Source.Stored.Count; index++)
            {
                unsafe
                {
                    Assert.True(cache.GetOrDecode(index, worker) != null);
                }
                if (index == half)
                    Assert.InRange(PixelMemory.Promised - before, cache.Bytes / 4, cache.Bytes * 3 / 4);
            }
            // A sixteenth of each sample is a whole number of bytes, and the sum of them may be one more.
            Assert.InRange(PixelMemory.Promised - before, 0, dataset.Source.Stored.Count);
        }
        Assert.Equal(before, PixelMemory.Promised);
    }

    [Fact]
    public void The_largest_numbers_are_taken()
    {
        using var dataset = set.Dataset();
        using var loader = new VocSegDataLoader(
            dataset, new() { BatchSize = int.MaxValue, Prefetch = int.MaxValue, Shuffle = true });
        Assert.Equal(23, Assert.Single(loader).Indices.Count);
        Assert.True(loader.MemoryBytes > int.MaxValue);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_batch_that_takes_more_than_one_tensor_can_hold_is_refused_at_once(bool onHost)
    {
        using var tree = new VocTree()
            .AddHeaders("a", 20_000, 20_000)
            .AddHeaders("b", 20_000, 20_000)
            .AddHeaders("c", 20_000, 20_000);
        using var dataset = new VocSegDataset(
            OpenAnySize(tree), new() { Transforms = [new RandomCrop(new(12_000, 12_000))] });
        var error = Assert.Throws<ArgumentException>(
            () => new VocSegDataLoader(dataset, new() { BatchSize = 3, Shuffle = true, DropLast = true }, onHost));
        Assert.Contains(
            onHost ? "take 1 samples or less" : "take 2 samples or less", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cache_that_does_not_fit_is_refused_with_both_figures()
    {
        var error = Assert.Throws<InvalidOperationException>(() => HostCache.RequireFit(3_000_000_000, 1_500_000_000));
        Assert.Contains("3.00 GB", error.Message, StringComparison.Ordinal);
        Assert.Contains("1.50 GB", error.Message, StringComparison.Ordinal);
        HostCache.RequireFit(5, 5);
    }

    [Fact]
    public void What_another_cache_has_reserved_is_not_free_any_more()
    {
        var free = Math.Min(HostCache.FreeBytes(), GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);
        const int Samples = 10;
        // Of which one cache fits, and two do not.
        var side = (ushort)Math.Sqrt(0.6 * free / (4 * Samples));
        using var tree = new VocTree();
        for (var sample = 0; sample < Samples; sample++)
            tree.AddHeaders($"s{sample}", side, side);
        using var dataset = new VocSegDataset(
            OpenAnySize(tree), new() { Transforms = [new RandomCrop(SampleSet.Crop)] });
        using (var first = new HostCache(dataset.Source))
            Assert.Contains(
                "free; take",
                Assert.Throws<InvalidOperationException>(() => new HostCache(dataset.Source)).Message,
                StringComparison.Ordinal);
        new HostCache(dataset.Source).Dispose();
    }

    private static SampleCatalog OpenAnySize(VocTree tree) =>
        SampleCatalog.FromVoc(tree.Root, "train", new() { MaxPixels = long.MaxValue });
}
