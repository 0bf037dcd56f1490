using System.Collections;
using TorchSharp;

namespace VocSeg.Torch;

/// <summary>
/// Batches of a <see cref="VocSegDataset"/>. Every <c>foreach</c> over the loader is one epoch, with an order and windows of its own that
/// follow from the seed, the epoch and the index alone, whatever the number of workers. Workers decode ahead of the training loop.
/// Dispose the loader, then its data set.
/// </summary>
public sealed class VocSegDataLoader : IEnumerable<VocSegBatch>, IDisposable
{
    private readonly BatchBufferPool pool;
    private readonly PixelCache? hostCache;
    private readonly DevicePixelCache? deviceCache;
    private readonly bool onHost;
    private readonly RunningEpochs running = new();
    private readonly LoaderMemory memory;
    private readonly Lock gate = new();
    private (long Epoch, long Batch) next;
    private (long Epoch, long Batch) reached;

    /// <summary>A loader over a data set.</summary>
    /// <param name="dataset">The data set; it stays the caller's to dispose, after the loader.</param>
    /// <param name="options">Batch size, shuffle, drop last, workers, prefetch, cache and seed; null for the defaults.</param>
    /// <exception cref="ArgumentException">The data set has less than one batch and the last batch is to be dropped, or a batch takes more than 2 GiB in one tensor.</exception>
    /// <exception cref="InvalidOperationException">The cache takes more memory than is free.</exception>
    public VocSegDataLoader(VocSegDataset dataset, VocSegDataLoaderOptions? options = null)
        : this(dataset, options, onHost: dataset?.Device.type == DeviceType.CPU)
    {
    }

