using TorchSharp;

namespace VocSeg.Torch.Tests.Engine;

public sealed class VocSegDataLoaderTests(SampleSet set) : IClassFixture<SampleSet>
{
    [Fact]
    public void A_whole_batch_is_what_plain_loops_make_of_it()
    {
        using var dataset = set.Dataset();
        using var loader = new VocSegDataLoader(dataset, new() { BatchSize = 10, Shuffle = true, DropLast = true });
        var reference = new SlowReference(SegmentationPalette.Voc);
        foreach (var batch in loader)
        {
            Assert.Equal([10, 3, 24, 32], batch.Image.shape);
            Assert.Equal([10, 24, 32], batch.Label.shape);
            Assert.Equal((torch.float32, torch.int64), (batch.Image.dtype, batch.Label.dtype));
            Assert.True(batch.Image.is_contiguous());
            var image = batch.Image.Values<float>();
            var label = batch.Label.Values<long>();
            for (var slot = 0; slot < 10; slot++)
            {
                var index = batch.Indices[slot];
                var (expectedImage, expectedLabel) = reference.Read(
                    dataset.Samples[(int)index], dataset.GeometryOf(index, batch.Epoch), SampleSet.Crop);
                Assert.Equal(expectedLabel, label[(slot * expectedLabel.Length)..((slot + 1) * expectedLabel.Length)]);
                for (var i = 0; i < expectedImage.Length; i++)
                    Assert.Equal(expectedImage[i], image[slot * expectedImage.Length + i], 1e-6);
            }
        }
    }

    [Theory]
    [InlineData(10, true, new[] { 10, 10 })]
    [InlineData(10, false, new[] { 10, 10, 3 })]
    [InlineData(23, true, new[] { 23 })]
    [InlineData(1000, false, new[] { 23 })]
    public void Batches_have_the_sizes_that_drop_last_gives(int batchSize, bool dropLast, int[] sizes)
    {
        using var dataset = set.Dataset();
        using var loader = new VocSegDataLoader(
            dataset, new() { BatchSize = batchSize, DropLast = dropLast, Shuffle = true });
        Assert.Equal(sizes.Length, loader.Count);
        Assert.Equal(sizes, loader.Select(batch => (int)batch.Image.shape[0]));
    }

    [Fact]
    public void An_epoch_visits_every_sample_once_in_an_order_of_its_own()
    {
        using var dataset = set.Dataset();
        using var loader = new VocSegDataLoader(dataset, new() { BatchSize = 4, Shuffle = true });
        var first = Indices(loader);
        var second = Indices(loader);
        Assert.Equal(Enumerable.Range(0, 23).Select(i => (long)i), first.Order());
        Assert.Equal(Enumerable.Range(0, 23).Select(i => (long)i), second.Order());
        Assert.NotEqual(first, second);
        Assert.NotEqual(first.Order(), first);
    }

    [Fact]
    public void Without_shuffle_the_order_is_the_lists()
    {
        using var dataset = set.Dataset();
        using var loader = new VocSegDataLoader(dataset, new() { BatchSize = 4 });
        Assert.Equal(Enumerable.Range(0, 23).Select(i => (long)i), Indices(loader));
    }

    [Fact]
    public void Epochs_are_the_same_whatever_the_number_of_workers_and_for_every_loader_with_the_seed()
    {
        var expected = Epochs(workers: 1);
        Assert.Equal(expected, Epochs(workers: 2));
        Assert.Equal(expected, Epochs(workers: 7));

        List<float> Epochs(int workers)
        {
            using var dataset = set.Dataset();
            using var loader = new VocSegDataLoader(
                dataset, new() { BatchSize = 5, Workers = workers, Shuffle = true, DropLast = true });
            var values = new List<float>();
            for (var epoch = 0; epoch < 2; epoch++)
            {
                foreach (var (image, label) in loader)
                    values.AddRange([.. image.Values<float>(), .. label.Values<long>().Select(value => (float)value)]);
            }
            return values;
        }
    }

