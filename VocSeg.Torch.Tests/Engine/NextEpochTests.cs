using System.Diagnostics;
using System.Runtime.CompilerServices;
using TorchSharp;

namespace VocSeg.Torch.Tests.Engine;

/// <summary>No epoch begins with a wait, whatever was done with the loader before, and nothing else changes.</summary>
[Collection(LiveTensors.Name)]
public sealed class NextEpochTests(ITestOutputHelper output) : IDisposable
{
    private static readonly VocSegDataLoaderOptions Options = new() { BatchSize = 5, Shuffle = true, Workers = 3 };
    private readonly SampleSet set = new();

    public static TheoryData<string> Names => LoaderCases.Names;

    public void Dispose() => set.Dispose();

    [Fact]
    public void Shuffled_loaders_make_the_next_epoch_ahead_and_others_where_they_are_told_to()
    {
        Assert.True(new VocSegDataLoaderOptions { Shuffle = true }.PrefetchNextEpoch);
        Assert.False(new VocSegDataLoaderOptions().PrefetchNextEpoch);
        Assert.True(new VocSegDataLoaderOptions { PrefetchNextEpoch = true }.PrefetchNextEpoch);
        Assert.False((new VocSegDataLoaderOptions { PrefetchNextEpoch = false } with { Shuffle = true })
            .PrefetchNextEpoch);
        using var loaders = VocSegLoaders.Load(
            set.Catalog,
            set.Catalog,
            new() { Transforms = [new RandomCrop(SampleSet.Crop)] },
            new() { BatchSize = 3, PrefetchNextEpoch = true });
        Assert.True(loaders.Train.Options.PrefetchNextEpoch);
        Assert.False(loaders.Validation.Options.PrefetchNextEpoch);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Batches_are_the_same_as_without_it(string name)
    {
        var (transforms, options) = LoaderCases.Get(name);
        using var bad = new BadSet();
        using var dataset = bad.Dataset(transforms);
        foreach (var onHost in new[] { true, false })
        {
            using var plain = new VocSegDataLoader(dataset, options with { PrefetchNextEpoch = false }, onHost);
            var expected = BatchValues.Epochs(plain, 4);
            foreach (var (prefetch, workers) in new[] { (1, 1), (2, 3), (9, 2) })
            {
                var (told, cache) = (new List<SkippedSample>(), prefetch == 2 ? SampleCache.Host : SampleCache.None);
                using var loader = new VocSegDataLoader(
                    dataset,
                    options with
                    {
                        PrefetchNextEpoch = true,
                        Prefetch = prefetch,
                        Workers = workers,
                        Cache = cache,
                        SampleSkipped = told.Add,
                    },
                    onHost);
                var values = new List<BatchValues>();
                for (var epoch = 0; epoch < 4; epoch++)
                {
                    values.AddRange(loader.Select(BatchValues.Read));
                    Assert.Equal(0, LiveThreads.Workers);
                    // What was skipped for the next epoch is that epoch's to tell.
                    Assert.All(loader.Skipped, skipped => Assert.Equal(epoch, skipped.Epoch));
                    Assert.Equal(loader.Skipped, told.Where(skipped => skipped.Epoch == epoch));
                    Assert.DoesNotContain(told, skipped => skipped.Epoch > epoch);
                }
                BatchValues.RequireEqual(expected, values);
            }
        }
    }

    [Theory]
    [InlineData(true, "none")]
    [InlineData(true, "host")]
    [InlineData(true, "disk")]
    [InlineData(false, "none")]
    [InlineData(false, "device")]
    public void Whatever_a_loop_does_at_the_seam_the_loader_goes_on_with_the_batch_that_it_names(
        bool onHost, string cache)
    {
        const int Epochs = 5, Steps = 60;
        using var dataset = set.Dataset();
        _ = dataset.Source.Warp;
        var before = torch.Tensor.TotalCount;
        using var plain = new VocSegDataLoader(
            dataset, Options with { PrefetchNextEpoch = false, Cache = Caches.Of(cache) }, onHost);
        var expected = Enumerable.Range(0, Epochs).Select(_ => plain.Select(BatchValues.Read).ToList()).ToList();
        for (var seed = 0; seed < 3; seed++)
        {
            var random = new Random(seed);
            using var loader = new VocSegDataLoader(
                dataset, Options with { Prefetch = 1 + seed, Cache = Caches.Of(cache) }, onHost);
            var place = (Epoch: 0, Batch: 0);
            for (var step = 0; step < Steps; step++)
            {
                switch (random.Next(6))
                {
                    case 0:
                        place = (random.Next(Epochs), 0);
                        loader.NextEpoch = place.Epoch;
                        break;
                    case 1:
                        place = (random.Next(Epochs), random.Next(expected[0].Count));
                        loader.State = loader.State with { Epoch = place.Epoch, Batch = place.Batch };
                        break;
                    default:
                        if (place.Epoch == Epochs)
                            loader.NextEpoch = (place = (0, 0)).Epoch;
                        // Most loops are whole, or leave at the last batches, where the next epoch has begun.
                        var left = expected[0].Count - place.Batch;
                        var taken = random.Next(3) == 0 ? Math.Min(left, random.Next(6)) : left;
                        Run(loader, place, taken, whole: random.Next(2) == 0, random);
                        if (taken > 0)
                        {
                            var reached = place.Batch + taken == expected[0].Count
                                ? (place.Epoch + 1, 0) : (place.Epoch, place.Batch + taken);
                            Assert.Equal(reached, ((int)loader.State.Epoch, (int)loader.State.Batch));
                        }
                        place = (place.Epoch + 1, 0);
                        break;
                }
                Assert.Equal(place.Epoch, loader.NextEpoch);
            }
        }
        Assert.Equal(0, LiveThreads.Workers);
        plain.Dispose();
        Assert.Equal(before, torch.Tensor.TotalCount);

        void Run(VocSegDataLoader loader, (int Epoch, int Batch) place, int taken, bool whole, Random random)
        {
            using var stop = new CancellationTokenSource();
            using var loop = loader.WithCancellation(stop.Token).GetEnumerator();
            for (var batch = 0; batch < taken; batch++)
            {
                Assert.True(loop.MoveNext());
                var (own, other) = (expected[place.Epoch][place.Batch + batch], BatchValues.Read(loop.Current));
                BatchValues.RequireEqual([own], [other]);
                if (random.Next(4) == 0)
                    Thread.Sleep(1);
            }
            if (whole && place.Batch + taken == expected[0].Count)
                Assert.False(loop.MoveNext());
            // A token that comes late has nothing to say about the epoch after its own.
            if (random.Next(2) == 0)
                stop.Cancel();
        }
    }

    [Fact]
    public void The_first_batches_of_an_epoch_are_whole_before_its_loop_begins()
    {
        using var tree = new VocTree();
        for (var i = 0; i < 12; i++)
            tree.Add($"s{i:00}", 36, 48);
        tree.WriteList("seam", Enumerable.Range(0, 12).Select(i => $"s{i:00}"));
        using var dataset = new VocSegDataset(
            tree.Open("seam"), new() { Transforms = [new RandomCrop(new(32, 32))], Seed = 1 });
        var options = new VocSegDataLoaderOptions { BatchSize = 4, Shuffle = true, Workers = 2 };
        using var plain = new VocSegDataLoader(dataset, options with { PrefetchNextEpoch = false });
        var expected = Enumerable.Range(0, 4).Select(_ => plain.Select(BatchValues.Read).ToList()).ToList();
        using var heard = new HeardInstruments("seam");
        using var loader = new VocSegDataLoader(dataset, options);
        for (var epoch = 0; epoch < expected.Count; epoch += 2)
        {
            BatchValues.RequireEqual(expected[epoch], [.. loader.Select(BatchValues.Read)]);
            SpinWait.SpinUntil(() => heard.Ask("vocseg.queue.depth") == options.Prefetch, TimeSpan.FromSeconds(20));
            Assert.Equal(0, LiveThreads.Workers);
            // What comes of the next epoch while there is no file was made before.
            Move("JPEGImages", "away");
            using (var loop = loader.GetEnumerator())
            {
                for (var batch = 0; batch < options.Prefetch; batch++)
                {
                    Assert.True(loop.MoveNext());
                    BatchValues.RequireEqual([expected[epoch + 1][batch]], [BatchValues.Read(loop.Current)]);
                }
                Assert.Throws<DatasetException>(() => loop.MoveNext());
            }
            Move("away", "JPEGImages");
        }

        void Move(string from, string to) =>
            Directory.Move(Path.Combine(tree.Root, from), Path.Combine(tree.Root, to));
    }

    [Fact]
    public void The_first_batch_of_an_epoch_is_there_where_the_loop_is_slower_than_the_loader()
    {
        const int Epochs = 9;
        using var tree = new VocTree();
        for (var i = 0; i < 12; i++)
            tree.Add($"s{i:00}", 360, 480);
        using var dataset = new VocSegDataset(
            tree.Open(), new() { Transforms = [new RandomCrop(new(320, 320))], Seed = 1 });
        using var ahead = Loader(isAhead: true);
        using var without = Loader(isAhead: false);
        var (timesAhead, timesWithout) = (new List<double>(), new List<double>());
        // By turns, so that a busy machine is as busy for one as for the other.
        for (var epoch = 0; epoch < Epochs; epoch++)
        {
            var (one, other) = (FirstBatch(ahead), FirstBatch(without));
            if (epoch == 0)
                continue;
            timesAhead.Add(one);
            timesWithout.Add(other);
        }
        var (made, waited) = (Median(timesAhead), Median(timesWithout));
        output.WriteLine($"median of first batches, ms: made ahead {made:F3}, not ahead {waited:F3}");
        Assert.InRange(made, 0, waited / 4);

        VocSegDataLoader Loader(bool isAhead) => new(
            dataset, new() { BatchSize = 4, Shuffle = true, Workers = 2, PrefetchNextEpoch = isAhead });

        static double Median(List<double> times) => times.Order().ElementAt(times.Count / 2);

        static double FirstBatch(VocSegDataLoader loader)
        {
            var clock = Stopwatch.StartNew();
            foreach (var batch in loader)
            {
                clock.Stop();
                Thread.Sleep(20);
            }
            // Then comes what a training does between epochs.
            Assert.Equal(0, LiveThreads.Workers);
            return clock.Elapsed.TotalMilliseconds;
        }
    }

    [Fact]
    public void A_loader_at_rest_has_no_thread_and_one_that_is_left_early_has_none_at_once()
    {
        using var dataset = set.Dataset();
        var before = torch.Tensor.TotalCount;
        using (var loader = new VocSegDataLoader(dataset, Options))
        {
            Assert.Equal(5, loader.Count());
            Assert.Equal(0, LiveThreads.Workers);
            // Batches ahead are made in the buffers that there may be.
            Assert.InRange(torch.Tensor.TotalCount, before + 2, before + 2 * (Options.Prefetch + 1));
            var seen = 0;
            foreach (var batch in loader)
            {
                if (++seen == loader.Count)
                    break;
            }
            // The system may still count a thread that has said its last word.
            Assert.Equal(0, LiveThreads.Workers);
            Assert.InRange(torch.Tensor.TotalCount, before + 2, before + 2 * (Options.Prefetch + 1));
            Assert.Equal((2, 0), (loader.State.Epoch, loader.State.Batch));
        }
        Assert.Equal(before, torch.Tensor.TotalCount);
    }

    [Fact]
    public void A_loader_that_is_forgotten_between_epochs_is_collected()
    {
        using var dataset = set.Dataset();
        var forgotten = Forget();
        Assert.Equal(0, LiveThreads.Workers);
        var time = Stopwatch.StartNew();
        while (forgotten.IsAlive)
        {
            Assert.True(time.Elapsed < TimeSpan.FromSeconds(20), "something holds the loader");
            GC.Collect();
            GC.WaitForPendingFinalizers();
            Thread.Sleep(10);
        }

        [MethodImpl(MethodImplOptions.NoInlining)]
        WeakReference Forget()
        {
            var loader = new VocSegDataLoader(dataset, Options);
            Assert.Equal(5, loader.Count());
            return new(loader);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_loader_may_be_disposed_or_set_while_it_makes_the_next_epoch(bool onHost)
    {
        using var dataset = set.Dataset();
        using var plain = new VocSegDataLoader(dataset, Options with { PrefetchNextEpoch = false });
        var expected = Enumerable.Range(0, 3).Select(_ => plain.Select(batch => batch.Indices.ToArray()).ToArray())
            .ToArray();
        _ = dataset.Source.Warp;
        var before = torch.Tensor.TotalCount;
        for (var round = 0; round < 40; round++)
        {
            var loader = new VocSegDataLoader(dataset, Options with { Prefetch = 1 + round % 3 }, onHost);
            var setter = new Thread(() =>
            {
                for (var time = 0; time < 20; time++)
                {
                    loader.NextEpoch = time % 2;
                    Thread.Sleep(0);
                }
                if (round % 2 == 0)
                    loader.Dispose();
            });
            setter.Start();
            try
            {
                for (var epoch = 0; epoch < 6; epoch++)
                {
                    var batches = 0;
                    foreach (var batch in loader)
                        Assert.Equal(expected[batch.Epoch][batches++], batch.Indices);
                    if (loader.NextEpoch > 2)
                        loader.NextEpoch = 2;
                }
            }
            catch (ObjectDisposedException) when (round % 2 == 0)
            {
                // Then the other thread was the first.
            }
            setter.Join();
            loader.Dispose();
        }
        Assert.Equal(0, LiveThreads.Workers);
        Assert.Equal(before, torch.Tensor.TotalCount);
    }
}
