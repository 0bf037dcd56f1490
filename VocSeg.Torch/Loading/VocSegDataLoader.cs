using System.Collections;

namespace VocSeg.Torch;

/// <summary>
/// Batches of a <see cref="VocSegDataset"/>. Every <c>foreach</c> over the loader is one epoch, with an order and windows of its own that
/// follow from the seed, the epoch and the index alone, whatever the number of workers. Dispose the loader before its data set.
/// </summary>
public sealed class VocSegDataLoader : IEnumerable<VocSegBatch>
{
    private long nextEpoch;

    /// <summary>A loader over a data set.</summary>
    /// <param name="dataset">The data set; it stays the caller's to dispose, after the last epoch.</param>
    /// <param name="options">Batch size, shuffle, drop last, workers and seed; null for the defaults.</param>
    /// <exception cref="ArgumentException">The data set has less than one batch and the last batch is to be dropped.</exception>
    public VocSegDataLoader(VocSegDataset dataset, VocSegDataLoaderOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        Dataset = dataset;
        Options = options ?? new();
        if (Count == 0)
            throw new ArgumentException($"{dataset.Count} samples make no batch of {Options.BatchSize}; take a smaller batch size, or DropLast = false.", nameof(options));
    }

    /// <summary>The data set.</summary>
    public VocSegDataset Dataset { get; }

    /// <summary>What the loader was made with.</summary>
    public VocSegDataLoaderOptions Options { get; }

    /// <summary>Batches in an epoch.</summary>
    public long Count => Options.DropLast
        ? Dataset.Count / Options.BatchSize
        : (Dataset.Count + Options.BatchSize - 1) / Options.BatchSize;

    /// <summary>The epoch that the next <c>foreach</c> runs, from 0. Set it to go on from an earlier run.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Below 0.</exception>
    public long NextEpoch
    {
        get => Interlocked.Read(ref nextEpoch);
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            Interlocked.Exchange(ref nextEpoch, value);
        }
    }

    /// <summary>Begins the next epoch. Leaving the loop early, by break or exception, frees all that belongs to it.</summary>
    /// <returns>The batches; each lives until the next.</returns>
    /// <exception cref="VocDataException">While it runs: a file cannot be read or decoded.</exception>
    public IEnumerator<VocSegBatch> GetEnumerator() => new EpochEnumerator(this, Interlocked.Increment(ref nextEpoch) - 1);

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
