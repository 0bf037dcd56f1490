using System.Runtime.ExceptionServices;

namespace VocSeg.Torch;

/// <summary>
/// The batches of one epoch. Workers take its samples in order and fill batch after batch, ahead of the training loop
/// by as many batches as there are buffers. Behind a slow loop they wait, and nothing grows. What a batch holds does
/// not depend on who filled it or when. It may begin before a loop is there.
/// </summary>
/// <remarks>
/// On the CPU the loop takes its batches right here: their tensors are the buffers' own memory, which goes back to the
/// workers when the loop has moved on.
/// </remarks>
internal sealed class EpochPipeline : BatchSource
{
    private readonly SampleSource source;
    private readonly BatchBufferPool pool;
    private readonly WorkerThreads threads;
    private readonly int buffers;
    private readonly BatchBuffer?[] ring;
    private readonly int[] missing;
    private readonly Replacement? replacement;

    // Its own, not the plan's: where a loop wants what was dropped, another pipeline has the same plan.
    private readonly ReadyBatches ready;

    // Never disposed: any thread may stop the epoch at any time, and without a timer or a wait handle it holds nothing.
    private readonly CancellationTokenSource decoding = new();

    // The gate of the threads guards these.
    private int nextRun;
    private int openBatches;
    private int filling;
    private int failedPosition = int.MaxValue;
    private Exception? failure;
    private bool sawForeground;

    private volatile bool stopped;
    private BatchBuffer? lent;
    private CancellationToken cancellation;
    private CancellationTokenRegistration onCancel;
    private Action<WorkerThreads, long>? onFree;

    /// <summary>An epoch that no loop is at yet.</summary>
    /// <param name="plan">The epoch.</param>
    /// <param name="source">The samples.</param>
    /// <param name="pool">Where buffers come from and go back to.</param>
    /// <param name="threads">Who fills them.</param>
    /// <param name="buffers">The batches that exist at once: the training loop's, and those ahead of it.</param>
    /// <param name="replacement">Fills the places of samples that cannot be read; null where they are errors.</param>
    internal EpochPipeline(
        EpochPlan plan,
        SampleSource source,
        BatchBufferPool pool,
        WorkerThreads threads,
        int buffers,
        Replacement? replacement = null)
    {
        Plan = plan;
        this.source = source;
        this.pool = pool;
        this.threads = threads;
        this.buffers = buffers;
        this.replacement = replacement;
        ready = new(plan.Meter.Split);
        ring = new BatchBuffer?[Math.Min(buffers, plan.Batches)];
        missing = new int[ring.Length];
    }

    internal EpochPlan Plan { get; }

    /// <summary>Whether a loop takes the batches. Only then are threads worth waiting for it.</summary>
    internal bool HasLoop { get; private set; }

    /// <summary>Whether there is a run to fill. The caller holds the threads' gate.</summary>
    /// <remarks>
    /// Runs are taken in order. So all before a failed one are filled, the batches before it come whole, and every run
    /// of the program ends with the same error.
    /// </remarks>
    internal bool HasRun => !stopped && failure is null && !cancellation.IsCancellationRequested
        && nextRun < Plan.RunCount && Plan.PlaceOf(Plan.RunStart(nextRun)).Batch < openBatches;

    /// <summary>Whether a label that a worker decoded, for this epoch or before, showed a class other than 0.</summary>
    internal override bool SawForeground
    {
        get
        {
            lock (threads.Gate)
                return sawForeground;
        }
    }

