using SkiaSharp;
using TorchSharp;

namespace VocSeg.Torch.Tests.Engine;

/// <summary>Batches of samples whose JPEGs are decoded reduced, beside those of whole ones.</summary>
[Collection(LiveTensors.Name)]
public sealed class ReducedJpegDecodingTests : IDisposable
{
    private const int Epochs = 2;
    private const double Bound = 5;
    private static readonly ImageSize Crop = new(24, 32);

    private static readonly Dictionary<string, SampleTransform[]> Chains = new(StringComparer.Ordinal)
    {
        ["resize"] = [new Resize(Crop), new Whole()],
        ["letterbox"] = [new RandomHorizontalFlip(), new Letterbox(Crop), new Whole()],
        ["scale, crop, colour"] =
        [
            new RandomScale(0.1, 0.9), new DrawnFlip(), new PadIfSmaller(Crop), new RandomCrop(Crop), new DrawnColor(),
        ],
        ["by label"] =
            [new RandomScale(0.1, 0.6), new PadIfSmaller(Crop), new RandomCrop(Crop) { CatMaxRatio = 0.3 }],
        ["resized crop"] = [new RandomResizedCrop(Crop) { Scale = (0.05, 1) }],
        ["turn, scale"] = [new DrawnTurn(), new RandomScale(0.1, 0.5), new PadIfSmaller(Crop), new RandomCrop(Crop)],
    };

    private readonly PairFolder folder = new();
    private readonly List<(string Id, string Image, string? Label)> pairs = [];

    public ReducedJpegDecodingTests()
    {
        var sampling = SKJpegEncoderDownsample.Downsample420;
        Add("baseline", Jpegs.Encode(new(203, 149), sampling), new(203, 149));
        Add("wide", Jpegs.Encode(new(120, 260), SKJpegEncoderDownsample.Downsample422), new(120, 260));
        Add("full colour", Jpegs.Encode(new(131, 137), SKJpegEncoderDownsample.Downsample444), new(131, 137));
        Add("progressive", TinyJpegs.Progressive, new(32, 48));
        Add("gray", TinyJpegs.Gray, new(16, 32));
        Add("arithmetic", TinyJpegs.Arithmetic, new(32, 48));
        Add("narrow", Jpegs.Encode(new(90, 8), sampling), new(90, 8));
        Add("flat", Jpegs.Encode(new(9, 100), sampling), new(9, 100));
        Add("low", Jpegs.Encode(new(7, 90), sampling), new(7, 90));
        foreach (var orientation in new[] { 3, 6, 7 })
        {
            Add($"turned {orientation}", Jpegs.Encode(new(117, 155), sampling), new(117, 155), orientation);
        }
        folder.Add("images/png.png", number: 3, height: 90, width: 130);
        Add("png", File.ReadAllBytes(folder["images/png.png"]), new(90, 130));
    }

    public static MatrixTheoryData<string, int, ImageDecoderKind> Cases =>
        new(Chains.Keys, [1, 3], [ImageDecoderKind.Skia, ImageDecoderKind.TurboJpeg]);

