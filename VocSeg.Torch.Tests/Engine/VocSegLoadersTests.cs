using static TorchSharp.torch;

namespace VocSeg.Torch.Tests.Engine;

public sealed class VocSegLoadersTests : IDisposable
{
    private readonly PairFolder set = new();

    public VocSegLoadersTests()
    {
        for (var number = 0; number < 9; number++)
            set.Add($"images/{number}.png", $"labels/{number}.png", number, height: 12 + number, width: 20 + number);
    }

    public void Dispose() => set.Dispose();

    [Fact]
    public void Training_is_shuffled_and_drops_the_last_batch_and_validation_stays_whole_and_in_order()
    {
        var (train, validation) = Parts();
        using var loaders = VocSegLoaders.Load(train, validation, Options(), new() { BatchSize = 2 });
        Assert.Equal((2, 2), (loaders.Train.Count, loaders.Validation.Count));
        var orders = Enumerable.Range(0, 6).Select(_ => Order(loaders.Train)).ToArray();
        Assert.All(orders, order => Assert.Equal(4, order.Distinct().Count()));
        Assert.True(orders.Distinct(StringComparer.Ordinal).Count() > 1, "six epochs came in one order");
        Assert.Equal("012", Order(loaders.Validation));

        static string Order(VocSegDataLoader loader) => string.Concat(loader.SelectMany(batch => batch.Indices));
    }

    [Fact]
    public void Validation_has_the_options_of_training_but_only_the_framing_of_its_transforms()
    {
        var (train, validation) = Parts();
        var options = Options() with
        {
            Transforms =
            [
                new RandomScale(0.5, 2), new PadIfSmaller((16, 24)), new RandomCrop((16, 24)) { MinForeground = 0.3 },
                new RandomHorizontalFlip(), new ColorJitter(Brightness: 0.5),
            ],
            Channels = ImageChannels.Gray,
        };
        var loading = new VocSegDataLoaderOptions
        {
            BatchSize = 2,
            CropsPerSample = 3,
            Sampling = Sampling.Weighted([1, 0, 0, 0, 0], 4),
        };
        using var loaders = VocSegLoaders.Load(train, validation, options, loading);
        Assert.Equal(options, loaders.Train.Dataset.Options);
        Assert.Equal(
            [new PadIfSmaller((16, 24)), new RandomCrop((16, 24))], loaders.Validation.Dataset.Options.Transforms);
        Assert.Equal(ImageChannels.Gray, loaders.Validation.Dataset.Options.Channels);
        Assert.Equal(5, loaders.Validation.Dataset.Seed);
        Assert.Equal([0, 1, 2], loaders.Validation.SelectMany(batch => batch.Indices));
        Assert.Equal(Enumerable.Repeat(0L, 12), loaders.Train.SelectMany(batch => batch.Indices));
    }

    [Fact]
    public void In_the_place_of_a_part_of_random_size_validation_sees_the_sample_whole()
    {
        var (train, validation) = Parts();
        var options = Options() with { Transforms = [new RandomResizedCrop((16, 24)), new RandomVerticalFlip()] };
        using var loaders = VocSegLoaders.Load(train, validation, options, new() { BatchSize = 2 });
        Assert.Equal([new Resize((16, 24)), new Whole()], loaders.Validation.Dataset.Options.Transforms);
        Assert.All(loaders.Validation, batch => Assert.Equal([16, 24], batch.Label.shape[1..]));
    }

    [Fact]
    public void Of_the_users_own_transforms_validation_has_those_that_say_so()
    {
        var (train, validation) = Parts();
        var loading = new VocSegDataLoaderOptions { BatchSize = 2, BatchTransforms = [new Ones(), new Negative()] };
        using var loaders = VocSegLoaders.Load(train, validation, Options(), loading);
        Assert.Equal([-1f], ValuesOf(loaders.Train));
        Assert.Equal([1f], ValuesOf(loaders.Validation));

        static IEnumerable<float> ValuesOf(VocSegDataLoader loader) =>
            loader.SelectMany(batch => batch.Image.Values<float>()).Distinct();
    }

