using System.Collections;
using TorchSharp;

namespace VocSeg.Torch;

/// <summary>
/// Batches of a <see cref="VocSegDataset"/>. Every <c>foreach</c> over the loader is one epoch, with an order and crops
/// of its own. They follow from the data set's seed, the epoch and the index alone, whatever the number of workers.
/// Workers decode ahead of the training loop. Dispose the loader first, then its data set.
/// </summary>
public sealed partial class VocSegDataLoader : IEnumerable<VocSegBatch>, IDisposable
{
    private readonly SampleSource source;
    private readonly BatchBufferPool pool;
    private readonly PackedSamples? hostCache;
    private readonly DiskCache? diskCache;
    private readonly DeviceCache? deviceCache;
    private readonly bool onHost;
    private readonly (int Slots, long Bytes) memory;
    private readonly BatchTransforms transforms;
    private readonly Replacement? replacement;
    private readonly EpochAhead? ahead;
    private readonly HashSet<BatchSource> running = [];
    private readonly object gate = new();
    private (long Epoch, long Batch, long Offset) next;
    private (long Epoch, long Batch, long Offset) reached;
    private SkipLog? skips;
    private EpochReport? lastEpoch;
    private bool disposed;
    private bool hasLookedForForeground;

    /// <summary>A loader over a data set.</summary>
    /// <param name="dataset">The data set. It stays the caller's to dispose, after the loader.</param>
    /// <param name="options">
    /// Batch size, shuffle, drop last, workers, prefetch, cache, shard and so on; null for the defaults.
    /// </param>
    /// <exception cref="ArgumentException">
    /// The data set has less than one batch and the last batch is to be dropped, an epoch has more samples than an
    /// array holds, or a batch takes more than 2 GiB in one tensor. There is a cache, and the data set decodes JPEGs
    /// reduced. Of several ranks: the data set has no seed, or an epoch or its last batch has less samples than there
    /// are ranks.
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
        RequireSamples(nameof(options));
        if (Count == 0)
        {
            var onRanks = Options.Shard.WorldSize > 1 ? $" on each of {Options.Shard.WorldSize} ranks" : "";
            throw new ArgumentException(
                $"{dataset.Count} samples make no batch of {Options.BatchSize}{onRanks}; take a smaller batch size, or "
                + "DropLast = false in VocSegDataLoaderOptions.",
                nameof(options));
        }
        if (Options.Shard.WorldSize > 1 && dataset.Options.Seed is null)
        {
            throw new ArgumentException(
                "The data set has no seed, and ranks would draw different orders; give VocSegDatasetOptions.Seed the "
                + "same number on every rank.",
                nameof(options));
        }
        if (dataset.Options.ReducedJpegDecoding && Options.Cache != SampleCache.None)
        {
            throw new ArgumentException(
                $"Cache = {Options.Cache} keeps whole images, and the data set has ReducedJpegDecoding = true; take "
                + "SampleCache.None, or ReducedJpegDecoding = false.",
                nameof(options));
        }
        RequireSamplesForAll(offset: 0, nameof(options));
        memory = source.MemoryOf(Options, onHost);
        transforms = new(source, Options.BatchTransforms);
        replacement = Options.OnError.Skips ? new(source, Options) : null;
        if (Options.Cache.IsOnDevice && !onHost)
            deviceCache = new(source, Options.OnError);
        pool = new(
            () => onHost
                ? new HostBatchBuffer(source, memory.Slots, hostCache)
                : new DeviceBatchBuffer(source, memory.Slots, hostCache, deviceCache),
            () => source.CreateWorker(decodesWhole: Options.OnError.Skips));
        if (Options.Cache.Folder is not null)
        {
            var list = Path.GetFileNameWithoutExtension(dataset.Catalog.ListFile);
            hostCache = diskCache = new(list, source, Options, pool);
        }
        else if (Options.Cache != SampleCache.None && deviceCache is null)
        {
            hostCache = new HostCache(source);
        }
        // With a device cache there is soon nothing to make ahead.
        if (Options.PrefetchNextEpoch && deviceCache is null)
            ahead = new(Options.Prefetch, (place, threads) => Pipeline(PlanFrom(place), threads));
    }

    /// <summary>The data set.</summary>
    public VocSegDataset Dataset { get; }

    /// <summary>The options that the loader was made with.</summary>
    public VocSegDataLoaderOptions Options { get; }

    /// <summary>Batches in an epoch; equally many on every rank.</summary>
    public long Count => BatchesIn(SharedSamples, Options.SharedBatchSize);

    /// <summary>
    /// The samples that the epoch of the last loop has skipped so far, in the order of their places: see
    /// <see cref="OnError.Skip(double)"/>. Of several ranks each has its own.
    /// </summary>
    public IReadOnlyList<SkippedSample> Skipped
    {
        get
        {
            lock (gate)
                return skips?.Skipped ?? [];
        }
    }

    /// <summary>
    /// How fast the last epoch that has ended was, and what bounds it; null before one has. It is there when the
    /// <c>foreach</c> has ended, also one that was left early: <c>Console.WriteLine(loader.LastEpoch)</c>.
    /// </summary>
    public EpochReport? LastEpoch
    {
        get
        {
            lock (gate)
                return lastEpoch;
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
    /// bytes for each pixel of all stored samples. Where a crop has a condition on its label, it takes a sixteenth of
    /// that more, and a device cache takes a byte for each of these pixels on the host. A disk cache takes none: its
    /// pages are the system's page cache, which all processes share and which goes when memory is short; with it a
    /// worker takes 11 bytes for each pixel of the largest sample. All of these are whole images, also with
    /// <see cref="VocSegDatasetOptions.ReducedJpegDecoding"/>: some may be no JPEG, or not shrink.
    /// </para>
    /// <para>
    /// Batches that the loop keeps and what <see cref="VocSegDataLoaderOptions.BatchTransforms"/> make come on top, and
    /// some MB for the files that are being read and the palette's table. For a GPU the memory is pinned, and libtorch
    /// rounds each pinned block up to a power of two.
    /// </para>
    /// </remarks>
    public long MemoryBytes => memory.Bytes + (hostCache?.Bytes ?? 0) + (deviceCache?.HostBytes ?? 0);

    /// <summary>
    /// Begins the next epoch. Leaving the loop early, by break or exception, ends its workers within a sample's time.
    /// </summary>
    /// <returns>The batches. Each lives until the next, unless <c>DisposeBatch</c> is false.</returns>
    /// <remarks>
    /// <para>
    /// A shuffled loader makes the first batches of the next epoch while the loop is at the last ones of this epoch:
    /// see <see cref="VocSegDataLoaderOptions.PrefetchNextEpoch"/>.
    /// </para>
    /// <para>
    /// With <see cref="SampleCache.Disk"/> the first batch of a loader comes when the cache's file is there, which
    /// decodes all samples once; <see cref="VocSegDataLoaderOptions.CacheProgress"/> hears how far it is.
    /// </para>
    /// </remarks>
    /// <exception cref="DatasetException">
    /// While it runs: a file cannot be read or decoded, or more of them than may be skipped, or a disk cache cannot be
    /// written.
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
        ahead?.Dispose();
        hostCache?.Dispose();
        pool.Dispose();
        deviceCache?.Dispose();
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Samples in an epoch, before any are dropped, over all ranks.</summary>
    private long SharedSamples => Options.SamplesPerEpoch(source.Samples.Count);

    private long BatchesIn(long samples, long batchSize) =>
        Options.DropLast ? samples / batchSize : (samples + batchSize - 1) / batchSize;

    /// <exception cref="ArgumentException">
    /// An epoch has too few samples for its ranks, or too many for .NET.
    /// </exception>
    private void RequireSamples(string parameter)
    {
        if (SharedSamples < Options.Shard.WorldSize)
        {
            throw new ArgumentException(
                $"An epoch has {SharedSamples} samples, not one for each of {Options.Shard.WorldSize} ranks; "
                + "start less processes, or take more samples.",
                parameter);
        }
        if (SharedSamples > Array.MaxLength)
        {
            throw new ArgumentException(
                $"An epoch would have {SharedSamples} samples, more than the {Array.MaxLength} that an array holds; "
                + "take a smaller CropsPerSample, or less samples from Sampling.Weighted.",
                parameter);
        }
    }
}
