namespace VocSeg.Torch;

/// <summary>Which sample stands where in which batch of an epoch.</summary>
internal sealed class EpochPlan
{
    private readonly int[] order;
    private readonly int batchSize;

    internal EpochPlan(VocSegDataset dataset, VocSegDataLoaderOptions options, long epoch)
    {
        Epoch = epoch;
        batchSize = options.BatchSize;
        order = EpochOrder.Create((int)dataset.Count, options.Shuffle, options.Seed ?? dataset.Seed, epoch);
        Samples = options.DropLast ? order.Length / batchSize * batchSize : order.Length;
        Batches = (Samples + batchSize - 1) / batchSize;
    }

    internal long Epoch { get; }

    /// <summary>Samples of the epoch, in all batches.</summary>
    internal int Samples { get; }

    internal int Batches { get; }

    internal int SizeOf(int batch) => Math.Min(batchSize, Samples - batch * batchSize);

    /// <summary>The index in the data set of the sample at a position of the epoch.</summary>
    internal int IndexAt(int position) => order[position];

    internal (int Batch, int Slot) PlaceOf(int position) => (position / batchSize, position % batchSize);

    internal long[] IndicesOf(int batch)
    {
        var indices = new long[SizeOf(batch)];
        for (var slot = 0; slot < indices.Length; slot++)
            indices[slot] = order[batch * batchSize + slot];
        return indices;
    }
}