    [Fact]
    public void Validation_may_have_options_of_its_own()
    {
        var (train, validation) = Parts();
        var options = Options();
        using var loaders = VocSegLoaders.Load(
            train, validation, options, new() { BatchSize = 3 }, options with { Transforms = [new Whole()] });
        var batch = Assert.Single(loaders.Validation.Select(batch => (batch.Image.shape, batch.Sizes)));
        Assert.Equal([3, 3, 15, 23], batch.shape);
        Assert.Equal(validation.Samples.Select(sample => sample.Size), batch.Sizes);
        Assert.Equal([3, 3, 8, 8], Assert.Single(loaders.Train.Select(trained => trained.Image.shape)));
    }

    [Fact]
    public void Training_stays_in_order_and_whole_where_that_is_said()
    {
        var (train, validation) = Parts();
        var all = new VocSegDataLoaderOptions { BatchSize = 2, DropLast = false };
        using (var loaders = VocSegLoaders.Load(train, validation, Options(), all))
        {
            Assert.True(loaders.Train.Options.Shuffle);
            Assert.Equal([2, 2, 1], loaders.Train.Select(batch => batch.Indices.Count));
        }
        using (var loaders = VocSegLoaders.Load(train, validation, Options(), all with { Shuffle = false }))
        {
            Assert.Equal([0, 1, 2, 3, 4], loaders.Train.SelectMany(batch => batch.Indices));
            Assert.False(loaders.Train.Options.PrefetchNextEpoch);
        }
        // All of training in one batch that is not full.
        using (var loaders = VocSegLoaders.Load(train, validation, Options(), all with { BatchSize = 7 }))
            Assert.Equal((1, 1), (loaders.Train.Count, loaders.Validation.Count));
        // What is said of training is not said of validation.
        var said = new VocSegDataLoaderOptions { BatchSize = 2, Shuffle = true, DropLast = true };
        using (var loaders = VocSegLoaders.Load(train, validation, Options(), said))
            Assert.Equal([0, 1, 2], loaders.Validation.SelectMany(batch => batch.Indices));
    }

    [Fact]
    public void Too_few_samples_for_a_batch_are_an_error()
    {
        var (train, validation) = Parts();
        var large = Options() with { Transforms = [new RandomCrop((500, 500))] };
        Assert.Contains(
            "DropLast = false",
            Assert.Throws<ArgumentException>(
                () => VocSegLoaders.Load(train, validation, Options(), new() { BatchSize = 7 })).Message,
            StringComparison.Ordinal);
        Assert.Throws<DatasetException>(
            () => VocSegLoaders.Load(train, validation, Options(), new() { BatchSize = 2 }, large));
    }

    [Fact]
    public void The_labels_of_a_voc_folder_may_be_in_another_folder()
    {
        using var tree = new VocTree().Add("a", 20, 24).Add("b", 20, 24);
        tree.WriteList("val", ["b"]);
        var other = Path.Combine(tree.Root, "SegmentationClassAug");
        Directory.CreateDirectory(other);
        foreach (var id in new[] { "a", "b" })
            VocTree.WriteLabel(Path.Combine(other, id + ".png"), 20, 24, (_, _) => SegmentationPalette.Voc.Colors[7]);
        using var loaders = VocSegLoaders.Load(
            tree.Root, batchSize: 2, cropSize: new(16, 16), labelFolder: "SegmentationClassAug");
        var (train, validation) = loaders;
        foreach (var (_, label) in train)
            Assert.All(label.Values<long>(), index => Assert.Equal(7, index));
        Assert.Equal(1, validation.Count);
    }

    private sealed class Ones : IBatchTransform
    {
        public bool InValidation => true;

        public (Tensor Image, Tensor Label, Tensor? Weight) Apply(BatchTransformInput batch)
        {
            batch.Image.fill_(1);
            return batch.Tensors;
        }
    }

    private sealed class Negative : IBatchTransform
    {
        public (Tensor Image, Tensor Label, Tensor? Weight) Apply(BatchTransformInput batch)
        {
            batch.Image.neg_();
            return batch.Tensors;
        }
    }

    private static VocSegDatasetOptions Options() => new()
    {
        Transforms = [new RandomCrop((8, 8))],
        Palette = SegmentationPalette.FromNames("a", "b", "c"),
        Seed = 5,
    };

    private (SampleCatalog Train, SampleCatalog Validation) Parts()
    {
        var all = SampleCatalog.FromFolders(set["images"], set["labels"]);
        return (
            all.Where(sample => int.Parse(sample.Id, null) > 3),
            all.Where(sample => int.Parse(sample.Id, null) is > 0 and <= 3));
    }
}
