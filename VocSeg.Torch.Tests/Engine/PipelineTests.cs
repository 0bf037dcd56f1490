using System.Diagnostics;
using TorchSharp;

namespace VocSeg.Torch.Tests.Engine;

/// <summary>What the workers of an epoch promise: order, bounds, errors and ends.</summary>
public sealed class PipelineTests(SampleSet set) : IClassFixture<SampleSet>
{
    [Fact]
    public void Batches_do_not_depend_on_workers_prefetch_or_cache()
    {
        var expected = Epochs(new() { BatchSize = 5, Workers = 1, Prefetch = 1, Shuffle = true, DropLast = true });
        foreach (var workers in new[] { 1, 2, 5 })
        {
            foreach (var prefetch in new[] { 1, 2, 7 })
            {
                var options = new VocSegDataLoaderOptions
                {
                    BatchSize = 5,
                    Workers = workers,
                    Prefetch = prefetch,
                    Shuffle = true,
                    DropLast = true,
                };
                foreach (var cache in Caches.All)
                    Assert.Equal(expected, Epochs(options with { Cache = cache }));
            }
        }

        List<float> Epochs(VocSegDataLoaderOptions options)
        {
            using var dataset = set.Dataset();
            using var loader = new VocSegDataLoader(dataset, options with { DropLast = false });
            var values = new List<float>();
            for (var epoch = 0; epoch < 3; epoch++)
            {
                foreach (var (image, label) in loader)
                    values.AddRange([.. image.Values<float>(), .. label.Values<long>().Select(value => (float)value)]);
            }
            return values;
        }
    }

    [Fact]
    public void A_cached_loader_reads_no_file_after_its_first_epoch()
    {
        using var tree = new VocTree();
        for (var i = 0; i < 6; i++)
            tree.Add($"s{i}", 40 + i, 50);
        using var dataset = new VocSegDataset(
            tree.Open(), new() { Transforms = [new RandomCrop(new(32, 32))], Seed = 1 });
        using var loader = new VocSegDataLoader(
            dataset, new() { BatchSize = 3, Cache = SampleCache.Host, Shuffle = true, DropLast = true });
        Assert.Equal(2, loader.Count());
        Directory.Delete(Path.Combine(tree.Root, "JPEGImages"), recursive: true);
        Assert.Equal(2, loader.Count());
    }

    [Fact]
    public void Workers_stay_within_the_prefetch_depth_of_a_slow_loop()
    {
        using var dataset = set.Dataset();
        var made = 0;
        var plan = new EpochPlan(dataset.Source, new() { BatchSize = 2, Shuffle = true, DropLast = true }, epoch: 0);
        using var pool = new BatchBufferPool(
            () => new CountingBuffer(() => Interlocked.Increment(ref made)), dataset.Source.CreateWorker);
        using var pipeline = Pipelines.Begin(
            plan, dataset.Source, pool, buffers: 3, workers: 4, CancellationToken.None);
        var first = pipeline.Take(0);
        WaitFor(() => Volatile.Read(ref made) == 6);
        Thread.Sleep(50);
        Assert.Equal(6, Volatile.Read(ref made));
        pipeline.Return(0, first);
        WaitFor(() => Volatile.Read(ref made) == 8);
        Thread.Sleep(50);
        Assert.Equal(8, Volatile.Read(ref made));
    }

    [Fact]
    public void A_loop_that_is_faster_than_the_worker_takes_the_memory_of_two_batches()
    {
        using var dataset = set.Dataset();
        var (buffers, filled) = (0, 0);
        using var mayFill = new SemaphoreSlim(0);
        var plan = new EpochPlan(dataset.Source, new() { BatchSize = 2, DropLast = true }, epoch: 0);
        using var pool = new BatchBufferPool(
            () =>
            {
                Interlocked.Increment(ref buffers);
                return new CountingBuffer(() =>
                {
                    Assert.True(mayFill.Wait(TimeSpan.FromSeconds(10)));
                    Interlocked.Increment(ref filled);
                });
            },
            dataset.Source.CreateWorker);
        using var pipeline = Pipelines.Begin(
            plan, dataset.Source, pool, buffers: 5, workers: 1, CancellationToken.None);
        for (var batch = 0; batch < plan.Batches; batch++)
        {
            mayFill.Release(2);
            var taken = pipeline.Take(batch);
            Assert.Equal(2 * (batch + 1), Volatile.Read(ref filled));
            pipeline.Return(batch, taken);
        }
        Assert.InRange(Volatile.Read(ref buffers), 1, 2);
    }

    [Fact]
    public void Memory_that_a_worker_cannot_have_is_an_error_of_the_batch_that_needs_it()
    {
        using var dataset = set.Dataset();
        var buffers = 0;
        var plan = new EpochPlan(dataset.Source, new() { BatchSize = 2, DropLast = true }, epoch: 0);
        using var pool = new BatchBufferPool(
            () => Interlocked.Increment(ref buffers) < 2
                ? new CountingBuffer(() => { })
                : throw new NotSupportedException("no room"),
            dataset.Source.CreateWorker);
        using var pipeline = Pipelines.Begin(
            plan, dataset.Source, pool, buffers: 3, workers: 2, CancellationToken.None);
        var first = pipeline.Take(0);
        Assert.Equal("no room", Assert.Throws<NotSupportedException>(() => pipeline.Take(1)).Message);
        pipeline.Return(0, first);
    }

