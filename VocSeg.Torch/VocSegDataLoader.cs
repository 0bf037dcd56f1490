using System.Collections;
using TorchSharp;

namespace VocSeg.Torch;

/// <summary>
/// Batches of a <see cref="VocSegDataset"/>. Every <c>foreach</c> over the loader is one epoch, with an order and crops
/// of its own. They follow from the data set's seed, the epoch and the index alone, whatever the number of workers.
/// Workers decode ahead of the training loop. Dispose the loader first, then its data set.
/// </summary>
public sealed class VocSegDataLoader : IEnumerable<VocSegBatch>, IDisposable
{
    private readonly SampleSource source;
    private readonly BatchBufferPool pool;
    private readonly PackedSamples? hostCache;
    private readonly DiskCache? diskCache;
    private readonly DeviceCache? deviceCache;
    private readonly bool onHost;
    private readonly MemoryEstimate memory;
    private readonly BatchTransforms transforms;
    private readonly HashSet<BatchSource> running = [];
    private readonly object gate = new();
    private (long Epoch, long Batch) next;
    private (long Epoch, long Batch) reached;
    private bool disposed;
    private bool hasLookedForForeground;

    /// <summary>A loader over a data set.</summary>
    /// <param name="dataset">The data set. It stays the caller's to dispose, after the loader.</param>
    /// <param name="options">
    /// Batch size, shuffle, drop last, workers, prefetch and cache; null for the defaults.
    /// </param>
    /// <exception cref="ArgumentException">
    /// The data set has less than one batch and the last batch is to be dropped, or a batch takes more than 2 GiB in
    /// one tensor.
    /// </exception>
    /// <exception cref="InvalidOperationException">The cache takes more memory than is free.</exception>
    public VocSegDataLoader(VocSegDataset dataset, VocSegDataLoaderOptions? options = null)
        : this(dataset, options, onHost: dataset?.Device.type == DeviceType.CPU)
    {
    }

