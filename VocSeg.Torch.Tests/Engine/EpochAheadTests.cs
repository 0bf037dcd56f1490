using System.Diagnostics;

namespace VocSeg.Torch.Tests.Engine;

/// <summary>What workers make for the epoch after that of the loop: how much, in which order, how it ends.</summary>
public sealed class EpochAheadTests(SampleSet set) : IClassFixture<SampleSet>
{
    private const int Prefetch = 2;
    private static readonly VocSegDataLoaderOptions Options = new() { BatchSize = 2, Shuffle = true, DropLast = true };
    private static readonly (long Epoch, long Batch, long Offset) Next = (1, 0, 0);

    [Fact]
    public void All_batches_ahead_of_a_loop_are_prefetch_at_most_across_the_seam()
    {
        using var bench = new Bench(set);
        using var pipeline = bench.Begin();
        var plan = pipeline.Plan;
        for (var batch = 0; batch < plan.Batches; batch++)
        {
            var buffer = pipeline.Take(batch);
            // The loop has the batch, and so many are made ahead of it, of this epoch and the next.
            bench.WaitForFills(2 * (batch + 1 + Prefetch));
            pipeline.Return(batch, buffer);
        }
        pipeline.Dispose();
        bench.WaitForFills(2 * (plan.Batches + Prefetch));
        Assert.Equal([2 * plan.Batches, 2 * Prefetch], bench.FillsOfEpochs);
        Assert.Equal(Prefetch + 1, bench.Buffers);

        using var next = bench.Ahead.Take(bench.Ahead.PlanAt(Next)!)!;
        next.Begin(CancellationToken.None);
        bench.WaitForFills(2 * (plan.Batches + Prefetch + 1));
        Assert.Equal(Prefetch + 1, bench.Buffers);
    }

    [Fact]
    public void Samples_of_this_epoch_come_before_those_of_the_next()
    {
        using var go = new ManualResetEventSlim();
        var order = new List<long>();
        using var bench = new Bench(set, workers: 1, onFill: (epoch, _) =>
        {
            go.Wait();
            lock (order)
                order.Add(epoch);
        });
        using var pipeline = bench.Begin();
        bench.Ahead.Allow(Next, bench.Threads, Prefetch);
        Assert.NotNull(bench.Ahead.PlanAt(Next));
        go.Set();
        bench.WaitForFills(2 * (Prefetch + 1 + Prefetch));
        lock (order)
            Assert.Equal(order.Order(), order);
    }

    [Fact]
    public void An_error_in_a_batch_made_ahead_comes_with_that_batch_of_its_own_epoch()
    {
        long bad = -1;
        using var bench = new Bench(set, workers: 3, onFill: (epoch, index) =>
        {
            if (epoch == 1 && index == Volatile.Read(ref bad))
                throw new NotSupportedException($"sample {index}");
        });
        bad = new EpochPlan(bench.Source, Options, 1).SamplesOf(1)[0].Index;
        using (var pipeline = bench.Begin())
            Bench.RunWhole(pipeline);
        using var next = bench.Ahead.Take(bench.Ahead.PlanAt(Next)!)!;
        next.Begin(CancellationToken.None);
        next.Return(0, next.Take(0));
        Assert.Equal($"sample {bad}", Assert.Throws<NotSupportedException>(() => next.Take(1)).Message);
    }

    [Fact]
    public void What_was_begun_for_another_place_is_dropped()
    {
        using var bench = new Bench(set);
        using (var pipeline = bench.Begin())
            Bench.RunWhole(pipeline);
        bench.Ahead.DropUnless(Next);
        var plan = bench.Ahead.PlanAt(Next);
        Assert.NotNull(plan);
        // A second loop over the same epoch draws its own.
        Assert.Null(bench.Ahead.PlanAt(Next));
        Assert.Null(bench.Ahead.PlanAt((1, 1, 0)));
        Assert.Null(bench.Ahead.Take(plan));
        Assert.Null(bench.Ahead.PlanAt(Next));
        Assert.InRange(bench.Buffers, 1, Prefetch + 1);
    }

