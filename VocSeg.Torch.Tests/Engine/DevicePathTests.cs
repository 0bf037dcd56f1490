using System.Diagnostics;
using TorchSharp;

namespace VocSeg.Torch.Tests.Engine;

/// <summary>The way of a GPU's batches, feeder, staging and device cache, walked on the CPU.</summary>
[Collection(LiveTensors.Name)]
public sealed class DevicePathTests : IDisposable
{
    private readonly SampleSet set = new();
    private readonly long before = torch.Tensor.TotalCount;

    public static TheoryData<string> Names => [.. Caches.Names];

    public void Dispose() => set.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public void Batches_equal_those_made_on_the_host(string cache)
    {
        using (var dataset = set.Dataset())
        {
            var kept = Caches.Of(cache);
            var options = new VocSegDataLoaderOptions { BatchSize = 5, Workers = 3, Cache = kept, Shuffle = true };
            using var host = new VocSegDataLoader(dataset, options);
            using var device = new VocSegDataLoader(dataset, options, onHost: false);
            // The first epoch fills a cache, the later ones are cut from it.
            for (var epoch = 0; epoch < 3; epoch++)
            {
                using var expected = host.GetEnumerator();
                foreach (var batch in device)
                {
                    Assert.True(expected.MoveNext());
                    Assert.Equal(expected.Current.Epoch, batch.Epoch);
                    Assert.Equal(expected.Current.Indices, batch.Indices);
                    Assert.Equal(expected.Current.Image.shape, batch.Image.shape);
                    Assert.Equal(expected.Current.Label.Values<long>(), batch.Label.Values<long>());
                    Assert.All(
                        expected.Current.Image.Values<float>().Zip(batch.Image.Values<float>()),
                        pair => Assert.Equal(pair.First, pair.Second, 1e-6));
                }
                Assert.False(expected.MoveNext());
            }
        }
        Assert.Equal(before, torch.Tensor.TotalCount);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Ends_of_every_kind_leave_no_tensor_behind(string cache)
    {
        using (var dataset = set.Dataset())
        {
            using var loader = new VocSegDataLoader(
                dataset,
                new() { BatchSize = 4, Cache = Caches.Of(cache), Shuffle = true, DropLast = true },
                onHost: false);
            for (var epoch = 0; epoch < 4; epoch++)
            {
                foreach (var batch in loader)
                    break;
                Assert.Throws<InvalidOperationException>(() =>
                {
                    foreach (var batch in loader)
                        throw new InvalidOperationException("the training step failed");
                });
                using var source = new CancellationTokenSource();
                var seen = 0;
                Assert.ThrowsAny<OperationCanceledException>(() =>
                {
                    foreach (var batch in loader.WithCancellation(source.Token))
                    {
                        if (++seen == 2)
                            source.Cancel();
                    }
                });
                Assert.Equal((2, 5), (seen, loader.Count()));
            }
        }
        Assert.Equal(before, torch.Tensor.TotalCount);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void An_error_comes_with_the_batch_of_its_sample(string cache)
    {
        using var tree = new VocTree();
        for (var i = 0; i < 8; i++)
            tree.Add($"s{i}", 40, 40);
        using (var dataset = new VocSegDataset(tree.Open(), new() { Transforms = [new RandomCrop(new(32, 32))] }))
        {
            File.WriteAllText(tree.LabelPath("s5"), "no image");
            using var loader = new VocSegDataLoader(
                dataset, new() { BatchSize = 2, Cache = Caches.Of(cache), DropLast = true }, onHost: false);
            for (var round = 0; round < 3; round++)
            {
                var seen = 0;
                var error = Assert.Throws<DatasetException>(() =>
                {
                    foreach (var batch in loader)
                        seen++;
                });
                Assert.Equal((2, "s5"), (seen, error.SampleId));
            }
        }
        Assert.Equal(before, torch.Tensor.TotalCount);
    }

    [Fact]
    public void A_detached_batch_lives_on()
    {
        using var dataset = set.Dataset();
        using var loader = new VocSegDataLoader(
            dataset, new() { BatchSize = 4, Shuffle = true, DropLast = true }, onHost: false);
        var detached = DetachedBatches.RunAndDetachSecond(loader);
        using (detached.Image)
        using (detached.Label)
            Assert.Equal(4, detached.Image.shape[0]);
    }

    [Fact]
    public void A_full_device_cache_reads_no_file_and_goes_on_from_any_batch()
    {
        using var tree = new VocTree();
        for (var i = 0; i < 6; i++)
            tree.Add($"s{i}", 40 + i, 50 - i);
        using var dataset = new VocSegDataset(
            tree.Open(), new() { Transforms = [new RandomCrop(new(32, 32))], Seed = 1 });
        using var loader = new VocSegDataLoader(
            dataset,
            new() { BatchSize = 2, Cache = SampleCache.Device, Shuffle = true, DropLast = true },
            onHost: false);
        Assert.Equal(3, loader.Count());
        Directory.Delete(Path.Combine(tree.Root, "JPEGImages"), recursive: true);
        var state = loader.State;
        var whole = loader.Select(batch => batch.Image.Values<float>()).ToList();
        loader.State = state with { Batch = 1 };
        Assert.Equal(whole.Skip(1), loader.Select(batch => batch.Image.Values<float>()));
    }

    [Fact]
    public void The_feeder_stays_one_batch_ahead_of_the_loop()
    {
        using var dataset = set.Dataset();
        var delivered = 0;
        var plan = new EpochPlan(dataset.Source, new() { BatchSize = 2, Shuffle = true, DropLast = true }, epoch: 0);
        using var pool = new BatchBufferPool(
            () => new DeliveryBuffer(() => Interlocked.Increment(ref delivered)), dataset.Source.CreateWorker);
        using var batches = new DeviceBatches(
            plan,
            Pipelines.Begin(plan, dataset.Source, pool, buffers: 3, workers: 2, CancellationToken.None),
            CancellationToken.None);
        for (var batch = 0; batch < plan.Batches; batch++)
        {
            batches.Deliver(batch).Dispose();
            var ahead = Math.Min(batch + 2, plan.Batches);
            var time = Stopwatch.StartNew();
            while (Volatile.Read(ref delivered) != ahead)
                Assert.True(
                    time.Elapsed < TimeSpan.FromSeconds(10),
                    $"{delivered} batches were delivered after {batch + 1} were taken");
            Thread.Sleep(5);
            Assert.Equal(ahead, Volatile.Read(ref delivered));
        }
    }

    private sealed class DeliveryBuffer(Action onDeliver) : BatchBuffer(2)
    {
        internal override void Fill(int slot, ReadOnlySpan<PlannedSample> run, SampleWorker worker)
        {
        }

        internal override BatchTensors Deliver(int count)
        {
            onDeliver();
            return new(torch.zeros(count), torch.zeros(count), null, new([], [], []));
        }

        public override void Dispose()
        {
        }
    }
}