    [Fact]
    public void A_loader_goes_on_from_any_epoch()
    {
        using var dataset = set.Dataset();
        using var whole = new VocSegDataLoader(dataset, new() { BatchSize = 5, Shuffle = true, DropLast = true });
        Indices(whole);
        Indices(whole);
        using var resumed = new VocSegDataLoader(dataset, new() { BatchSize = 5, Shuffle = true, DropLast = true })
        {
            NextEpoch = 2,
        };
        Assert.Equal(Indices(whole), Indices(resumed));
        Assert.Equal(3, resumed.NextEpoch);
        Assert.Throws<ArgumentOutOfRangeException>(() => resumed.NextEpoch = -1);
    }

    [Fact]
    public void A_batch_equals_the_data_sets_own_samples()
    {
        using var dataset = set.Dataset();
        using var loader = new VocSegDataLoader(dataset, new() { BatchSize = 6, Shuffle = true, DropLast = true });
        foreach (var batch in loader)
        {
            using var scope = torch.NewDisposeScope();
            var samples = batch.Indices.Select(index => dataset.GetTensor(index, batch.Epoch)).ToList();
            Assert.True(torch.stack(samples.Select(sample => sample["image"])).equal(batch.Image).all().ToBoolean());
            Assert.True(torch.stack(samples.Select(sample => sample["label"])).equal(batch.Label).all().ToBoolean());
        }
    }

    [Fact]
    public void TorchSharps_own_loader_works_over_the_data_set()
    {
        using var dataset = set.Dataset();
        using var own = set.Dataset();
        using var loader = torch.utils.data.DataLoader(
            dataset, 8, shuffle: true, seed: 3, num_worker: 2, disposeDataset: false);
        var seen = 0;
        foreach (var batch in loader)
        {
            Assert.Equal([batch["label"].shape[0], 3, 24, 32], batch["image"].shape);
            seen += (int)batch["image"].shape[0];
        }
        Assert.Equal(23, seen);
    }

    [Fact]
    public void A_file_that_breaks_during_training_stops_the_loop_with_its_id_and_path()
    {
        using var tree = new VocTree();
        for (var i = 0; i < 6; i++)
            tree.Add($"s{i}", 200, 200);
        using var dataset = new VocSegDataset(
            tree.Open(), new() { Transforms = [new RandomCrop(new(32, 32))], Seed = 1 });
        VocTree.CutInHalf(tree.ImagePath("s3"));
        using var loader = new VocSegDataLoader(
            dataset, new() { BatchSize = 2, Workers = 2, Shuffle = true, DropLast = true });
        var error = Assert.Throws<DatasetException>(() => Indices(loader));
        Assert.Equal((tree.ImagePath("s3"), "s3"), (error.Path, error.SampleId));
        Assert.Contains("cut short", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Wrong_options_fail_when_they_are_made()
    {
        Assert.Throws<ArgumentOutOfRangeException>(
            () => new VocSegDataLoaderOptions { BatchSize = 0, Shuffle = true, DropLast = true });
        Assert.Throws<ArgumentOutOfRangeException>(() => new VocSegDataLoaderOptions { Workers = 0 });
        using var dataset = set.Dataset();
        var error = Assert.Throws<ArgumentException>(
            () => new VocSegDataLoader(dataset, new() { BatchSize = 24, Shuffle = true, DropLast = true }));
        Assert.Contains("23 samples make no batch of 24", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Both_loaders_come_in_one_call()
    {
        using var loaders = VocSegLoaders.Load(set.Root, batchSize: 3, cropSize: (24, 32), seed: 5);
        var (train, validation) = loaders;
        Assert.Equal((23, 7), (train.Dataset.Count, validation.Dataset.Count));
        Assert.Equal((7, 3), (train.Count, validation.Count));
        Assert.Equal([0, 1, 2, 3, 4, 5, 6], Indices(validation));
        Assert.NotEqual(Indices(train).Order(), Indices(train));
    }

    private static long[] Indices(VocSegDataLoader loader) => [.. loader.SelectMany(batch => batch.Indices)];
}
