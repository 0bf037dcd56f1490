using System.Collections.Immutable;

namespace VocSeg.Torch;

/// <summary>How a <see cref="VocSegDataLoader"/> makes batches.</summary>
public sealed record VocSegDataLoaderOptions
{
    private readonly bool? shuffle;
    private readonly bool? dropLast;
    private readonly bool? prefetchNextEpoch;

    /// <summary>Samples in a batch, at least 1. By default 64.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Below 1.</exception>
    public int BatchSize
    {
        get;
        init => field = AtLeastOne(value, nameof(BatchSize));
    } = 64;

    /// <summary>
    /// Whether every epoch has an order of its own. By default false, as in TorchSharp's own loader; for the training
    /// loader of <see cref="VocSegLoaders"/> by default true.
    /// </summary>
    public bool Shuffle
    {
        get => shuffle ?? false;
        init => shuffle = value;
    }

    /// <summary>
    /// Whether the samples left over after the last whole batch are left out of the epoch. By default false, as in
    /// TorchSharp's own loader; for the training loader of <see cref="VocSegLoaders"/> by default true.
    /// </summary>
    public bool DropLast
    {
        get => dropLast ?? false;
        init => dropLast = value;
    }

    /// <summary>
    /// Whether the loader disposes a batch when it moves on to the next one. By default true. Where it is false every
    /// batch is the caller's to dispose, and LINQ works (<c>First()</c>, <c>Take(2).ToList()</c>); each batch then
    /// takes new memory.
    /// </summary>
    public bool DisposeBatch { get; init; } = true;

    /// <summary>How many threads decode, at least 1. By default one a processor.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Below 1.</exception>
    public int Workers
    {
        get;
        init => field = AtLeastOne(value, nameof(Workers));
    } = Environment.ProcessorCount;

    /// <summary>
    /// How many batches are made ahead of the training loop, at least 1. By default 2.
    /// <see cref="VocSegDataLoader.MemoryBytes"/> says what they take.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Below 1.</exception>
    public int Prefetch
    {
        get;
        init => field = AtLeastOne(value, nameof(Prefetch));
    } = 2;

    /// <summary>
    /// Whether the first batches of the next epoch are made while the loop is at the last ones of this epoch, and on
    /// after it, so that no epoch begins with a wait. By default as <see cref="Shuffle"/>: training goes on from epoch
    /// to epoch, an evaluation most often begins anew.
    /// </summary>
    /// <remarks>
    /// Together with those of this epoch they are <see cref="Prefetch"/> batches at most, so that they take no memory
    /// of their own. They are dropped where the loop is left early, or
    /// <see cref="VocSegDataLoader.NextEpoch"/> or <see cref="VocSegDataLoader.State"/> is set to another place; the
    /// batches of an epoch are the same either way. An error in them comes with its batch. After the last epoch of all
    /// they are decoded for nothing. With <see cref="SampleCache.Device"/> on a GPU none are made.
    /// </remarks>
    public bool PrefetchNextEpoch
    {
        get => prefetchNextEpoch ?? Shuffle;
        init => prefetchNextEpoch = value;
    }