    [Fact]
    public void An_epoch_that_cannot_be_drawn_is_left_to_the_loop_that_wants_it()
    {
        using var bench = new Bench(set);
        using var ahead = new EpochAhead(Prefetch, (_, _) => throw new NotSupportedException());
        ahead.Allow(Next, bench.Threads, 1);
        Assert.Null(ahead.PlanAt(Next));
    }

    [Fact]
    public void An_epoch_of_one_batch_is_made_while_the_loop_is_at_the_one_before()
    {
        using var bench = new Bench(set, Options with { BatchSize = 23 });
        using var pipeline = bench.Begin();
        bench.WaitForFills(2 * 23);
        Assert.Equal([23, 23], bench.FillsOfEpochs);
        Assert.Equal(2, bench.Buffers);
    }

    /// <summary>Two epochs over buffers that count.</summary>
    private sealed class Bench : IDisposable
    {
        private readonly VocSegDataset dataset;
        private readonly BatchBufferPool pool;
        private readonly VocSegDataLoaderOptions options;
        private readonly int[] fills = new int[2];
        private int buffers;

        internal Bench(
            SampleSet set, VocSegDataLoaderOptions? options = null, int workers = 3, Action<long, long>? onFill = null)
        {
            this.options = options ?? Options;
            dataset = set.Dataset();
            pool = new(
                () =>
                {
                    Interlocked.Increment(ref buffers);
                    return new CountingBuffer(this.options.BatchSize, (epoch, index) =>
                    {
                        onFill?.Invoke(epoch, index);
                        Interlocked.Increment(ref fills[epoch]);
                    });
                },
                Source.CreateWorker);
            Threads = new(pool, workers);
            Ahead = new(Prefetch, (place, threads) => Pipeline(place.Epoch, threads));
        }

        internal SampleSource Source => dataset.Source;

        internal WorkerThreads Threads { get; }

        internal EpochAhead Ahead { get; }

        internal int Buffers => Volatile.Read(ref buffers);

        internal int[] FillsOfEpochs => [Volatile.Read(ref fills[0]), Volatile.Read(ref fills[1])];

        internal static void RunWhole(EpochPipeline pipeline)
        {
            for (var batch = 0; batch < pipeline.Plan.Batches; batch++)
                pipeline.Return(batch, pipeline.Take(batch));
        }

        internal EpochPipeline Begin()
        {
            var pipeline = Pipeline(0, Threads);
            pipeline.Begin(CancellationToken.None, (threads, count) => Ahead.Allow(Next, threads, count));
            return pipeline;
        }

        /// <summary>Waits until so many samples were made, and sees that no more are.</summary>
        internal void WaitForFills(int expected)
        {
            var time = Stopwatch.StartNew();
            while (FillsOfEpochs.Sum() < expected)
            {
                Assert.True(time.Elapsed < TimeSpan.FromSeconds(20), $"only {FillsOfEpochs.Sum()} of {expected}");
                Thread.Sleep(1);
            }
            Thread.Sleep(10);
            Assert.Equal(expected, FillsOfEpochs.Sum());
        }

        public void Dispose()
        {
            Ahead.Dispose();
            pool.Dispose();
            dataset.Dispose();
        }

        private EpochPipeline Pipeline(long epoch, WorkerThreads threads) =>
            new(new EpochPlan(Source, options, epoch), Source, pool, threads, Prefetch + 1);
    }

    private sealed class CountingBuffer(int slots, Action<long, long> onFill) : BatchBuffer(slots)
    {
        internal override void Fill(int slot, ReadOnlySpan<PlannedSample> run, SampleWorker worker) =>
            onFill(Epoch, run[0].Index);

        internal override BatchTensors Deliver(int count) => throw new NotSupportedException();

        public override void Dispose()
        {
        }
    }
}
