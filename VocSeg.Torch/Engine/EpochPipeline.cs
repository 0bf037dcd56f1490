using System.Runtime.ExceptionServices;

namespace VocSeg.Torch;

/// <summary>
/// The workers of one epoch. They take its samples in order and fill batch after batch, ahead of the training loop by
/// as many batches as there are buffers. Behind a slow loop they wait, and nothing grows. What a batch holds does not
/// depend on who filled it or when.
/// </summary>
internal sealed class EpochPipeline : IDisposable
{
    private readonly EpochPlan plan;
    private readonly SampleSource source;
    private readonly BatchBufferPool pool;
    private readonly BatchBuffer?[] ring;
    private readonly int[] missing;
    private readonly Thread[] threads;
    private readonly Replacement? replacement;
    private readonly CancellationToken cancellation;
    private readonly CancellationTokenRegistration onCancel;

    // Never disposed: any thread may stop the epoch at any time, and without a timer or a wait handle it holds nothing.
    private readonly CancellationTokenSource decoding = new();

    private readonly object gate = new();
    private int lastRun = -1;
    private volatile int openBatches;
    private volatile int failedPosition = int.MaxValue;
    private volatile bool stopped;
    private volatile bool sawForeground;
    private int working;
    private Exception? failure;

    /// <param name="plan">The epoch.</param>
    /// <param name="source">The samples.</param>
    /// <param name="pool">Where buffers and workers come from and go back to.</param>
    /// <param name="buffers">The batches that exist at once: the training loop's, and those ahead of it.</param>
    /// <param name="workers">How many threads decode.</param>
    /// <param name="cancellation">Ends the epoch.</param>
    /// <param name="replacement">Fills the places of samples that cannot be read; null where they are errors.</param>
    internal EpochPipeline(
        EpochPlan plan,
        SampleSource source,
        BatchBufferPool pool,
        int buffers,
        int workers,
        CancellationToken cancellation,
        Replacement? replacement = null)
    {
        this.plan = plan;
        this.replacement = replacement;
        this.source = source;
        this.pool = pool;
        this.cancellation = cancellation;
        ring = new BatchBuffer?[Math.Min(buffers, plan.Batches)];
        missing = new int[ring.Length];
        lock (gate)
        {
            for (var batch = 0; batch < ring.Length; batch++)
                Open(batch, pool.RentBuffer());
        }
        Instruments.Add(plan.Meter);
        onCancel = cancellation.Register(StopDecoding);
        threads = new Thread[Math.Min(workers, plan.Samples)];
        working = threads.Length;
        for (var i = 0; i < threads.Length; i++)
        {
            threads[i] = new(Work) { IsBackground = true, Name = $"VocSeg worker {i}" };
            threads[i].Start();
        }
    }

    /// <summary>Whether a label that a worker decoded, for this epoch or before, showed a class other than 0.</summary>
    internal bool SawForeground => sawForeground;

    /// <summary>Waits until a batch is whole.</summary>
    /// <exception cref="DatasetException">
    /// A sample of this batch could not be read. The batches before it came whole.
    /// </exception>
    /// <exception cref="OperationCanceledException">The epoch was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The epoch was stopped.</exception>
    internal BatchBuffer Take(int batch)
    {
        var place = batch % ring.Length;
        Interleaving.Point();
        lock (gate)
        {
            while (missing[place] != 0 && !HasFailed(batch) && !cancellation.IsCancellationRequested && !stopped)
                Monitor.Wait(gate);
            cancellation.ThrowIfCancellationRequested();
            BatchSource.ThrowIfEnded(stopped);
            if (missing[place] != 0)
                Rethrow(failure!);
            var buffer = ring[place]!;
            ring[place] = null;
            plan.Meter.CountReady(-1);
            return buffer;
        }
    }

    /// <summary>Gives a batch's buffer to the workers again.</summary>
    /// <param name="batch">The batch that was taken.</param>
    /// <param name="buffer">Its buffer.</param>
    /// <param name="isFree">False where the training loop keeps the batch. Another buffer then takes its place.</param>
    internal void Return(int batch, BatchBuffer buffer, bool isFree = true)
    {
        if (!isFree)
            buffer.Dispose();
        var next = batch + ring.Length;
        var isWanted = next < plan.Batches && !stopped;
        if (!isFree && !isWanted)
            return;
        var again = isFree ? buffer : pool.RentBuffer();
        Interleaving.Point();
        lock (gate)
        {
            // A pipeline that has ended takes no buffer back into its ring.
            if (isWanted && !stopped)
            {
                Open(next, again);
                return;
            }
        }
        pool.Return(again);
    }

    /// <summary>Wakes the workers and whoever waits for a batch; all of them then end.</summary>
    internal void Stop()
    {
        lock (gate)
        {
            stopped = true;
            Monitor.PulseAll(gate);
        }
        StopDecoding();
    }

