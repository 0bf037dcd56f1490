namespace VocSeg.Torch.Tests.Engine;

[Collection(LiveTensors.Name)]
public sealed class SamplingTests : IDisposable
{
    private readonly SampleSet set = new();
    private readonly VocSegDataset dataset;

    public SamplingTests() => dataset = set.Dataset();

    public void Dispose()
    {
        dataset.Dispose();
        set.Dispose();
    }

    [Fact]
    public void Weighted_samples_come_as_often_as_their_weights_say()
    {
        var weights = Enumerable.Range(0, (int)dataset.Count)
            .Select(index => index % 5 == 0 ? 0.0 : index % 5)
            .ToArray();
        const int Draws = 20_000;
        var counts = new int[weights.Length];
        foreach (
            var index in Sampling.Weighted(weights, Draws).Order(weights.Length, shuffle: false, seed: 5, epoch: 2))
            counts[index]++;
        for (var index = 0; index < counts.Length; index++)
        {
            var share = weights[index] / weights.Sum();
            // Five standard deviations of a binomial count.
            var tolerance = 5 * Math.Sqrt(Draws * share * (1 - share));
            Assert.InRange(counts[index], Draws * share - tolerance, Draws * share + tolerance);
        }
    }

    [Fact]
    public void A_weighted_epoch_is_drawn_again_by_the_same_seed_and_a_repeated_sample_has_another_crop()
    {
        var weights = Enumerable.Range(0, (int)dataset.Count).Select(index => index < 3 ? 1.0 : 0.0);
        var options = new VocSegDataLoaderOptions { BatchSize = 8, Sampling = Sampling.Weighted(weights, 40) };
        using var loader = new VocSegDataLoader(dataset, options);
        Assert.Equal(5, loader.Count);
        var first = Drawn(loader);
        Assert.Equal(40, first.Length);
        Assert.All(first, drawn => Assert.InRange(drawn.Index, 0, 2));
        // Some thirteen crops of each of three samples.
        Assert.True(first.Distinct().Count() > 12);
        Assert.NotEqual(first, Drawn(loader));
        loader.NextEpoch = 0;
        Assert.Equal(first, Drawn(loader));
        loader.NextEpoch = 0;
        var state = loader.State with { Batch = 3 };
        loader.State = state;
        Assert.Equal(first[24..], Drawn(loader));
    }

    [Fact]
    public void Crops_of_a_sample_stand_together_and_differ_and_the_first_is_the_one_that_it_has_alone()
    {
        var options = new VocSegDataLoaderOptions { BatchSize = 6, Shuffle = true };
        using var alone = new VocSegDataLoader(dataset, options);
        using var several = new VocSegDataLoader(dataset, options with { CropsPerSample = 4 });
        Assert.Equal((dataset.Count * 4 + 5) / 6, several.Count);
        var (single, crops) = (Drawn(alone), Drawn(several));
        Assert.Equal(single.Select(drawn => drawn.Index), crops.Chunk(4).Select(four => Assert.Single(
            four.Select(drawn => drawn.Index).Distinct())));
        Assert.Equal(single, crops.Where((_, place) => place % 4 == 0));
        Assert.True(crops.Distinct().Count() > crops.Length / 2);
    }

    [Fact]
    public void Crops_of_one_image_in_a_batch_decode_it_once()
    {
        var plan = new EpochPlan(dataset.Source, new() { BatchSize = 6, CropsPerSample = 4 }, epoch: 0);
        var runs = Enumerable.Range(0, plan.RunCount).Select(run => plan.Run(run).Length).ToArray();
        Assert.Equal(plan.Samples, runs.Sum());
        Assert.Equal([4, 2, 2, 4, 4, 2], runs.Take(6));
    }

    [Fact]
    public void More_samples_than_an_epoch_can_have_are_refused_at_once()
    {
        var weights = Enumerable.Repeat(1.0, (int)dataset.Count);
        VocSegDataLoaderOptions[] wrong =
        [
            new() { CropsPerSample = int.MaxValue },
            new() { CropsPerSample = 1000, Sampling = Sampling.Weighted(weights, 1_000_000_000) },
        ];
        foreach (var options in wrong)
        {
            var error = Assert.Throws<ArgumentException>(() => new VocSegDataLoader(dataset, options));
            Assert.Contains("take a smaller CropsPerSample", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Wrong_weights_are_said_when_they_are_given()
    {
        Assert.Throws<ArgumentException>(() => Sampling.Weighted([1, -1], 3));
        Assert.Throws<ArgumentException>(() => Sampling.Weighted([0, 0], 3));
        Assert.Throws<ArgumentException>(() => Sampling.Weighted([1, double.NaN], 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => Sampling.Weighted([1], 0));
        var error = Assert.Throws<ArgumentException>(
            () => new VocSegDataLoader(dataset, new() { Sampling = Sampling.Weighted([1, 2], 3) }));
        Assert.Contains($"2 weights were given for {dataset.Count} samples", error.Message, StringComparison.Ordinal);
    }

    private static (long Index, SampleGeometry Geometry)[] Drawn(VocSegDataLoader loader) =>
        [.. loader.SelectMany(batch => batch.Indices.Zip(batch.Geometries)).Select(pair => (pair.First, pair.Second))];
}
