using TorchSharp;

namespace VocSeg.Torch.Tests.Engine;

/// <summary>Samples that cannot be read, where the loader is to skip them.</summary>
[Collection(LiveTensors.Name)]
public sealed class SkippingTests : IDisposable
{
    private const double Bound = 1e-5;
    private static readonly VocSegDataLoaderOptions Skipping =
        new() { BatchSize = 5, Shuffle = true, OnError = OnError.Skip(0.5), Warn = _ => { } };

    private readonly BadSet set = new();
    private readonly long before = torch.Tensor.TotalCount;

    public static TheoryData<string> Names => LoaderCases.Names;

    public void Dispose() => set.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_way_skips_the_same_samples_and_makes_the_same_batches(string name)
    {
        var (transforms, options) = LoaderCases.Get(name);
        using (var dataset = set.Dataset(transforms))
        {
            var expected = Run(dataset, options with { Workers = 1 }, onHost: true, out var skipped);
            Assert.NotEmpty(skipped);
            Assert.All(skipped, sample => Assert.Contains((int)sample.Index, BadSet.Bad));
            Assert.All(expected, batch => Assert.Empty(batch.Indices.Intersect(BadSet.Bad.Select(bad => (long)bad))));
            foreach (var onHost in new[] { true, false })
            {
                foreach (var cache in Caches.All)
                {
                    var actual = Run(
                        dataset, options with { Workers = 3, Prefetch = 1, Cache = cache }, onHost, out var same);
                    BatchValues.RequireEqual(expected, actual, onHost ? 0 : Bound);
                    // Without its label a sample is known to be bad by another file of it than with both.
                    Assert.Equal(
                        skipped.Select(sample => (sample.Epoch, sample.Place, sample.Id)),
                        same.Select(sample => (sample.Epoch, sample.Place, sample.Id)));
                }
            }
        }
        Assert.Equal(before, torch.Tensor.TotalCount);
    }

    [Fact]
    public void A_batch_tells_which_samples_it_really_holds()
    {
        using var dataset = set.Dataset(new RandomCrop(BadSet.Crop));
        using var loader = new VocSegDataLoader(dataset, Skipping);
        foreach (var batch in loader)
        {
            var labels = batch.Label.Values<long>().Chunk((int)BadSet.Crop.Pixels).ToArray();
            Assert.All(
                labels.Zip(batch.Indices),
                pair => Assert.All(pair.First, value => Assert.True(value == 0 || value == pair.Second % 20 + 1)));
        }
    }