    public void Dispose() => folder.Dispose();

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_way_gives_the_values_of_plain_loops_over_what_SkiaSharp_scales(
        string chain, int cropsPerSample, ImageDecoderKind kind)
    {
        Decoders.Require(kind);
        var before = torch.Tensor.TotalCount;
        var options = new VocSegDatasetOptions
        {
            Transforms = [.. Chains[chain]],
            Decoder = kind,
            Seed = 5,
            ReducedJpegDecoding = true,
        };
        var reduced = 0;
        using (var whole = Open(options with { ReducedJpegDecoding = false }))
        using (var dataset = Open(options))
        {
            var one = Read(dataset, cropsPerSample, workers: 1, prefetch: 1);
            RequireSame(one, Read(dataset, cropsPerSample, workers: 4, prefetch: 3), 0);
            RequireSame(one, Read(dataset, cropsPerSample, workers: 2, prefetch: 1, OnError.Skip(0.1)), 0);
            RequireSame(one, Read(dataset, cropsPerSample, workers: 2, prefetch: 1, onHost: false), 1e-5);
            RequireSame(
                one,
                Read(dataset, cropsPerSample, workers: 2, prefetch: 1, OnError.Skip(0.1), onHost: false), 1e-5);
            var without = Read(whole, cropsPerSample, workers: 2, prefetch: 1);
            foreach (var (ours, others) in one.Zip(without))
            {
                Assert.Equal(others.Label, ours.Label);
                Assert.Equal(others.Geometry, ours.Geometry);
                if (ours.Geometry.Reduction.IsWhole || IsAlwaysWhole(dataset.Samples[(int)ours.Index]))
                    Assert.Equal(others.Image, ours.Image);
                else if (!others.Image.SequenceEqual(ours.Image))
                    reduced++;
            }
            if (cropsPerSample == 1)
                Assert.All(one.Take((int)dataset.Count), value => RequireSlowValues(dataset, value, kind));
        }
        Assert.True(reduced > 5);
        Assert.Equal(before, torch.Tensor.TotalCount);
    }

