using System.Text.Json;
using CsCheck;

namespace VocSeg.Torch.Tests.Engine;

/// <summary>Several processes that share the batches of an epoch; here they are loaders of one process.</summary>
public sealed class ShardTests : IDisposable
{
    private static readonly Gen<(int Samples, int Ranks, int BatchSize, int Weighted, VocSegDataLoaderOptions Options)>
        Any = Gen.Select(
            Gen.Select(Gen.Int[1, 60], Gen.Int[1, 6], Gen.Int[1, 7]), Gen.Bool, Gen.Bool, Gen.Bool, Gen.Int[1, 3],
            Gen.Int[0, 30], (sizes, shuffle, dropLast, grouped, crops, weighted) => (
                sizes.Item1, sizes.Item2, sizes.Item3, weighted, new VocSegDataLoaderOptions
                {
                    BatchSize = sizes.Item3,
                    Shuffle = shuffle,
                    DropLast = dropLast,
                    GroupBySize = grouped,
                    CropsPerSample = crops,
                    Sampling = weighted == 0 ? Sampling.EachOnce : Sampling.Weighted(
                        Enumerable.Range(0, sizes.Item1).Select(index => 1.0 + index % 4), weighted),
                }));

    private readonly BadSet set = new();

    // A transform that mixes the samples of a batch has others to mix on each rank.
    public static TheoryData<string> Names =>
        [.. LoaderCases.Names.Select(row => row.Data).Where(name => name != LoaderCases.Mixing)];

    public void Dispose() => set.Dispose();

    [Fact]
    public void Batches_of_all_ranks_together_are_those_of_one_process() => Any.Sample(
        drawn =>
        {
            var (samples, ranks, batchSize, weighted, options) = drawn;
            using var source = Source(samples);
            var one = new EpochPlan(source, options with { BatchSize = batchSize * ranks }, epoch: 3);
            EpochPlan[] parts =
            [
                .. Enumerable.Range(0, ranks)
                    .Select(rank => new EpochPlan(source, options with { Shard = new(rank, ranks) }, epoch: 3)),
            ];
            Assert.All(parts, part => Assert.Equal(one.Batches, part.Batches));
            for (var batch = 0; batch < one.Batches; batch++)
            {
                var sizes = parts.Select(part => part.SizeOf(batch)).ToArray();
                Assert.InRange(sizes.Max() - sizes.Min(), 0, 1);
                Assert.Equal(
                    one.SamplesOf(batch).ToArray(), parts.SelectMany(part => part.SamplesOf(batch).ToArray()));
                Assert.All(
                    parts,
                    part => Assert.Equal(one.SamplesOf(batch).ToArray(), part.SharedSamplesOf(batch).ToArray()));
                Assert.Equal(
                    Enumerable.Range(one.PlaceInEpoch(batch, 0), one.SizeOf(batch)),
                    parts.SelectMany(part => Enumerable.Range(0, part.SizeOf(batch))
                        .Select(slot => part.PlaceInEpoch(batch, slot))));
            }
            foreach (var part in parts)
            {
                var inRuns = Enumerable.Range(0, part.RunCount).SelectMany(run => part.Run(run).ToArray());
                var inBatches = Enumerable.Range(0, part.Batches).SelectMany(batch => part.SamplesOf(batch).ToArray());
                Assert.Equal(inBatches, inRuns);
            }
            if (weighted == 0 && !options.DropLast)
            {
                var each = parts.SelectMany(part => Enumerable.Range(0, part.Batches)
                    .SelectMany(batch => part.SamplesOf(batch).ToArray()));
                Assert.Equal(
                    Enumerable.Range(0, samples * options.CropsPerSample)
                        .Select(at => new PlannedSample(at / options.CropsPerSample, at % options.CropsPerSample)),
                    each.OrderBy(sample => sample.Index).ThenBy(sample => sample.Visit));
            }
        },
        iter: 500);