    [Fact]
    public void An_error_comes_with_the_batch_of_its_sample_after_whole_batches_before_it()
    {
        using var dataset = set.Dataset();
        var plan = new EpochPlan(dataset.Source, new() { BatchSize = 2, DropLast = true }, epoch: 0);
        for (var round = 0; round < 20; round++)
        {
            using var pool = new BatchBufferPool(() => new FailingBuffer(from: 7), dataset.Source.CreateWorker);
            using var pipeline = Pipelines.Begin(
                plan, dataset.Source, pool, buffers: 3, workers: 5, CancellationToken.None);
            for (var batch = 0; batch < 3; batch++)
                pipeline.Return(batch, pipeline.Take(batch));
            Assert.Equal("sample 7", Assert.Throws<NotSupportedException>(() => pipeline.Take(3)).Message);
            Assert.Throws<NotSupportedException>(() => pipeline.Take(4));
        }
    }

    [Fact]
    public void Of_two_faults_in_a_batch_the_first_in_it_is_reported_whichever_is_found_first()
    {
        using var dataset = set.Dataset();
        var plan = new EpochPlan(dataset.Source, new() { BatchSize = 4, DropLast = true }, epoch: 0);
        using var later = new ManualResetEventSlim();
        using var pool = new BatchBufferPool(() => new FailingBuffer(from: 1, onFault: index =>
        {
            // The batch's second sample waits for the third one's fault, and longer.
            if (index == 1)
            {
                Assert.True(later.Wait(TimeSpan.FromSeconds(10)));
                Thread.Sleep(50);
            }
            else
            {
                later.Set();
            }
        }), dataset.Source.CreateWorker);
        using var pipeline = Pipelines.Begin(
            plan, dataset.Source, pool, buffers: 2, workers: 4, CancellationToken.None);
        Assert.Equal("sample 1", Assert.Throws<NotSupportedException>(() => pipeline.Take(0)).Message);
    }

    [Fact]
    public void Cancelling_ends_the_loop_at_once()
    {
        using var dataset = set.Dataset();
        using var loader = new VocSegDataLoader(dataset, new() { BatchSize = 2, Shuffle = true, DropLast = true });
        using var source = new CancellationTokenSource();
        var seen = 0;
        Assert.ThrowsAny<OperationCanceledException>(() =>
        {
            foreach (var batch in loader.WithCancellation(source.Token))
            {
                if (++seen == 3)
                    source.Cancel();
            }
        });
        Assert.Equal(3, seen);
        // The loader goes on with its next epoch afterwards.
        Assert.Equal(11, loader.Count());
    }

    [Fact]
    public void Cancelling_ends_a_wait_for_a_batch()
    {
        using var dataset = set.Dataset();
        using var source = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
        using var released = new ManualResetEventSlim();
        var plan = new EpochPlan(dataset.Source, new() { BatchSize = 2, Shuffle = true, DropLast = true }, epoch: 0);
        using var pool = new BatchBufferPool(
            () => new CountingBuffer(() => released.Wait()), dataset.Source.CreateWorker);
        var pipeline = Pipelines.Begin(plan, dataset.Source, pool, buffers: 2, workers: 1, source.Token);
        Assert.ThrowsAny<OperationCanceledException>(() => pipeline.Take(0));
        released.Set();
        pipeline.Dispose();
    }

    [Fact]
    public void Two_loops_over_one_loader_do_not_disturb_each_other()
    {
        using var dataset = set.Dataset();
        using var loader = new VocSegDataLoader(dataset, new() { BatchSize = 5, Shuffle = true, DropLast = true });
        using var alone = new VocSegDataLoader(dataset, new() { BatchSize = 5, Shuffle = true, DropLast = true });
        var expected = alone.Concat(alone).Select(batch => batch.Image.Values<float>()).ToList();
        using var first = loader.GetEnumerator();
        using var second = loader.GetEnumerator();
        for (var batch = 0; batch < 4; batch++)
        {
            Assert.True(first.MoveNext() && second.MoveNext());
            Assert.Equal(expected[batch], first.Current.Image.Values<float>());
            Assert.Equal(expected[4 + batch], second.Current.Image.Values<float>());
        }
    }

    [Fact]
    public void A_detached_batch_keeps_its_values_while_the_loader_goes_on()
    {
        using var dataset = set.Dataset();
        using var loader = new VocSegDataLoader(
            dataset, new() { BatchSize = 2, Prefetch = 1, Shuffle = true, DropLast = true });
        using var scope = torch.NewDisposeScope();
        var kept = new List<(VocSegBatch Batch, float[] Values)>();
        foreach (var batch in loader)
            kept.Add((batch.Detach(), batch.Image.Values<float>()));
        Assert.All(kept, pair => Assert.Equal(pair.Values, pair.Batch.Image.Values<float>()));
        kept.ForEach(pair =>
        {
            pair.Batch.Image.Dispose();
            pair.Batch.Label.Dispose();
        });
    }

    private static void WaitFor(Func<bool> condition)
    {
        var time = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(time.Elapsed < TimeSpan.FromSeconds(10), "the workers did not come as far");
            Thread.Sleep(1);
        }
    }

    private sealed class CountingBuffer(Action onFill) : BatchBuffer(2)
    {
        internal override void Fill(int slot, ReadOnlySpan<PlannedSample> run, SampleWorker worker) => onFill();

        internal override BatchTensors Deliver(int count) =>
            throw new NotSupportedException();

        public override void Dispose()
        {
        }
    }

    private sealed class FailingBuffer(long from, Action<long>? onFault = null) : BatchBuffer(4)
    {
        internal override void Fill(int slot, ReadOnlySpan<PlannedSample> run, SampleWorker worker)
        {
            long index = run[0].Index;
            if (index >= from)
            {
                onFault?.Invoke(index);
                throw new NotSupportedException($"sample {index}");
            }
            Thread.Sleep((int)index % 3);
        }

        internal override BatchTensors Deliver(int count) =>
            throw new NotSupportedException();

        public override void Dispose()
        {
        }
    }
}