    /// <summary>A loader that can take the GPU's code path on the CPU, so that tests run it everywhere.</summary>
    internal VocSegDataLoader(VocSegDataset? dataset, VocSegDataLoaderOptions? options, bool onHost)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        this.onHost = onHost;
        Dataset = dataset;
        source = dataset.Source;
        Options = options ?? new();
        if (Count == 0)
        {
            throw new ArgumentException(
                $"{dataset.Count} samples make no batch of {Options.BatchSize}; take a smaller batch size, or "
                + "DropLast = false.",
                nameof(options));
        }
        memory = new(source, Options, onHost);
        transforms = new(source, Options.BatchTransforms);
        if (Options.Cache.IsOnDevice && !onHost)
            deviceCache = new(source);
        pool = new(
            () => onHost
                ? new HostBatchBuffer(source, memory.Slots, hostCache)
                : new DeviceBatchBuffer(source, memory.Slots, hostCache, deviceCache),
            source.CreateWorker);
        if (Options.Cache.Folder is not null)
        {
            var list = Path.GetFileNameWithoutExtension(dataset.Catalog.ListFile);
            hostCache = diskCache = new(list, source, Options, pool);
        }
        else if (Options.Cache != SampleCache.None && deviceCache is null)
        {
            hostCache = new HostCache(source);
        }
    }

    /// <summary>The data set.</summary>
    public VocSegDataset Dataset { get; }

    /// <summary>The options that the loader was made with.</summary>
    public VocSegDataLoaderOptions Options { get; }

    /// <summary>Batches in an epoch.</summary>
    public long Count => Options.DropLast
        ? Options.SamplesPerEpoch(source.Samples.Count) / Options.BatchSize
        : (Options.SamplesPerEpoch(source.Samples.Count) + Options.BatchSize - 1) / Options.BatchSize;

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
            lock (gate)
                next = reached = (value, 0);
        }
    }

    /// <summary>
    /// The batch after the last one that the loader gave: save it with a checkpoint. Once it is set, the next
    /// <c>foreach</c> begins with just that batch and runs to the end of its epoch.
    /// </summary>
    /// <exception cref="ArgumentException">
    /// The state is of another seed, batch size, shuffle, drop last or data set, or of no batch that there is.
    /// </exception>
    public VocSegLoaderState State
    {
        get
        {
            lock (gate)
            {
                var (epoch, batch) = reached;
                return new(
                    epoch, batch, source.Seed, Options.BatchSize, Dataset.Count, Options.Shuffle, Options.DropLast);
            }
        }
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            var own = State;
            string[] others = [.. new (string What, object Saved, object Own)[]
            {
                ("seed", value.Seed, own.Seed),
                ("batch size", value.BatchSize, own.BatchSize),
                ("number of samples", value.Samples, own.Samples),
                ("shuffle", value.Shuffle, own.Shuffle),
                ("drop last", value.DropLast, own.DropLast),
            }.Where(pair => !pair.Saved.Equals(pair.Own)).Select(pair => $"{pair.What} {pair.Saved}, here {pair.Own}")];
            if (others.Length > 0)
            {
                throw new ArgumentException(
                    $"The state is of another loader ({string.Join("; ", others)}); make data set and loader as they "
                    + "were.",
                    nameof(value));
            }
            if (value.Epoch < 0 || value.Batch < 0 || value.Batch >= Count)
            {
                throw new ArgumentException(
                    $"There is no batch {value.Batch} in epoch {value.Epoch}: an epoch has {Count} batches.",
                    nameof(value));
            }
            lock (gate)
                next = reached = (value.Epoch, value.Batch);
        }
    }

    /// <summary>
    /// The most memory that the loader takes on the host, in bytes: Prefetch + 1 batches, what each worker decodes
    /// into, and the cache.
    /// </summary>
    /// <remarks>
    /// <para>
    /// On the CPU a batch takes batch * height * width * 20, or * 12 in gray; of whole samples these are the largest
    /// height and the largest width. For a GPU crops are staged in batch * height * (width of the widest sample) * 8;
    /// with a host cache in batch * height * width * 4. Other samples, and those that a device cache is filled with,
    /// are staged in batch * (pixels of the largest sample) * 8, or * 4 from a host cache or for a device cache. A
    /// worker takes 7 bytes for each pixel of the largest sample, 11 for a GPU with a host cache. A host cache takes 4
    /// bytes for each pixel of all stored samples. A disk cache takes none: its pages are the system's page cache,
    /// which all processes share and which goes when memory is short; with it a worker takes 11 bytes for each pixel of
    /// the largest sample.
    /// </para>
    /// <para>
    /// Batches that the loop keeps and what <see cref="VocSegDataLoaderOptions.BatchTransforms"/> make come on top, and
    /// some MB for the files that are being read and the palette's table. For a GPU the memory is pinned, and libtorch
    /// rounds each pinned block up to a power of two.
    /// </para>
    /// </remarks>
    public long MemoryBytes => memory.Bytes + (hostCache?.Bytes ?? 0);

    /// <summary>
    /// Begins the next epoch. Leaving the loop early, by break or exception, ends its workers within a sample's time.
    /// </summary>
    /// <returns>The batches. Each lives until the next, unless <c>DisposeBatch</c> is false.</returns>
    /// <remarks>
    /// With <see cref="SampleCache.Disk"/> the first batch of a loader comes when the cache's file is there, which
    /// decodes all samples once; <see cref="VocSegDataLoaderOptions.CacheProgress"/> hears how far it is.
    /// </remarks>
    /// <exception cref="DatasetException">
    /// While it runs: a file cannot be read or decoded, or a disk cache cannot be written.
    /// </exception>
    public IEnumerator<VocSegBatch> GetEnumerator() => Begin(CancellationToken.None);

    /// <summary>
    /// The next epoch, ended by a token: <c>foreach (var batch in loader.WithCancellation(token))</c>.
    /// </summary>
    /// <param name="cancellationToken">
    /// Ends the loop with <see cref="OperationCanceledException"/> within a sample's time.
    /// </param>
    /// <returns>The batches. Each lives until the next, unless <c>DisposeBatch</c> is false.</returns>
    public IEnumerable<VocSegBatch> WithCancellation(CancellationToken cancellationToken) =>
        new CancellableEpoch(this, cancellationToken);

    /// <summary>
    /// Ends the loops that still run over the loader, then frees the batches and the cache. Such a loop ends with
    /// <see cref="ObjectDisposedException"/> at its next batch; the batch that it has stays good.
    /// </summary>
    public void Dispose()
    {
        BatchSource[] ending;
        lock (running)
        {
            disposed = true;
            ending = [.. running];
        }
        // Workers write into the memory that is freed below, so this waits for them, even if another thread ends them.
        foreach (var epoch in ending)
            epoch.Dispose();
        hostCache?.Dispose();
        pool.Dispose();
        deviceCache?.Dispose();
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private Epoch Begin(CancellationToken cancellationToken)
    {
        (long Epoch, long Batch) first;
        lock (gate)
        {
            first = next;
            next = (first.Epoch + 1, 0);
        }
        var plan = new EpochPlan(source, Options, first.Epoch, (int)first.Batch);
        return new(this, plan, cancellationToken);
    }

    private BatchSource Start(EpochPlan plan, CancellationToken cancellationToken)
    {
        // Not in the lock: it may take minutes, and whoever disposes the loader ends it.
        diskCache?.Open(cancellationToken);
        lock (running)
        {
            BatchSource.ThrowIfEnded(disposed);
            var batches = Create(plan, cancellationToken);
            running.Add(batches);
            return batches;
        }
    }

    private void End(BatchSource batches)
    {
        // The source counts as running until its workers have ended: Dispose must not free their memory before.
        batches.Dispose();
        lock (running)
            running.Remove(batches);
    }

    private BatchSource Create(EpochPlan plan, CancellationToken cancellationToken)
    {
        if (deviceCache is { IsFull: true })
        {
            // From now on nothing is decoded or staged.
            pool.Empty();
            return new CachedBatches(source, deviceCache, plan, cancellationToken);
        }
        var buffers = (int)Math.Min(Options.Prefetch + 1L, int.MaxValue);
        var pipeline = new EpochPipeline(plan, source, pool, buffers, Options.Workers, cancellationToken);
        return onHost ? new HostBatches(plan, pipeline) : new DeviceBatches(plan, pipeline, cancellationToken);
    }

    /// <summary>Warns where a whole first epoch showed nothing but background.</summary>
    private void LookForForeground(EpochPlan plan, BatchSource? batches)
    {
        if (hasLookedForForeground || batches is null || plan.FirstBatch > 0)
            return;
        hasLookedForForeground = true;
        if (batches.SawForeground || diskCache is { SawForeground: true } || source.Options.Palette.ClassCount == 1)
            return;
        Options.Warn(
            $"{Dataset.Catalog.ListFile}: no foreground pixel was seen in the first epoch. Every label shows only "
            + $"class 0 ('{source.Options.Palette.ClassNames[0]}') and ignored pixels; look at the labels, and at the "
            + "palette and its LabelEncoding.");
    }

    private void SetReached(long epoch, long batch)
    {
        lock (gate)
            reached = batch < Count ? (epoch, batch) : (epoch + 1, 0);
    }

    private sealed class CancellableEpoch(VocSegDataLoader loader, CancellationToken cancellationToken)
        : IEnumerable<VocSegBatch>
    {
        public IEnumerator<VocSegBatch> GetEnumerator() => loader.Begin(cancellationToken);

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }

    /// <summary>One epoch, as the training loop sees it.</summary>
    private sealed class Epoch(VocSegDataLoader loader, EpochPlan plan, CancellationToken cancellationToken)
        : IEnumerator<VocSegBatch>
    {
        private BatchSource? batches;
        private VocSegBatch? current;
        private int next;

        public VocSegBatch Current => current
            ?? throw new InvalidOperationException("There is no batch before MoveNext or after the end of the epoch.");

        object IEnumerator.Current => Current;

        public bool MoveNext()
        {
            ReleaseCurrent();
            if (next == plan.Batches)
            {
                loader.LookForForeground(plan, batches);
                return false;
            }
            batches ??= loader.Start(plan, cancellationToken);
            var batch = next++;
            var indices = plan.IndicesOf(batch);
            current = new(Transformed(batches.Take(batch), batch, indices), plan.Epoch, indices);
            if (!loader.Options.DisposeBatch)
                current.Detach();
            loader.SetReached(plan.Epoch, plan.FirstBatch + next);
            return true;
        }

        public void Reset() => throw new NotSupportedException("Begin a new epoch by a new foreach.");

        public void Dispose()
        {
            next = plan.Batches;
            try
            {
                // The source ends first; then a batch that the loop keeps is not replaced by a new buffer.
                if (batches is not null)
                    loader.End(batches);
            }
            finally
            {
                ReleaseCurrent();
                batches = null;
            }
        }

        private BatchTensors Transformed(BatchTensors tensors, int batch, long[] indices)
        {
            try
            {
                return loader.transforms.Apply(tensors, plan.SamplesOf(batch), plan.Epoch, indices);
            }
            catch
            {
                batches!.Release(batch, detached: false);
                throw;
            }
        }

        private void ReleaseCurrent()
        {
            if (current is null)
                return;
            var (batch, isKept) = (current, current.Detached);
            current = null;
            batch.Release();
            batches!.Release(next - 1, isKept);
        }
    }
}