    [Theory]
    [MemberData(nameof(Names))]
    public void Their_values_are_those_of_one_process_too(string name)
    {
        const int Ranks = 3;
        var (transforms, options) = LoaderCases.Get(name);
        using var dataset = set.Dataset(transforms);
        var skipped = new List<SkippedSample>();
        using var whole = new VocSegDataLoader(
            dataset, options with { BatchSize = Ranks * options.BatchSize, SampleSkipped = skipped.Add });
        var expected = BatchValues.Epochs(whole, 2);
        var told = new List<SkippedSample>();
        var parts = Enumerable.Range(0, Ranks).Select(rank =>
        {
            // Ranks may have other caches and numbers of workers.
            using var loader = new VocSegDataLoader(dataset, options with
            {
                Shard = new(rank, Ranks),
                Cache = Caches.All.ElementAt(rank),
                Workers = 1 + rank,
                SampleSkipped = told.Add,
            });
            Assert.Equal(whole.Count, loader.Count);
            Assert.True(loader.MemoryBytes < whole.MemoryBytes || rank > 0);
            return BatchValues.Epochs(loader, 2);
        }).ToArray();
        var together = Enumerable.Range(0, expected.Count)
            .Select(at => BatchValues.Together([.. parts.Select(one => one[at])]))
            .ToArray();
        BatchValues.RequireEqual(expected, together);
        Assert.Equal(skipped, told.OrderBy(sample => sample.Epoch).ThenBy(sample => sample.Place));
    }

    [Fact]
    public void A_state_of_any_number_of_ranks_goes_on_at_the_same_sample_with_any_other()
    {
        using var sound = new BadSet(isDamaged: false);
        using var dataset = sound.Dataset(new RandomCrop(BadSet.Crop));
        Gen.Select(
            Gen.Select(Gen.Int[1, 4], Gen.Int[1, 6]), Gen.Select(Gen.Int[1, 4], Gen.Int[1, 6]), Gen.Bool, Gen.Bool,
            Gen.Int[1, 2], Gen.Int[0, 100])
            .Sample(
                (saving, loading, dropLast, shuffle, crops, stop) =>
                {
                    var options = new VocSegDataLoaderOptions
                    {
                        DropLast = dropLast,
                        Shuffle = shuffle,
                        CropsPerSample = crops,
                        Workers = 1,
                    };
                    var total = BadSet.Count * crops;
                    var (before, after) = (saving.Item1 * saving.Item2, loading.Item1 * loading.Item2);
                    bool IsDivisible(int samples, int batch, int ranks) =>
                        dropLast || samples % batch == 0 || samples % batch >= ranks;
                    if (!IsDivisible(total, before, saving.Item1) || !IsDivisible(total, after, loading.Item1))
                        return;
                    var batches = dropLast ? total / before : (total + before - 1) / before;
                    stop %= batches;
                    var (saved, had) = Run(dataset, options, saving, stop, state: null);
                    Assert.All(saved, state => Assert.Equal(saved[0], state));
                    var state = JsonSerializer.Deserialize<VocSegLoaderState>(JsonSerializer.Serialize(saved[0]))!;
                    if (!IsDivisible(total - stop * before % after, after, loading.Item1))
                    {
                        Assert.Throws<ArgumentException>(() => Run(dataset, options, loading, 0, state));
                        return;
                    }
                    var (_, rest) = Run(dataset, options, loading, int.MaxValue, state);
                    using var one = new VocSegDataLoader(dataset, options with { BatchSize = 1, DropLast = false });
                    var all = Samples([.. one]).ToArray();
                    var left = dropLast ? (total - had.Length) / after * after : total - had.Length;
                    // Where less than a batch is left and dropped, the next epoch comes at once.
                    if (left == 0)
                    {
                        Assert.Equal(all[..had.Length], had);
                        Assert.All(rest, sample => Assert.Equal(1, sample.Epoch));
                        return;
                    }
                    Assert.Equal(all[..(had.Length + left)], had.Concat(rest));
                },
                iter: 150, threads: 1);
    }

