namespace VocSeg.Torch;

/// <summary>
/// Which sample stands where in which batch of an epoch, or of the rest of an epoch. Batches count from 0.
/// </summary>
internal sealed class EpochPlan
{
    private readonly int[] order;
    private readonly int batchSize;

    /// <param name="count">Samples in the data set.</param>
    /// <param name="options">Batch size, shuffle, drop last.</param>
    /// <param name="seed">What the order is drawn from.</param>
    /// <param name="epoch">The epoch, from 0.</param>
    /// <param name="firstBatch">The batch of the epoch that this plan begins with.</param>
    internal EpochPlan(int count, VocSegDataLoaderOptions options, long seed, long epoch, int firstBatch = 0)
    {
        Epoch = epoch;
        FirstBatch = firstBatch;
        batchSize = options.BatchSize;
        order = OrderOf(count, options.Shuffle, seed, epoch)[(firstBatch * batchSize)..];
        Samples = options.DropLast ? order.Length / batchSize * batchSize : order.Length;
        Batches = (int)((Samples + (long)batchSize - 1) / batchSize);
    }

    internal long Epoch { get; }

    /// <summary>The place in the epoch of this plan's first batch.</summary>
    internal int FirstBatch { get; }

    /// <summary>Samples in all batches.</summary>
    internal int Samples { get; }

    internal int Batches { get; }

    /// <summary>The position in the plan of a batch's first sample.</summary>
    internal int FirstOf(int batch) => batch * batchSize;

    internal int SizeOf(int batch) => Math.Min(batchSize, Samples - FirstOf(batch));

    /// <summary>The index in the data set of the sample at a position of the plan.</summary>
    internal int IndexAt(int position) => order[position];

    internal (int Batch, int Slot) PlaceOf(int position) => (position / batchSize, position % batchSize);

    internal long[] IndicesOf(int batch)
    {
        var indices = new long[SizeOf(batch)];
        for (var slot = 0; slot < indices.Length; slot++)
            indices[slot] = order[FirstOf(batch) + slot];
        return indices;
    }

    /// <summary>
    /// 0 to count - 1, each once, as they stand or in a Fisher-Yates shuffle of the seed and the epoch.
    /// </summary>
    internal static int[] OrderOf(int count, bool shuffle, long seed, long epoch)
    {
        var indices = new int[count];
        for (var i = 0; i < count; i++)
            indices[i] = i;
        if (!shuffle)
            return indices;
        var random = new SampleRandom(seed, epoch);
        for (var last = count - 1; last > 0; last--)
        {
            var other = random.Next(last + 1);
            (indices[last], indices[other]) = (indices[other], indices[last]);
        }
        return indices;
    }
}