    /// <summary>A loader that goes the way of a GPU also where the device is the CPU: for tests, which have no other way to walk it everywhere.</summary>
    internal VocSegDataLoader(VocSegDataset? dataset, VocSegDataLoaderOptions? options, bool onHost)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        this.onHost = onHost;
        Dataset = dataset;
        Options = options ?? new();
        if (Count == 0)
            throw new ArgumentException($"{dataset.Count} samples make no batch of {Options.BatchSize}; take a smaller batch size, or DropLast = false.", nameof(options));
        memory = new(dataset, Options, onHost);
        if (Options.Cache == SampleCache.Host || (Options.Cache == SampleCache.Device && onHost))
            hostCache = new(dataset);
        else if (Options.Cache == SampleCache.Device)
            deviceCache = new(dataset);
        pool = new(CreateBuffer, dataset.CreateWorker);
    }

    /// <summary>The data set.</summary>
    public VocSegDataset Dataset { get; }

    /// <summary>What the loader was made with.</summary>
    public VocSegDataLoaderOptions Options { get; }

    /// <summary>Batches in an epoch.</summary>
    public long Count => Options.DropLast
        ? Dataset.Count / Options.BatchSize
        : (Dataset.Count + Options.BatchSize - 1) / Options.BatchSize;

    /// <summary>The epoch that the next <c>foreach</c> runs, from 0. Setting it makes the next <c>foreach</c> begin that epoch at its first batch.</summary>
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
            lock (gate)
                next = reached = (value, 0);
        }
    }

    /// <summary>
    /// The batch after the last one that the loader gave: save it with a checkpoint. Set it, and the next <c>foreach</c> begins with just that batch
    /// and runs to the end of its epoch.
    /// </summary>
    /// <exception cref="ArgumentException">The state is of another seed, batch size, shuffle, drop last or data set, or of no batch that there is.</exception>
    public VocSegLoaderState State
    {
        get
        {
            lock (gate)
                return new(reached.Epoch, reached.Batch, Dataset.Seed, OrderSeed, Options.BatchSize, Dataset.Count, Options.Shuffle, Options.DropLast);
        }
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            var own = State with { Epoch = value.Epoch, Batch = value.Batch };
            if (value != own)
                throw new ArgumentException($"The state {value} is of another loader; this one's would be {own}. Make data set and loader with the same seed, batch size, shuffle, drop last and samples.", nameof(value));
            if (value.Epoch < 0 || value.Batch < 0 || value.Batch >= Count)
                throw new ArgumentException($"There is no batch {value.Batch} in epoch {value.Epoch}: an epoch has {Count} batches.", nameof(value));
            lock (gate)
                next = reached = (value.Epoch, value.Batch);
        }
    }

    /// <summary>
    /// The most memory that the loader takes on the host, in bytes: Prefetch + 1 batches, what each worker decodes into, and the cache. On the CPU a batch is
    /// batch * height * width * 20 bytes. For a GPU it is staged in batch * height * (width of the widest sample) * 8 bytes; with a host cache in
    /// batch * height * width * 4; while a device cache fills, in batch * (pixels of the largest sample) * 4. A worker takes 7 bytes for
    /// each pixel of the largest sample, 11 for a GPU with a host cache; a host cache takes 4 bytes for each pixel of all samples. Batches that are
    /// detached come on top, and some MB: the files that are being read, the palette's table. For a GPU the memory is pinned, and libtorch rounds each pinned block up to a power of two.
    /// </summary>
    public long MemoryBytes => memory.Bytes + (hostCache?.Bytes ?? 0);

    /// <summary>Begins the next epoch. Leaving the loop early, by break or exception, ends its workers within a sample's time.</summary>
    /// <returns>The batches; each lives until the next.</returns>
    /// <exception cref="DatasetException">While it runs: a file cannot be read or decoded.</exception>
    public IEnumerator<VocSegBatch> GetEnumerator() => Begin(CancellationToken.None);

    /// <summary>The next epoch, ended by a token: <c>foreach (var batch in loader.WithCancellation(token))</c>.</summary>
    /// <param name="cancellationToken">Ends the loop with <see cref="OperationCanceledException"/> within a sample's time.</param>
    /// <returns>The batches; each lives until the next.</returns>
    public IEnumerable<VocSegBatch> WithCancellation(CancellationToken cancellationToken) => new CancellableEpoch(this, cancellationToken);

    /// <summary>
    /// Frees the batches and the cache. A loop that still runs over the loader ends with <see cref="ObjectDisposedException"/> at its next batch; the batch that it has stays good.
    /// </summary>
    public void Dispose()
    {
        // First, for its workers write into what is freed next.
        running.Dispose();
        pool.Dispose();
        hostCache?.Dispose();
        deviceCache?.Dispose();
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private long OrderSeed => Options.Seed ?? Dataset.Seed;

    private EpochEnumerator Begin(CancellationToken cancellationToken)
    {
        (long Epoch, long Batch) first;
        lock (gate)
        {
            first = next;
            next = (first.Epoch + 1, 0);
        }
        var plan = new EpochPlan((int)Dataset.Count, Options, OrderSeed, first.Epoch, (int)first.Batch);
        return new(plan, () => running.Start(() => Create(plan, cancellationToken)), running.End, SetReached);
    }

    private BatchSource Create(EpochPlan plan, CancellationToken cancellationToken)
    {
        if (deviceCache is { IsFull: true })
        {
            // From now on nothing is decoded or staged.
            pool.Empty();
            return new CachedBatches(Dataset, deviceCache, plan, cancellationToken);
        }
        var pipeline = new EpochPipeline(plan, pool, (int)Math.Min(Options.Prefetch + 1L, int.MaxValue), Options.Workers, cancellationToken);
        return onHost ? new HostBatches(plan, pipeline) : new DeviceBatches(plan, pipeline, cancellationToken);
    }

    private void SetReached(long epoch, long batch)
    {
        lock (gate)
            reached = batch < Count ? (epoch, batch) : (epoch + 1, 0);
    }

    private BatchBuffer CreateBuffer()
    {
        var slots = memory.Slots;
        if (onHost)
            return new HostBatchBuffer(Dataset, slots, hostCache);
        if (hostCache is not null)
            return new PackedBatchBuffer(Dataset, slots, hostCache);
        return deviceCache is not null ? new CachedBatchBuffer(Dataset, slots, deviceCache) : new StagedBatchBuffer(Dataset, slots);
    }

    private sealed class CancellableEpoch(VocSegDataLoader loader, CancellationToken cancellationToken) : IEnumerable<VocSegBatch>
    {
        public IEnumerator<VocSegBatch> GetEnumerator() => loader.Begin(cancellationToken);

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