    [Fact]
    public void What_cannot_be_shared_is_said_with_a_remedy()
    {
        using var dataset = set.Dataset(new RandomCrop(BadSet.Crop));
        using var unseeded = new VocSegDataset(set.Catalog, new() { Transforms = [new RandomCrop(BadSet.Crop)] });
        var options = new VocSegDataLoaderOptions { BatchSize = 4, Shard = new(1, 2) };
        var error = Assert.Throws<ArgumentException>(() => new VocSegDataLoader(unseeded, options));
        Assert.Contains("VocSegDatasetOptions.Seed", error.Message, StringComparison.Ordinal);
        // 24 samples in batches of 3 * 7 leave 3; in batches of 23 they leave one, which 23 ranks cannot share.
        new VocSegDataLoader(dataset, options with { BatchSize = 7, Shard = new(1, 3) }).Dispose();
        var last = options with { BatchSize = 1, Shard = new(1, 23) };
        error = Assert.Throws<ArgumentException>(() => new VocSegDataLoader(dataset, last));
        Assert.Contains("DropLast = true", error.Message, StringComparison.Ordinal);
        new VocSegDataLoader(dataset, last with { DropLast = true }).Dispose();
        error = Assert.Throws<ArgumentException>(
            () => new VocSegDataLoader(dataset, last with { DropLast = true, BatchSize = 2 }));
        Assert.Contains("on each of 23 ranks", error.Message, StringComparison.Ordinal);
        foreach (var dropLast in new[] { true, false })
        {
            var many = options with { DropLast = dropLast, Shard = new(7, 25) };
            error = Assert.Throws<ArgumentException>(() => new VocSegDataLoader(dataset, many));
            Assert.Contains("24 samples, not one for each of 25 ranks; start less", error.Message,
                StringComparison.Ordinal);
        }

        using var grouped = new VocSegDataLoader(dataset, options with { GroupBySize = true });
        grouped.State = grouped.State with { WorldSize = 4, BatchSize = 2, Batch = 1 };
        Assert.Equal((1, 0, 4, 2), (
            grouped.State.Batch, grouped.State.Offset, grouped.State.BatchSize, grouped.State.WorldSize));
        error = Assert.Throws<ArgumentException>(() => grouped.State = grouped.State with { WorldSize = 3 });
        Assert.Contains("batch size of all ranks 12, here 8", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void States_that_no_loader_can_have_given_are_refused()
    {
        using var dataset = set.Dataset(new RandomCrop(BadSet.Crop));
        using var loader = new VocSegDataLoader(dataset, new() { BatchSize = 5 });
        var state = loader.State;
        VocSegLoaderState[] wrong =
        [
            state with { Batch = 5 }, state with { Batch = long.MaxValue }, state with { BatchSize = 0 },
            state with { BatchSize = -1 }, state with { WorldSize = 0 }, state with { Offset = 24 },
            state with { Offset = -1 }, state with { Offset = long.MaxValue },
            state with { BatchSize = int.MaxValue, WorldSize = int.MaxValue, Batch = 1 },
        ];
        Assert.All(wrong, one => Assert.Throws<ArgumentException>(() => loader.State = one));
        Assert.Equal(state, loader.State);
        // A state that was written before there were ranks.
        const string Old =
            """{"Epoch":2,"Batch":3,"Seed":11,"BatchSize":5,"Samples":24,"Shuffle":false,"DropLast":false}""";
        loader.State = JsonSerializer.Deserialize<VocSegLoaderState>(Old)!;
        Assert.Equal(state with { Epoch = 2, Batch = 3 }, loader.State);
    }

    private static SampleSource Source(int samples) => new(
        [
            .. Enumerable.Range(0, samples)
                .Select(index => new SegmentationSample($"{index}", $"{index}.jpg", null, new(8 + index % 3, 9))),
        ],
        new() { Transforms = [new Whole()] }, seed: 4);

    /// <summary>Runs a number of batches on all ranks, and gives every rank's state and the samples in order.</summary>
    private static (VocSegLoaderState[] States, (long Epoch, long Index, SampleGeometry Map)[] Samples) Run(
        VocSegDataset dataset, VocSegDataLoaderOptions options, (int Ranks, int BatchSize) size, int batches,
        VocSegLoaderState? state)
    {
        var states = new VocSegLoaderState[size.Ranks];
        var parts = new List<(long, long, SampleGeometry)[]>[size.Ranks];
        for (var rank = 0; rank < size.Ranks; rank++)
        {
            using var loader = new VocSegDataLoader(
                dataset, options with { BatchSize = size.BatchSize, Shard = new(rank, size.Ranks) });
            if (state is not null)
                loader.State = state;
            parts[rank] = [.. loader.Take(batches).Select(batch => Samples([batch]).ToArray())];
            states[rank] = loader.State;
        }
        return (states, [.. Enumerable.Range(0, parts[0].Count).SelectMany(at => parts.SelectMany(part => part[at]))]);
    }

    private static IEnumerable<(long Epoch, long Index, SampleGeometry Map)> Samples(
        IEnumerable<VocSegBatch> batches) => batches.SelectMany(batch => batch.Indices.Zip(
            batch.Geometries, (index, map) => (batch.Epoch, index, map)));
}
