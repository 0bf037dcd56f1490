namespace VocSeg.Torch.Tests.Engine;

/// <summary>
/// What batches hold beside plain crops, against plain loops over whole decoded samples, on every way.
/// </summary>
[Collection(LiveTensors.Name)]
public sealed class BatchFormTests : IDisposable
{
    private static readonly SegmentationPalette Palette = SegmentationPalette.FromNames("background", "cell");
    private readonly PairFolder folder = new();
    private readonly SampleCatalog catalog;

    public BatchFormTests()
    {
        ImageSize[] sizes = [new(20, 33), new(41, 18), new(7, 9), new(20, 33), new(33, 40)];
        for (var number = 0; number < sizes.Length; number++)
        {
            var (image, mask, size) = ($"images/{number}.png", $"masks/{number}.png", sizes[number]);
            folder.Add(image, mask, number, size.Height, size.Width, classes: 2);
        }
        folder.Add("images/unlabelled.png", number: 9, height: 12, width: 40);
        catalog = SampleCatalog.FromPairs(
        [
            .. sizes.Select((_, number) =>
                ($"{number}", folder[$"images/{number}.png"], (string?)folder[$"masks/{number}.png"])),
            ("unlabelled", folder["images/unlabelled.png"], null),
        ]);
    }

    public static TheoryData<string, ImageChannels, LabelForm> Forms()
    {
        var forms = new TheoryData<string, ImageChannels, LabelForm>();
        foreach (var framing in new[] { "whole", "crop", "pad", "centre", "tiles", "crops of one" })
        {
            foreach (var channels in Enum.GetValues<ImageChannels>())
            {
                foreach (var label in Enum.GetValues<LabelForm>())
                    forms.Add(framing, channels, label);
            }
        }
        return forms;
    }

    public void Dispose() => folder.Dispose();

    [Theory]
    [MemberData(nameof(Forms))]
    public void Every_pixel_is_the_stored_one_or_padding(string framing, ImageChannels channels, LabelForm form)
    {
        var samples = framing == "tiles" ? catalog.Tiles((16, 16)) : catalog;
        var options = new VocSegDatasetOptions
        {
            Transforms = framing switch
            {
                "whole" => [new Whole()],
                "pad" => [new PadIfSmaller((24, 24)), new RandomCrop((24, 24))],
                "centre" => [new CenterCrop((6, 8))],
                "tiles" => [new RandomCrop((16, 16))],
                _ => [new RandomCrop((7, 9))],
            },
            Palette = Palette,
            Channels = channels,
            LabelForm = form,
            Seed = 3,
        };
        using var dataset = new VocSegDataset(samples, options);
        var loading = new VocSegDataLoaderOptions
        {
            BatchSize = 4,
            Shuffle = true,
            CropsPerSample = framing == "crops of one" ? 3 : 1,
        };
        foreach (var onHost in new[] { true, false })
        {
            foreach (var cache in Caches.All)
            {
                using var loader = new VocSegDataLoader(dataset, loading with { Cache = cache }, onHost);
                // The second epoch comes out of the cache.
                for (var epoch = 0; epoch < 2; epoch++)
                {
                    var seen = loader.Sum(batch => Check(dataset, batch));
                    Assert.Equal(dataset.Count * loading.CropsPerSample, seen);
                }
            }
        }
        if (framing == "tiles")
            Assert.Equal(catalog.Samples.Sum(sample => sample.Size.Pixels), PixelsSeen(dataset));
    }

    [Fact]
    public void Whole_samples_of_like_size_come_together_when_they_are_grouped()
    {
        using var dataset = new VocSegDataset(catalog, new() { Transforms = [new Whole()], Palette = Palette });
        using var loader = new VocSegDataLoader(dataset, new() { BatchSize = 2, GroupBySize = true });
        Assert.Equal(
            [(7, 9), (12, 40), (20, 33), (20, 33), (33, 40), (41, 18)],
            loader.SelectMany(batch => batch.Sizes).Select(size => (size.Height, size.Width)));
        // The padding of each batch follows from the largest of its own.
        Assert.Equal([12, 20, 41], loader.Select(batch => batch.Image.shape[2]));
    }

