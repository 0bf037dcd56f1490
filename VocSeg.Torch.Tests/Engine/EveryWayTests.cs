using TorchSharp;

namespace VocSeg.Torch.Tests.Engine;

/// <summary>
/// Whatever is done to samples, all ways give the same batches: those in one pass on the CPU to the last bit, and those
/// by batched tensor operations, whose device is the CPU here, with equal labels and images within 1e-5.
/// </summary>
[Collection(LiveTensors.Name)]
public sealed class EveryWayTests : IDisposable
{
    private const double Bound = 1e-5;
    // The first one fills caches, the second one is cut from them.
    private const int Epochs = 2;
    private static readonly ImageSize Crop = new(24, 32);
    private static readonly RgbColor Ignored = new(224, 224, 192);

    private static readonly SegmentationPalette TwoClasses =
        new([new(0, 0, 0), new(255, 255, 255)], ["background", "cell"]) { IgnoreColors = [Ignored] };

    private static readonly Dictionary<string, SampleTransform[]> Chains = new(StringComparer.Ordinal)
    {
        ["crop"] = [new PadIfSmaller(Crop), new RandomCrop(Crop)],
        ["flip, colour"] = [new DrawnFlip(), new PadIfSmaller(Crop), new RandomCrop(Crop), new DrawnColor()],
        ["scale, flip, condition, colour"] =
        [
            new DrawnScale(), new DrawnFlip(), new PadIfSmaller(Crop), new RandomCrop(Crop) { CatMaxRatio = 0.6 },
            new DrawnColor(),
        ],
        ["foreground"] = [new PadIfSmaller(Crop), new RandomCrop(Crop) { MinForeground = 0.4 }],
        ["turn, scale"] = [new DrawnTurn(), new DrawnScale(), new PadIfSmaller(Crop), new RandomCrop(Crop)],
        ["whole, turned"] = [new DrawnTurn(), new DrawnColor(), new Whole()],
        ["whole, scaled"] = [new DrawnScale(), new Whole()],
    };

    private readonly VocTree tree = new();

    public static MatrixTheoryData<string, int, ImageChannels> Cases =>
        new(Chains.Keys, [1, 3], [ImageChannels.Rgb, ImageChannels.Gray]);

    public void Dispose() => tree.Dispose();

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_way_gives_the_same_batches(string chain, int cropsPerSample, ImageChannels channels)
    {
        var before = torch.Tensor.TotalCount;
        // Gray images come with masks, so that both forms have their turn.
        var options = new VocSegDatasetOptions
        {
            Transforms = [.. Chains[chain]],
            Palette = TwoClasses,
            Channels = channels,
            LabelForm = channels == ImageChannels.Gray ? LabelForm.Mask : LabelForm.ClassIndex,
        };
        var loading = new VocSegDataLoaderOptions { BatchSize = 4, Shuffle = true, CropsPerSample = cropsPerSample };
        using (var source = new SampleSource(Samples(), options, seed: 5))
        {
            var expected = Batches(source, loading, workers: 1, () => new HostBatchBuffer(source, 4, cache: null));
            Assert.Contains(expected, batch => batch.Label.Distinct().Count() > 1);
            RequireBits(expected, Batches(source, loading, 4, () => new HostBatchBuffer(source, 4, cache: null)));
            using (var cache = new HostCache(source))
                RequireBits(expected, Batches(source, loading, 2, () => new HostBatchBuffer(source, 4, cache)));
            using (var folder = new TempFolder())
            using (var pool = new BatchBufferPool(() => null!, source.CreateWorker))
            using (var cache = new DiskCache(
                "set", source, loading with { Cache = SampleCache.Disk(folder.Path), Inform = _ => { } }, pool))
            {
                cache.Open(CancellationToken.None);
                RequireBits(expected, Batches(source, loading, 2, () => new HostBatchBuffer(source, 4, cache)));
                RequireNear(expected, Batches(source, loading, 3, () => new DeviceBatchBuffer(source, 4, cache)));
                using var filled = new DeviceCache(source);
                RequireNear(expected, Batches(
                    source, loading, 2, () => new DeviceBatchBuffer(source, 4, cache, filled)));
                Assert.True(filled.IsFull);
            }

            RequireNear(expected, Batches(source, loading, 2, () => new DeviceBatchBuffer(source, 4)));
            using (var cache = new HostCache(source))
                RequireNear(expected, Batches(source, loading, 3, () => new DeviceBatchBuffer(source, 4, cache)));
            using (var cache = new DeviceCache(source))
            {
                RequireNear(expected, Batches(
                    source, loading, 2, () => new DeviceBatchBuffer(source, 4, deviceCache: cache)));
                Assert.True(cache.IsFull);
                RequireNear(expected, CachedBatches(source, cache, loading));
            }
        }
        Assert.Equal(before, torch.Tensor.TotalCount);
    }

