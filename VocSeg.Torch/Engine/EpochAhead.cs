namespace VocSeg.Torch;

/// <summary>
/// The first batches of the epoch after the one that a loop is at. They are made while it is at its last batches, in
/// the buffers that it needs no more, and on while no loop runs. Whoever wants another epoch drops them.
/// </summary>
/// <param name="most">How many batches are made at most.</param>
/// <param name="create">Draws an epoch, by its place and with the threads that are to fill it.</param>
internal sealed class EpochAhead(
    int most, Func<(long Epoch, long Batch, long Offset), WorkerThreads, EpochPipeline> create) : IDisposable
{
    private readonly object gate = new();
    private Begun? begun;
    private bool disposed;

    /// <summary>Lets it make some batches more. Where nothing is begun, an epoch begins.</summary>
    /// <param name="place">Where the next loop begins.</param>
    /// <param name="threads">The threads of the epoch that runs.</param>
    /// <param name="batches">How many; so many buffers are free.</param>
    internal void Allow((long Epoch, long Batch, long Offset) place, WorkerThreads threads, long batches)
    {
        lock (gate)
        {
            if (disposed || begun is { IsDropped: true })
                return;
            if (begun is null)
            {
                var epoch = begun = new(place);
                // To draw the order of many samples takes milliseconds, and the loop does not wait for it.
                epoch.Creation = Task.Run(() => Create(epoch, threads));
            }
            begun.Batches = (int)Math.Min(begun.Batches + batches, most);
            begun.Pipeline?.OpenAhead(begun.Batches);
        }
    }

    /// <summary>The plan of what was begun, once, where it is for that place; what is for another is dropped.</summary>
    internal EpochPlan? PlanAt((long Epoch, long Batch, long Offset) place)
    {
        Begun? there;
        lock (gate)
            there = begun;
        if (there is null)
            return null;
        if (there.Place == place && there.WaitUntilCreated())
        {
            lock (gate)
            {
                // A second loop over the same epoch has a plan of its own, since a plan is measured as one loop.
                if (there.IsPlanned)
                    return null;
                there.IsPlanned = true;
                return there.Pipeline?.Plan;
            }
        }
        Drop();
        return null;
    }

    /// <summary>Hands over the epoch of a plan; null where it was dropped, or is not of here.</summary>
    internal EpochPipeline? Take(EpochPlan plan)
    {
        Interleaving.Point();
        lock (gate)
        {
            if (begun is not { IsDropped: false, Pipeline: { } pipeline } || pipeline.Plan != plan)
                return null;
            begun = null;
            return pipeline;
        }
    }

    /// <summary>Ends what was begun, without waiting for it.</summary>
    internal void Stop()
    {
        lock (gate)
        {
            if (begun is null)
                return;
            begun.IsDropped = true;
            begun.Pipeline?.Stop();
        }
    }

    /// <summary>Drops what was begun for another place.</summary>
    internal void DropUnless((long Epoch, long Batch, long Offset) place)
    {
        lock (gate)
        {
            if (begun is null || begun.Place == place)
                return;
        }
        Drop();
    }

    /// <summary>Drops what was begun and returns when its workers have ended.</summary>
    internal void Drop()
    {
        Stop();
        Interleaving.Point();
        Begun? dropped;
        lock (gate)
            dropped = begun;
        // It stays known until then: who disposes the loader meanwhile waits for its workers too.
        if (dropped is not { IsDropped: true })
            return;
        dropped.Pipeline?.Dispose();
        lock (gate)
        {
            if (begun == dropped)
                begun = null;
        }
    }

    /// <summary>Drops what was begun; nothing begins any more.</summary>
    public void Dispose()
    {
        lock (gate)
            disposed = true;
        Drop();
    }

    private void Create(Begun epoch, WorkerThreads threads)
    {
        Interleaving.Point();
        var pipeline = create(epoch.Place, threads);
        Interleaving.Point();
        lock (gate)
        {
            if (epoch.IsDropped)
                return;
            epoch.Pipeline = pipeline;
            pipeline.OpenAhead(epoch.Batches);
        }
    }

    /// <summary>An epoch that was begun. The gate guards all of it.</summary>
    private sealed class Begun((long Epoch, long Batch, long Offset) place)
    {
        internal (long Epoch, long Batch, long Offset) Place { get; } = place;

        internal Task Creation { get; set; } = Task.CompletedTask;

        internal EpochPipeline? Pipeline { get; set; }

        internal int Batches { get; set; }

        internal bool IsDropped { get; set; }

        internal bool IsPlanned { get; set; }

        /// <summary>False where the epoch could not be drawn. The loop that wants it then sees why.</summary>
        internal bool WaitUntilCreated()
        {
            try
            {
                Creation.Wait();
                return true;
            }
            catch (AggregateException)
            {
                return false;
            }
        }
    }
}