    /// <summary>Whether decoded samples are kept. By default they are not.</summary>
    /// <exception cref="ArgumentNullException">Null.</exception>
    public SampleCache Cache
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(Cache), "For no cache take SampleCache.None.");
    } = SampleCache.None;

    /// <summary>
    /// Is told, from several threads, how far the file of <see cref="SampleCache.Disk"/> has come while it is written,
    /// or while another process writes it. By default nobody is.
    /// </summary>
    public IProgress<SampleCacheProgress>? CacheProgress { get; init; }

    /// <summary>
    /// Is told, in a sentence, what takes long, such as the writing of a disk cache, and why it is done. By default it
    /// writes to the standard error stream.
    /// </summary>
    /// <exception cref="ArgumentNullException">Null.</exception>
    public Action<string> Inform
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(Inform), "To hear nothing take _ => { }.");
    } = static message => Console.Error.WriteLine(message);

    /// <summary>
    /// Is told, in a sentence, what is no error and most likely a mistake, such as a first epoch without a single
    /// foreground pixel. By default it writes to the standard error stream.
    /// </summary>
    /// <exception cref="ArgumentNullException">Null.</exception>
    public Action<string> Warn
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(Warn), "To hear nothing take _ => { }.");
    } = static message => Console.Error.WriteLine(message);

    /// <summary>
    /// Which samples an epoch has, and how often. By default every sample once; see <see cref="Sampling.Weighted"/>.
    /// </summary>
    /// <exception cref="ArgumentNullException">Null.</exception>
    public Sampling Sampling
    {
        get;
        init => field = value ?? throw new ArgumentNullException(
            nameof(Sampling), "For every sample once take Sampling.EachOnce.");
    } = Sampling.EachOnce;

    /// <summary>
    /// How many crops an epoch has of each sample, at least 1; by default 1. They stand together and, as far as they
    /// are in the same batch, are cut from one decoded image. For large images.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Below 1.</exception>
    public int CropsPerSample
    {
        get;
        init => field = AtLeastOne(value, nameof(CropsPerSample));
    } = 1;

    /// <summary>
    /// Whether samples of like size come in the same batches, which pads whole samples least. By default false. With
    /// <see cref="Shuffle"/> the batches come in random order.
    /// </summary>
    public bool GroupBySize { get; init; }

    /// <summary>
    /// Transforms of one's own, applied to every batch on its device in this order, after those of the data set. By
    /// default none. <see cref="VocSegDataset.GetTensor(long)"/> does not apply them.
    /// </summary>
    /// <exception cref="ArgumentException">One of them is null.</exception>
    public ImmutableArray<IBatchTransform> BatchTransforms
    {
        get;
        init => field = value.IsDefault ? []
            : value.Contains(null!)
            ? throw new ArgumentException("A transform is null; for no transform take [].", nameof(BatchTransforms))
            : value;
    } = [];

    /// <summary>
    /// What is done where a sample cannot be read. By default <see cref="OnError.Throw"/>; see
    /// <see cref="OnError.Skip(double)"/>.
    /// </summary>
    /// <exception cref="ArgumentNullException">Null.</exception>
    public OnError OnError
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(OnError), "To throw take OnError.Throw.");
    } = OnError.Throw;

    /// <summary>
    /// Is told of every sample that is skipped, on the thread of the loop, just before the batch that was to have it.
    /// They come in the order of their places, whatever the number of workers. By default it does nothing; at the end
    /// of an epoch <see cref="Warn"/> is told of all of them.
    /// </summary>
    /// <exception cref="ArgumentNullException">Null.</exception>
    public Action<SkippedSample> SampleSkipped
    {
        get;
        init => field = value ?? throw new ArgumentNullException(
            nameof(SampleSkipped), "To hear nothing take _ => { }.");
    } = static _ => { };

    /// <summary>
    /// Which of several processes this one is. By default it is alone. Every process has its part of every batch:
    /// <see cref="BatchSize"/> samples, and of a last batch that is not full as many as the others, or one more or
    /// less. Batch k of all processes together is batch k of one process whose batch size is BatchSize * WorldSize.
    /// </summary>
    /// <exception cref="ArgumentNullException">Null.</exception>
    public Shard Shard
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(Shard), "For one process take Shard.Single.");
    } = Shard.Single;

    /// <summary>These options for training: what they do not say of order and last batch is as it wants it.</summary>
    internal VocSegDataLoaderOptions ForTraining => this with
    {
        Shuffle = shuffle ?? true,
        DropLast = dropLast ?? true,
    };

    /// <summary>Samples in a batch of all ranks together.</summary>
    internal int SharedBatchSize => (int)Math.Min((long)BatchSize * Shard.WorldSize, int.MaxValue);

    private static int AtLeastOne(int value, string name) =>
        value >= 1 ? value : throw new ArgumentOutOfRangeException(name, $"{name} is at least 1; {value} was given.");

    /// <summary>How many samples an epoch has before any are dropped: crops of one count each.</summary>
    internal long SamplesPerEpoch(int samples) => (long)Sampling.SamplesOf(samples) * CropsPerSample;
}