    /// <summary>Lets a loop take the batches.</summary>
    /// <param name="cancellation">Ends the epoch.</param>
    /// <param name="onFree">
    /// Is told, on any thread, that this epoch needs some buffers no more: who can fill them, and how many there are.
    /// </param>
    internal void Begin(CancellationToken cancellation, Action<WorkerThreads, long>? onFree = null)
    {
        lock (threads.Gate)
        {
            HasLoop = true;
            this.cancellation = cancellation;
            this.onFree = onFree;
        }
        try
        {
            onCancel = cancellation.Register(StopDecoding);
            Open(ring.Length);
            if (buffers > ring.Length)
                onFree?.Invoke(threads, buffers - (long)ring.Length);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Lets the first batches be filled while no loop is there.</summary>
    internal void OpenAhead(int batches) => Open(Math.Min(batches, ring.Length));

    internal override BatchTensors Deliver(int batch)
    {
        lent = Take(batch);
        return lent.Deliver(Plan.SizeOf(batch));
    }

    internal override void Release(int batch, bool detached)
    {
        if (lent is not { } buffer)
            return;
        lent = null;
        if (!detached)
            buffer.TakeBack();
        Return(batch, buffer, isFree: !detached);
    }

    /// <summary>Waits until a batch is whole.</summary>
    /// <exception cref="DatasetException">
    /// A sample of this batch could not be read. The batches before it came whole.
    /// </exception>
    /// <exception cref="OperationCanceledException">The epoch was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The epoch was stopped.</exception>
    internal BatchBuffer Take(int batch)
    {
        var place = batch % ring.Length;
        if (!IsWhole(place))
            threads.Recruit();
        Interleaving.Point();
        lock (threads.Gate)
        {
            while (missing[place] != 0 && !HasFailed(batch) && !cancellation.IsCancellationRequested && !stopped)
                Monitor.Wait(threads.Gate);
            cancellation.ThrowIfCancellationRequested();
            ThrowIfEnded(stopped);
            if (missing[place] != 0)
                Rethrow(failure!);
            var buffer = ring[place]!;
            ring[place] = null;
            ready.Add(-1);
            return buffer;
        }
    }

    /// <summary>Gives a batch's buffer to the workers again.</summary>
    /// <param name="batch">The batch that was taken.</param>
    /// <param name="buffer">Its buffer.</param>
    /// <param name="isFree">False where the training loop keeps the batch. Another buffer then takes its place.</param>
    internal void Return(int batch, BatchBuffer buffer, bool isFree = true)
    {
        if (isFree)
            pool.Return(buffer);
        else
            buffer.Dispose();
        Interleaving.Point();
        if (stopped)
            return;
        if (batch == Plan.Batches - 1)
            EndLoop();
        var next = batch + ring.Length;
        if (next < Plan.Batches)
            Open(next + 1);
        else
            onFree?.Invoke(threads, 1);
    }

    /// <summary>Fills the slots of a run that was taken.</summary>
    internal void Fill(int run, SampleWorker worker)
    {
        worker.Cancellation = decoding.Token;
        worker.Meter = Plan.Meter.Of(worker);
        worker.Meter.Begin();
        var (batch, slot) = Plan.PlaceOf(Plan.RunStart(run));
        Fill(BufferOf(batch), batch, slot, Plan.Run(run), worker);
        worker.Meter.End();
        if (worker.SawForeground && !Volatile.Read(ref sawForeground))
            Volatile.Write(ref sawForeground, true);
    }

    /// <summary>Takes the next run. The caller holds the threads' gate and has seen that there is one.</summary>
    internal int TakeRun()
    {
        filling++;
        return nextRun++;
    }

    /// <summary>Says that a run is filled, or why it is not.</summary>
    internal void Finish(int run, Exception? error)
    {
        var position = Plan.RunStart(run);
        var place = Plan.PlaceOf(position).Batch % ring.Length;
        lock (threads.Gate)
        {
            filling--;
            if (error is null)
            {
                missing[place] -= Plan.Run(run).Length;
                if (missing[place] == 0)
                    ready.Add(1);
            }
            else if (position < failedPosition
                && !(error is OperationCanceledException && decoding.IsCancellationRequested))
            {
                (failedPosition, failure) = (position, error);
            }
            if (missing[place] == 0 || (filling == 0 && (stopped || failure is not null)))
                Monitor.PulseAll(threads.Gate);
        }
    }

    /// <summary>Wakes the workers and whoever waits for a batch; all of them then end.</summary>
    internal void Stop()
    {
        stopped = true;
        StopDecoding();
    }

    /// <summary>
    /// Ends the workers, in the middle of a large image or else after the sample they are at, and gives the buffers
    /// back to the pool. Several threads may call it; each returns when the workers have ended.
    /// </summary>
    public override void Dispose()
    {
        Stop();
        Interleaving.Point();
        lock (threads.Gate)
        {
            while (filling > 0)
                Monitor.Wait(threads.Gate);
        }
        onCancel.Dispose();
        lock (threads.Gate)
        {
            for (var place = 0; place < ring.Length; place++)
            {
                if (ring[place] is { } buffer)
                    pool.Return(buffer);
                ring[place] = null;
            }
        }
        threads.Remove(this);
        Instruments.Remove(ready);
    }

    /// <summary>Lets batches be filled, up to a number of them.</summary>
    private void Open(int batches)
    {
        lock (threads.Gate)
        {
            // An epoch that has ended opens nothing.
            if (openBatches < batches && !stopped)
            {
                if (openBatches == 0)
                    Instruments.Add(ready);
                for (; openBatches < batches; openBatches++)
                    missing[openBatches % ring.Length] = Plan.SizeOf(openBatches);
                threads.Add(this);
                Monitor.PulseAll(threads.Gate);
            }
        }
        threads.RecruitSoon();
    }

    /// <summary>The buffer of a batch that may be filled.</summary>
    /// <remarks>
    /// It comes with the batch's first sample. By then a loop that is faster than the workers has given one back, and
    /// nobody pays for the first use of new memory.
    /// </remarks>
    private BatchBuffer BufferOf(int batch)
    {
        lock (ring)
        {
            ref var buffer = ref ring[batch % ring.Length];
            if (buffer is null)
            {
                buffer = pool.RentBuffer();
                buffer.Begin(source.FrameOf(Plan.SharedSamplesOf(batch), Plan.Epoch), Plan.Epoch);
            }
            return buffer;
        }
    }

    private bool IsWhole(int place)
    {
        lock (threads.Gate)
            return missing[place] == 0;
    }

    private void EndLoop()
    {
        lock (threads.Gate)
        {
            HasLoop = false;
            Monitor.PulseAll(threads.Gate);
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
        BatchBuffer buffer, int batch, int slot, PlannedSample planned, DatasetException error, SampleWorker worker) =>
        buffer.Note(replacement!.Fill(
            planned, error, Plan.Epoch, Plan.PlaceInEpoch(batch, slot), buffer.Frame,
            other => buffer.Fill(slot, [other], worker)));

    // While a sample is being filled, it may still show a fault that comes before this one.
    private bool HasFailed(int batch) =>
        failure is not null && filling == 0 && Plan.PlaceOf(failedPosition).Batch <= batch;

    private void StopDecoding()
    {
        decoding.Cancel();
        lock (threads.Gate)
            Monitor.PulseAll(threads.Gate);
    }

    private static void Rethrow(Exception error)
    {
        if (error is DatasetException data)
            throw new DatasetException(data);
        ExceptionDispatchInfo.Throw(error);
    }
}
