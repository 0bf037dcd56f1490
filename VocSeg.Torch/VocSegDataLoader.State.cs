namespace VocSeg.Torch;

/// <content>Where the next loop begins.</content>
public sealed partial class VocSegDataLoader
{
    /// <summary>
    /// The epoch that the next <c>foreach</c> runs, from 0. Setting it makes the next <c>foreach</c> begin that epoch
    /// at its first batch.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Below 0.</exception>
    public long NextEpoch
    {
        get
        {
            lock (gate)
                return next.Epoch;
        }
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            GoTo((value, 0, 0));
        }
    }

    /// <summary>
    /// The batch after the last one that the loader gave: save it with a checkpoint. Once it is set, the next
    /// <c>foreach</c> begins with just that batch and runs to the end of its epoch.
    /// </summary>
    /// <remarks>
    /// A state of other numbers of ranks or other batch sizes is good too: the epoch goes on with the first sample, in
    /// the order over all ranks, that no batch has had.
    /// </remarks>
    /// <exception cref="ArgumentException">
    /// The state is of another seed, shuffle, drop last or data set, or of no batch that there is. With
    /// <see cref="VocSegDataLoaderOptions.GroupBySize"/>: of other batches. Of several ranks: the last batch of the
    /// rest of the epoch would have less samples than there are ranks.
    /// </exception>
    public VocSegLoaderState State
    {
        get
        {
            lock (gate)
            {
                var (epoch, batch, offset) = reached;
                return new(
                    epoch, batch, source.Seed, Options.BatchSize, Dataset.Count, Options.Shuffle, Options.DropLast,
                    Options.Shard.WorldSize, offset);
            }
        }
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            GoTo(PlaceOf(value));
        }
    }

    /// <summary>Where this loader goes on from a state.</summary>
    private (long Epoch, long Batch, long Offset) PlaceOf(VocSegLoaderState state)
    {
        var own = State;
        var batches = state.BatchSize * (long)state.WorldSize;
        string[] others = [.. new (string What, object Saved, object Own)[]
        {
            ("seed", state.Seed, own.Seed),
            ("number of samples", state.Samples, own.Samples),
            ("shuffle", state.Shuffle, own.Shuffle),
            ("drop last", state.DropLast, own.DropLast),
            // Samples are grouped into the batches that there are.
            ("batch size of all ranks", Options.GroupBySize ? batches : 0,
                Options.GroupBySize ? (long)own.BatchSize * own.WorldSize : 0L),
        }.Where(pair => !pair.Saved.Equals(pair.Own)).Select(pair => $"{pair.What} {pair.Saved}, here {pair.Own}")];
        if (others.Length > 0)
        {
            throw new ArgumentException(
                $"The state is of another loader ({string.Join("; ", others)}); make data set and loader as they were.",
                nameof(state));
        }
        var left = SharedSamples - state.Offset;
        if (state.BatchSize < 1 || state.WorldSize < 1 || state.Epoch < 0 || state.Batch < 0 || state.Offset < 0
            || left <= 0 || state.Batch >= BatchesIn(left, batches))
        {
            throw new ArgumentException(
                $"There is no batch {state.Batch} of {batches} samples in epoch {state.Epoch}: an epoch has "
                + $"{SharedSamples} samples, and batches begin with sample {state.Offset}.",
                nameof(state));
        }
        var (batch, offset) = Math.DivRem(state.Offset + state.Batch * batches, Options.SharedBatchSize);
        if (Options.DropLast && SharedSamples - offset < (batch + 1) * Options.SharedBatchSize)
            return (state.Epoch + 1, 0, 0);
        RequireSamplesForAll(offset, nameof(state));
        return (state.Epoch, batch, offset);
    }

    /// <exception cref="ArgumentException">The last batch of an epoch is not enough for all ranks.</exception>
    private void RequireSamplesForAll(long offset, string parameter)
    {
        var ranks = Options.Shard.WorldSize;
        var last = (SharedSamples - offset) % Options.SharedBatchSize;
        if (Options.DropLast || last == 0 || last >= ranks)
            return;
        throw new ArgumentException(
            $"The last batch of an epoch has {last} of {SharedSamples} samples, not one for each of {ranks} ranks; "
            + $"take DropLast = true, or another batch size than {Options.BatchSize}.",
            parameter);
    }

    /// <summary>Makes the next loop begin there. Batches that were made for another epoch are dropped.</summary>
    private void GoTo((long Epoch, long Batch, long Offset) place)
    {
        lock (gate)
            next = reached = place;
        ahead?.DropUnless(place);
    }

    private void SetReached(EpochPlan plan, int batch)
    {
        lock (gate)
        {
            reached = batch < plan.Batches
                ? (plan.Epoch, plan.FirstBatch + batch, plan.Offset)
                : (plan.Epoch + 1, 0, 0);
        }
    }
}