    /// <summary>
    /// Ends the workers, in the middle of a large image or else after the sample they are at, and gives the buffers
    /// back to the pool. Several threads may call it; each returns when the workers have ended.
    /// </summary>
    public void Dispose()
    {
        Stop();
        Interleaving.Point();
        foreach (var thread in threads)
            thread.Join();
        Instruments.Remove(plan.Meter);
        onCancel.Dispose();
        lock (gate)
        {
            for (var place = 0; place < ring.Length; place++)
            {
                if (ring[place] is { } buffer)
                    pool.Return(buffer);
                ring[place] = null;
            }
        }
    }

    private void Open(int batch, BatchBuffer buffer)
    {
        buffer.Begin(source.FrameOf(plan.SharedSamplesOf(batch), plan.Epoch), plan.Epoch);
        ring[batch % ring.Length] = buffer;
        missing[batch % ring.Length] = plan.SizeOf(batch);
        openBatches = batch + 1;
        Monitor.PulseAll(gate);
    }

    private void Work()
    {
        SampleWorker? worker = null;
        var position = 0;
        try
        {
            worker = pool.RentWorker();
            worker.Cancellation = decoding.Token;
            worker.Meter = plan.Meter.AddWorker();
            for (int run; (run = Interlocked.Increment(ref lastRun)) < plan.RunCount;)
            {
                position = plan.RunStart(run);
                Interleaving.Point();
                var (batch, slot) = plan.PlaceOf(position);
                if (!WaitUntilOpen(batch, position))
                    return;
                var samples = plan.Run(run);
                worker.Meter.Begin();
                Fill(ring[batch % ring.Length]!, batch, slot, samples, worker);
                worker.Meter.End();
                Interleaving.Point();
                // This comes before the batch is whole: whoever has taken every batch has the final answer.
                if (worker.SawForeground && !sawForeground)
                    sawForeground = true;
                if (Interlocked.Add(ref missing[batch % ring.Length], -samples.Length) == 0)
                {
                    plan.Meter.CountReady(1);
                    Interleaving.Point();
                    Wake();
                }
            }
        }
        catch (OperationCanceledException) when (decoding.IsCancellationRequested)
        {
        }
        catch (Exception error)
        {
            Fail(position, error);
        }
        finally
        {
            if (worker is not null)
            {
                Interleaving.Point();
                worker.Cancellation = default;
                pool.Return(worker);
            }
            lock (gate)
            {
                working--;
                Monitor.PulseAll(gate);
            }
        }
    }

    private void Fill(
        BatchBuffer buffer, int batch, int slot, ReadOnlySpan<PlannedSample> run, SampleWorker worker)
    {
        try
        {
            buffer.Fill(slot, run, worker);
        }
        catch (DatasetException error) when (replacement?.MaySkip(error) is true)
        {
            // The samples of a run are cut from the same files, so that all of them are bad.
            for (var i = 0; i < run.Length; i++)
                FillWithAnother(buffer, batch, slot + i, run[i], error, worker);
        }
    }

    private void FillWithAnother(
        BatchBuffer buffer, int batch, int slot, PlannedSample planned, DatasetException error, SampleWorker worker)
    {
        buffer.Note(replacement!.Fill(
            planned, error, plan.Epoch, plan.PlaceInEpoch(batch, slot), buffer.Frame, TryFill));

        DatasetException? TryFill(PlannedSample other)
        {
            try
            {
                buffer.Fill(slot, [other], worker);
                return null;
            }
            catch (DatasetException fault) when (replacement.MaySkip(fault))
            {
                return fault;
            }
        }
    }

    private bool WaitUntilOpen(int batch, int position)
    {
        if (openBatches <= batch)
        {
            lock (gate)
            {
                while (openBatches <= batch && !MustStop(position))
                    Monitor.Wait(gate);
            }
        }
        return !MustStop(position);
    }

    // Samples before a failed one are still read, so that the batches before it come whole and every run ends with the
    // same error.
    private bool MustStop(int position) => stopped || position > failedPosition || cancellation.IsCancellationRequested;

    // Until all workers have ended, one of them may still find a fault that comes before this one.
    private bool HasFailed(int batch) =>
        failure is not null && working == 0 && plan.PlaceOf(failedPosition).Batch <= batch;

    private void Fail(int position, Exception error)
    {
        lock (gate)
        {
            if (position < failedPosition)
            {
                failedPosition = position;
                failure = error;
            }
            Monitor.PulseAll(gate);
        }
    }

    private void StopDecoding()
    {
        decoding.Cancel();
        Wake();
    }

    private void Wake()
    {
        lock (gate)
            Monitor.PulseAll(gate);
    }

    private static void Rethrow(Exception error)
    {
        if (error is DatasetException data)
            throw new DatasetException(data);
        ExceptionDispatchInfo.Throw(error);
    }
}
