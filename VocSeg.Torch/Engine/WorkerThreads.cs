namespace VocSeg.Torch;

/// <summary>
/// The threads that fill batches, those of the epoch that a loop is at before those of the epoch after it. Without a
/// loop they end when nothing is left to fill, so that a loader at rest has no thread.
/// </summary>
/// <param name="pool">Where the workers come from and go back to.</param>
/// <param name="most">How many threads there are at most.</param>
internal sealed class WorkerThreads(BatchBufferPool pool, int most)
{
    private readonly List<EpochPipeline> epochs = [];
    private int running;

    /// <summary>Guards what the epochs count, and is pulsed where more may be done than before.</summary>
    internal object Gate { get; } = new();

    /// <summary>Takes in an epoch, after those that are there. The caller holds the gate.</summary>
    internal void Add(EpochPipeline epoch)
    {
        if (!epochs.Contains(epoch))
            epochs.Add(epoch);
    }

    /// <summary>Forgets an epoch. After the last one it returns when no thread is left.</summary>
    internal void Remove(EpochPipeline epoch)
    {
        lock (Gate)
        {
            epochs.Remove(epoch);
            Monitor.PulseAll(Gate);
            while (epochs.Count == 0 && running > 0)
                Monitor.Wait(Gate);
        }
    }

    /// <summary>
    /// Starts a thread where there is work for one. It starts the next, so that a loop waits for one start at most.
    /// </summary>
    internal void Recruit()
    {
        lock (Gate)
        {
            if (running == most || !epochs.Exists(static epoch => epoch.HasRun))
                return;
            running++;
        }
        try
        {
            new Thread(Work) { IsBackground = true, Name = "VocSeg worker" }.Start();
        }
        catch
        {
            lock (Gate)
            {
                running--;
                Monitor.PulseAll(Gate);
            }
            throw;
        }
    }

    private void Work()
    {
        SampleWorker? worker = null;
        while (Next(worker) is var (epoch, run))
        {
            Exception? failure = null;
            try
            {
                if (worker is null)
                {
                    Recruit();
                    worker = pool.RentWorker();
                }
                Interleaving.Point();
                epoch.Fill(run, worker);
            }
            catch (Exception error)
            {
                failure = error;
            }
            Interleaving.Point();
            epoch.Finish(run, failure);
            Interleaving.Point();
        }
    }

    /// <summary>Waits for a run that may be filled; null where the thread is to end.</summary>
    private (EpochPipeline Epoch, int Run)? Next(SampleWorker? worker)
    {
        lock (Gate)
        {
            for (; ; )
            {
                foreach (var epoch in epochs)
                {
                    if (epoch.HasRun)
                        return (epoch, epoch.TakeRun());
                }
                if (!epochs.Exists(static epoch => epoch.HasLoop))
                    break;
                Monitor.Wait(Gate);
            }
            // All of this is one step: whoever opens a batch sees this thread as one that takes it, or not at all.
            if (worker is not null)
            {
                worker.Cancellation = default;
                pool.Return(worker);
            }
            running--;
            Monitor.PulseAll(Gate);
            return null;
        }
    }
}