    [Fact]
    public void Each_is_told_before_its_batch_and_all_are_listed_at_the_end_of_the_epoch()
    {
        File.Delete(set.Catalog.Samples[11].ImagePath);
        var (told, warned, batches) = (new List<(SkippedSample Sample, int Batch)>(), new List<string>(), 0);
        using var dataset = set.Dataset(new RandomCrop(BadSet.Crop));
        using var loader = new VocSegDataLoader(dataset, Skipping with
        {
            Shuffle = false,
            SampleSkipped = sample => told.Add((sample, batches)),
            Warn = warned.Add,
        });
        Assert.Empty(loader.Skipped);
        foreach (var batch in loader)
        {
            batches++;
            Assert.Empty(warned);
        }
        var skipped = loader.Skipped;
        Assert.Equal(told.Select(one => one.Sample), skipped);
        var atPlaces = skipped.DistinctBy(sample => sample.Place).ToArray();
        Assert.Equal(BadSet.Bad, atPlaces.Select(sample => (int)sample.Place));
        Assert.Equal(BadSet.Bad, atPlaces.Select(sample => (int)sample.Index));
        Assert.All(told, one => Assert.Equal(one.Sample.Place / 5, one.Batch));
        Assert.All(skipped, sample => Assert.Contains(sample.Id, sample.Path, StringComparison.Ordinal));
        var summary = Assert.Single(warned);
        Assert.Contains("epoch 0: 4 of 24 places", summary, StringComparison.Ordinal);
        Assert.All(
            atPlaces, sample => Assert.Contains($"{sample.Id}: {sample.Reason}", summary, StringComparison.Ordinal));
        Assert.Equal(DatasetFault.NotFound, atPlaces[2].Fault);
        Assert.Equal(DatasetFault.UnknownValue, atPlaces[1].Fault);
        // The next epoch has a list of its own.
        Assert.Equal(1, loader.First().Epoch);
        Assert.All(loader.Skipped, sample => Assert.Equal(1, sample.Epoch));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Beyond_the_share_the_loop_ends_at_the_same_batch_with_the_list(int workers)
    {
        using var dataset = set.Dataset(new RandomCrop(BadSet.Crop));
        // 2 of 24 may be skipped; the third, 11, is in the third batch.
        using var loader = new VocSegDataLoader(
            dataset, Skipping with { Shuffle = false, OnError = OnError.Skip(2 / 24.0), Workers = workers });
        var whole = 0;
        var error = Assert.Throws<DatasetException>(() =>
        {
            foreach (var batch in loader)
                whole++;
        });
        Assert.Equal(2, whole);
        Assert.All([3, 4, 11], bad => Assert.Contains(BadSet.Id(bad), error.Message, StringComparison.Ordinal));
        Assert.DoesNotContain(BadSet.Id(17), error.Message, StringComparison.Ordinal);
        Assert.Contains("more than the 2 that OnError allows", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_the_option_the_first_bad_sample_ends_the_loop()
    {
        using var dataset = set.Dataset(new Whole());
        using var loader = new VocSegDataLoader(dataset, Skipping with { OnError = OnError.Throw, Shuffle = false });
        Assert.Equal(BadSet.Id(3), Assert.Throws<DatasetException>(() => loader.Count()).SampleId);
    }

    [Fact]
    public void Where_nothing_can_be_read_the_loop_ends()
    {
        foreach (var sample in set.Catalog.Samples)
            File.Delete(sample.LabelPath!);
        using var dataset = set.Dataset(new RandomCrop(BadSet.Crop));
        using var loader = new VocSegDataLoader(dataset, Skipping with { OnError = OnError.Skip(1) });
        var error = Assert.Throws<DatasetException>(() => loader.First());
        Assert.Contains("place 0 of epoch 0", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Only_what_is_wrong_with_files_is_skipped()
    {
        var skip = OnError.Skip(0.1);
        Assert.True(skip.MaySkip(new("a.jpg", "is cut short")));
        Assert.True(skip.MaySkip(new("a.jpg", "is not there", new FileNotFoundException())));
        Assert.False(skip.MaySkip(new("a.jpg", "is large", new OutOfMemoryException())));
        Assert.False(skip.MaySkip(new("a.jpg", "is large", new IOException("", new OutOfMemoryException()))));
        Assert.False(OnError.Throw.MaySkip(new("a.jpg", "is cut short")));
        Assert.All([0, -0.1, 1.1, double.NaN], share =>
            Assert.Throws<ArgumentOutOfRangeException>(() => OnError.Skip(share)));
        Assert.Equal(29, OnError.Skip(0.29).MostOf(100));
        Assert.Equal(0, OnError.Skip(0.29).MostOf(3));

        using var stop = new CancellationTokenSource();
        using var dataset = set.Dataset(new RandomCrop(BadSet.Crop));
        using var loader = new VocSegDataLoader(dataset, Skipping);
        Assert.Throws<OperationCanceledException>(() =>
        {
            foreach (var batch in loader.WithCancellation(stop.Token))
                stop.Cancel();
        });
    }

    [Fact]
    public void An_error_of_who_listens_ends_the_loop_and_leaves_nothing_behind()
    {
        using (var dataset = set.Dataset(new RandomCrop(BadSet.Crop)))
        {
            using var loader = new VocSegDataLoader(
                dataset, Skipping with { SampleSkipped = _ => throw new InvalidOperationException("no more") });
            Assert.Throws<InvalidOperationException>(() => loader.Count());
        }
        Assert.Equal(before, torch.Tensor.TotalCount);
    }

    private static List<BatchValues> Run(
        VocSegDataset dataset, VocSegDataLoaderOptions options, bool onHost, out List<SkippedSample> skipped)
    {
        var told = skipped = [];
        // The third epoch comes from a full cache.
        using var loader = new VocSegDataLoader(dataset, options with { SampleSkipped = told.Add }, onHost);
        return BatchValues.Epochs(loader, 3);
    }
}