    [Theory]
    [InlineData(SKJpegEncoderDownsample.Downsample420)]
    [InlineData(SKJpegEncoderDownsample.Downsample444)]
    public void Smooth_images_are_within_five_levels_of_those_that_are_decoded_whole(SKJpegEncoderDownsample sampling)
    {
        pairs.Clear();
        ImageSize[] sizes = [new(300, 400), new(241, 333), new(375, 500), new(512, 384)];
        foreach (var size in sizes)
        {
            for (var orientation = 1; orientation <= 8; orientation++)
                Add($"{size} {orientation}", SmoothJpegs.Encode(size, sampling), size, orientation);
        }
        var (most, onAverage) = (new double[4], 0.0);
        foreach (var scale in new[] { 0.1, 0.2, 0.4 })
        {
            var options = new VocSegDatasetOptions
            {
                Transforms = [new RandomRotation(10), new RandomScale(scale, scale), new Whole()],
                Normalization = Normalization.None,
                Seed = 3,
            };
            using var whole = Open(options);
            using var reduced = Open(options with { ReducedJpegDecoding = true });
            for (var index = 0; index < reduced.Count; index++)
            {
                var geometry = reduced.GeometryOf(index, 0);
                using var expected = new Disposables(whole.GetTensor(index, 0));
                using var actual = new Disposables(reduced.GetTensor(index, 0));
                Assert.Equal(expected["label"].Values<long>(), actual["label"].Values<long>());
                var differences = expected["image"].Values<float>()
                    .Zip(actual["image"].Values<float>(), (one, other) => Math.Abs(one - other) * 255.0).ToArray();
                // At the edges the outermost pixel goes on.
                var edge = (geometry.Reduction.Divisor - 1) / 2.0 * SmoothJpegs.SlopeOf(geometry.Source);
                Assert.InRange(differences.Max(), 0, Bound + edge);
                onAverage = Math.Max(onAverage, differences.Average());
                Assert.InRange(differences.Average(), 0, 0.6);
                ref var inside = ref most[geometry.Reduction.Halvings];
                inside = Math.Max(inside, Inside(differences, geometry));
            }
        }
        TestContext.Current.TestOutputHelper?.WriteLine($"{string.Join(' ', most)}, on average {onAverage}");
        Assert.All(most[1..], value => Assert.InRange(value, 0.01, Bound));
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, false)]
    [InlineData(true, true)]
    [InlineData(false, true)]
    public void What_is_no_jpeg_is_decoded_once_for_all_its_crops(bool onHost, bool mayDiffer)
    {
        const int Crops = 9;
        pairs.RemoveAll(pair => (pair.Id == "png") == mayDiffer || pair.Id is not ("png" or "baseline"));
        var (id, image, label) = Assert.Single(pairs);
        var bytes = new FileInfo(image).Length + new FileInfo(label!).Length;
        var chain = new SampleTransform[] { new RandomScale(0.1, 0.9), new PadIfSmaller(Crop), new RandomCrop(Crop) };
        using var dataset = new VocSegDataset(
            SampleCatalog.FromPairs(pairs), new() { Transforms = [.. chain], Seed = 2, ReducedJpegDecoding = true });
        var reductions = Enumerable.Range(0, Crops)
            .Select(visit => dataset.Source.Draw(new PlannedSample(0, visit), 0).Geometry.Reduction);
        Assert.True(reductions.Distinct().Count() > 1);
        using var loader = new VocSegDataLoader(
            dataset, new() { BatchSize = Crops, CropsPerSample = Crops, Workers = 1 }, onHost);
        Assert.Single(loader);
        if (mayDiffer)
            Assert.InRange(loader.LastEpoch!.BytesRead, bytes + 1, Crops * bytes);
        else
            Assert.Equal(bytes, loader.LastEpoch!.BytesRead);
    }

    [Fact]
    public void A_cache_is_refused_and_said_why()
    {
        using var dataset = Open(new() { Transforms = [.. Chains["resize"]], Seed = 1, ReducedJpegDecoding = true });
        foreach (var cache in Caches.All.Where(cache => cache != SampleCache.None))
        {
            foreach (var onHost in new[] { true, false })
            {
                var error = Assert.Throws<ArgumentException>(
                    () => new VocSegDataLoader(dataset, new() { BatchSize = 2, Cache = cache }, onHost));
                Assert.Contains("ReducedJpegDecoding = false", error.Message, StringComparison.Ordinal);
                Assert.Contains(cache.ToString(), error.Message, StringComparison.Ordinal);
            }
        }
        Assert.False(new VocSegDatasetOptions().ReducedJpegDecoding);
    }

    private static bool IsAlwaysWhole(SegmentationSample sample) => sample.Id is "png" or "low";

    /// <summary>The largest difference that no edge has a part in.</summary>
    private static double Inside(double[] differences, SampleGeometry map)
    {
        var (most, margin, plane) = (0.0, map.Reduction.Divisor, (int)map.Output.Pixels);
        for (var at = 0; at < plane; at++)
        {
            var (row, column) = map.ToSource(at / map.Output.Width + 0.5, at % map.Output.Width + 0.5);
            if (Math.Min(row, column) < margin
                || row > map.Source.Height - margin || column > map.Source.Width - margin)
            {
                continue;
            }
            for (var channel = 0; channel < 3; channel++)
                most = Math.Max(most, differences[channel * plane + at]);
        }
        return most;
    }

    private void Add(string id, byte[] image, ImageSize stored, int orientation = 1)
    {
        var size = ExifOrientation.Turn(stored, orientation);
        folder.Bytes(
            $"images/{id}", orientation == 1 ? image : Exif.InJpeg(image, Exif.Orientation(orientation, little: true)));
        folder.Label($"labels/{id}", size.Height, size.Width, (row, column) => (row / 5 + column / 7) % 21);
        pairs.Add((id, folder[$"images/{id}"], folder[$"labels/{id}"]));
    }

    /// <summary>The samples, and parts of the first one.</summary>
    private VocSegDataset Open(VocSegDatasetOptions options)
    {
        var reading = new SampleCatalogOptions { ApplyExifOrientation = true };
        var parts = SampleCatalog.FromPairs(pairs.Take(1), reading).Tiles(new(150, 100));
        return new(SampleCatalog.FromPairs(pairs, reading).Concat(parts), options);
    }

    private List<Value> Read(
        VocSegDataset dataset, int cropsPerSample, int workers, int prefetch, OnError? onError = null,
        bool onHost = true)
    {
        var options = new VocSegDataLoaderOptions
        {
            BatchSize = 6,
            CropsPerSample = cropsPerSample,
            Workers = workers,
            Prefetch = prefetch,
            OnError = onError ?? OnError.Throw,
        };
        using var loader = new VocSegDataLoader(dataset, options, onHost);
        var values = new List<Value>();
        for (var epoch = 0; epoch < Epochs; epoch++)
        {
            foreach (var batch in loader)
            {
                for (var slot = 0; slot < batch.Indices.Count; slot++)
                {
                    using var image = batch.Image[slot];
                    using var label = batch.Label[slot];
                    values.Add(new(
                        batch.Indices[slot], batch.Geometries[slot], image.Values<float>(), label.Values<long>()));
                }
            }
        }
        return values;
    }

    private static void RequireSame(List<Value> expected, List<Value> actual, double bound)
    {
        Assert.Equal(expected.Count, actual.Count);
        foreach (var (one, other) in expected.Zip(actual))
        {
            Assert.Equal((one.Index, one.Geometry), (other.Index, other.Geometry));
            Assert.Equal(one.Label, other.Label);
            Assert.InRange(SlowWarp.Distance([.. one.Image.Select(value => (double)value)], other.Image), 0, bound);
        }
    }

    private static void RequireSlowValues(VocSegDataset dataset, Value value, ImageDecoderKind kind)
    {
        var sample = dataset.Samples[(int)value.Index];
        var map = value.Geometry;
        var reduction = IsAlwaysWhole(sample) ? default : map.Reduction;
        var stored = ExifOrientation.Turn(sample.Size, sample.Orientation);
        var decoded = reduction.Reduce(stored);
        using var codec = SKCodec.Create(sample.ImagePath);
        var info = new SKImageInfo(decoded.Width, decoded.Height, SKColorType.Rgba8888, SKAlphaType.Unpremul, null);
        Assert.Equal(SKCodecResult.Success, codec.GetPixels(info, out var pixels));
        var turned = new byte[pixels.Length];
        var size = ExifOrientation.Turn(decoded, sample.Orientation);
        ExifOrientation.Turn(pixels, decoded, sample.Orientation, 0, size.Height, turned);
        // Of a stored image that is shown from its last column or row on, the rest comes first.
        var (fromLower, fromLast) = sample.Orientation switch
        {
            3 or 7 => (true, true),
            6 => (false, true),
            _ => (false, false),
        };
        var grid = new ImageGrid(
            size, reduction, fromLower ? size.Height - sample.Size.Height / (double)reduction.Divisor : 0,
            fromLast ? size.Width - sample.Size.Width / (double)reduction.Divisor : 0);
        var classes = new byte[sample.Size.Pixels];
        for (var at = 0; at < classes.Length; at++)
            classes[at] = (byte)((at / sample.Size.Width / 5 + at % sample.Size.Width / 7) % 21);
        var (_, color) = dataset.Source.Draw(new PlannedSample((int)value.Index, 0), 0);
        var frame = map.Output;
        var slow = SlowWarp.Read(turned, classes, map, color, dataset.Options, frame, grid);
        Assert.Equal(slow.Label, value.Label.Select(index => (double)index));
        // TurboJPEG may be a level off; colours change that by a factor of 2 at most.
        var bound = kind == ImageDecoderKind.Skia ? 1e-5 : 2 / 255.0 / 0.224 + 1e-5;
        Assert.InRange(SlowWarp.Distance(slow.Image, value.Image), 0, bound);
    }

    private sealed record Value(long Index, SampleGeometry Geometry, float[] Image, long[] Label);

    private sealed class Disposables(Dictionary<string, torch.Tensor> tensors) : IDisposable
    {
        internal torch.Tensor this[string key] => tensors[key];

        public void Dispose()
        {
            foreach (var tensor in tensors.Values)
                tensor.Dispose();
        }
    }
}