    /// <summary>Images of many sizes, parts of a large one that reach beyond it, and one without a label.</summary>
    private List<SegmentationSample> Samples()
    {
        var samples = new List<SegmentationSample>();
        (int Height, int Width)[] sizes = [(40, 50), (24, 32), (31, 77), (90, 35), (5, 60), (70, 90)];
        for (var i = 0; i < sizes.Length; i++)
        {
            var (height, width) = sizes[i];
            var random = new Random(i);
            tree.Add($"s{i}", height, width, (row, column) => ((row / 7 + column / 9 + random.Next(3) / 2) % 5) switch
            {
                0 => Ignored,
                1 or 2 => TwoClasses.Colors[1],
                _ => TwoClasses.Colors[0],
            });
            samples.Add(new($"s{i}", tree.ImagePath($"s{i}"), tree.LabelPath($"s{i}"), new(height, width)));
        }
        var large = samples[^1];
        for (var top = 0; top < 70; top += 40)
        {
            for (var left = 0; left < 90; left += 50)
                samples.Add(large with { Id = $"tile {top} {left}", Region = new(top, left, new(40, 50)) });
        }
        samples.Add(samples[2] with { Id = "no label", LabelPath = null });
        return samples;
    }

    private static List<BatchValues> Batches(
        SampleSource source, VocSegDataLoaderOptions loading, int workers, Func<BatchBuffer> createBuffer)
    {
        using var pool = new BatchBufferPool(createBuffer, source.CreateWorker);
        var batches = new List<BatchValues>();
        for (var epoch = 0; epoch < Epochs; epoch++)
        {
            var plan = new EpochPlan(source, loading, epoch);
            using var pipeline = Pipelines.Begin(plan, source, pool, buffers: 2, workers, CancellationToken.None);
            for (var batch = 0; batch < plan.Batches; batch++)
            {
                var buffer = pipeline.Take(batch);
                batches.Add(Read(buffer.Deliver(plan.SizeOf(batch))));
                pipeline.Return(batch, buffer);
            }
        }
        return batches;
    }

    private static List<BatchValues> CachedBatches(
        SampleSource source, DeviceCache cache, VocSegDataLoaderOptions loading)
    {
        var batches = new List<BatchValues>();
        for (var epoch = 0; epoch < Epochs; epoch++)
        {
            var plan = new EpochPlan(source, loading, epoch);
            using var cached = new CachedBatches(source, cache, plan, CancellationToken.None);
            for (var batch = 0; batch < plan.Batches; batch++)
                batches.Add(Read(cached.Deliver(batch)));
        }
        return batches;
    }

    private static BatchValues Read(BatchTensors tensors)
    {
        var values = BatchValues.Read(tensors);
        tensors.Dispose();
        return values;
    }

    private static void RequireBits(List<BatchValues> expected, List<BatchValues> actual) =>
        BatchValues.RequireEqual(expected, actual);

    private static void RequireNear(List<BatchValues> expected, List<BatchValues> actual) =>
        BatchValues.RequireEqual(expected, actual, Bound);
}