    [Fact]
    public void A_mask_needs_two_classes()
    {
        var error = Assert.Throws<ArgumentException>(
            () => new VocSegDataset(catalog, new() { LabelForm = LabelForm.Mask, Transforms = [new Whole()] }));
        Assert.Contains("two classes; this one has 21", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Tensors_of_a_sample_have_the_keys_that_were_asked_for()
    {
        using var dataset = new VocSegDataset(catalog, new()
        {
            Transforms = [new Whole()],
            Palette = Palette,
            LabelForm = LabelForm.Mask,
            ImageKey = "data",
            LabelKey = "target",
            WeightKey = "counts",
        });
        var tensors = dataset.GetTensor(0);
        Assert.Equal(["counts", "data", "target"], tensors.Keys.Order(StringComparer.Ordinal));
        Assert.Equal([1, 20, 33], tensors["target"].shape);
        foreach (var tensor in tensors.Values)
            tensor.Dispose();
        Assert.Throws<ArgumentException>(() => new VocSegDatasetOptions { ImageKey = "" });
    }

    /// <summary>Compares a batch pixel by pixel and gives its samples.</summary>
    private static int Check(VocSegDataset dataset, VocSegBatch batch)
    {
        var (isGray, isMask) = (
            dataset.Options.Channels == ImageChannels.Gray, dataset.Options.LabelForm == LabelForm.Mask);
        var (channels, height, width) = (
            (int)batch.Image.shape[1], (int)batch.Image.shape[2], (int)batch.Image.shape[3]);
        Assert.Equal(isGray ? 1 : 3, channels);
        long[] labelShape = isMask ? [batch.Indices.Count, 1, height, width] : [batch.Indices.Count, height, width];
        Assert.Equal(labelShape, batch.Label.shape);
        Assert.Equal(batch.Sizes.Max(size => size.Height), height);
        Assert.Equal(batch.Sizes.Max(size => size.Width), width);
        var image = batch.Image.Values<float>();
        var label = isMask
            ? batch.Label.Values<float>().Zip(batch.Weight!.Values<float>(), (mask, weight) => (mask, weight)).ToArray()
            : [.. batch.Label.Values<long>().Select(value => ((float)value, float.NaN))];
        Assert.Equal(isMask, batch.Weight is not null);
        for (var slot = 0; slot < batch.Indices.Count; slot++)
        {
            var sample = dataset.Samples[(int)batch.Indices[slot]];
            var whole = sample with { Region = null };
            var (pixels, classes) = (whole.ReadImage(), whole.ReadClassIndex(Palette));
            var (top, left) = batch.Geometries[slot].ToSource(0, 0);
            var size = batch.Sizes[slot];
            for (var row = 0; row < height; row++)
            {
                for (var column = 0; column < width; column++)
                {
                    var (fromRow, fromColumn) = (row + (int)top, column + (int)left);
                    var isThere = row < size.Height && column < size.Width
                        && fromRow >= 0 && fromRow < sample.Size.Height
                        && fromColumn >= 0 && fromColumn < sample.Size.Width;
                    var from = fromRow * sample.Size.Width + fromColumn;
                    var at = (slot * height + row) * width + column;
                    var index = isThere ? classes[from] : (byte)255;
                    (float, float) expected = isMask ? (index == 1 ? 1 : 0, index == 255 ? 0 : 1) : (index, float.NaN);
                    Assert.Equal(expected, label[at]);
                    for (var channel = 0; channel < channels; channel++)
                    {
                        var level = isThere ? Normalized(pixels.AsSpan(4 * from, 3), isGray ? null : channel) : 0;
                        Assert.Equal(level, image[((slot * channels + channel) * height + row) * width + column], 1e-5);
                    }
                }
            }
        }
        return batch.Indices.Count;
    }

    private static double Normalized(ReadOnlySpan<byte> pixel, int? channel)
    {
        double[] luma = [0.299, 0.587, 0.114], mean = [0.485, 0.456, 0.406], std = [0.229, 0.224, 0.225];
        if (channel is { } only)
            return (pixel[only] / 255.0 - mean[only]) / std[only];
        double level = 0, middle = 0, spread = 0;
        for (var i = 0; i < 3; i++)
        {
            level += luma[i] * pixel[i] / 255;
            middle += luma[i] * mean[i];
            spread += luma[i] * std[i];
        }
        return (level - middle) / spread;
    }

    /// <summary>The pixels of all samples that lie within their images.</summary>
    private static long PixelsSeen(VocSegDataset dataset)
    {
        var seen = new HashSet<(string, int, int)>();
        for (var index = 0; index < dataset.Count; index++)
        {
            var sample = dataset.Samples[index];
            var (top, left) = dataset.GeometryOf(index, 0).ToSource(0, 0);
            for (var row = (int)top; row < Math.Min(top + 16, sample.Size.Height); row++)
            {
                for (var column = (int)left; column < Math.Min(left + 16, sample.Size.Width); column++)
                    Assert.True(seen.Add((sample.ImagePath, row, column)));
            }
        }
        return seen.Count;
    }
}
