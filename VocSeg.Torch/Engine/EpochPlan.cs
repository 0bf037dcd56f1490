namespace VocSeg.Torch;

/// <summary>A sample of an epoch.</summary>
/// <param name="Index">Its index in the data set.</param>
/// <param name="Visit">How often the epoch had it before; below 0 where it takes the place of another.</param>
internal readonly record struct PlannedSample(int Index, int Visit)
{
    /// <summary>Whether it takes the place of one that cannot be read.</summary>
    internal bool IsReplacement => Visit < 0;

    /// <summary>A sample in the place of another. What is drawn for it differs from place to place.</summary>
    internal static PlannedSample For(int place, int index) => new(index, -1 - place);
}

/// <summary>
/// Which sample stands where in which batch of an epoch, or of the rest of an epoch. Batches count from 0. Ranks share
/// the order of an epoch and its batches, and each has a part of every batch.
/// </summary>
internal sealed class EpochPlan
{
    private readonly PlannedSample[] shared;
    private readonly PlannedSample[] order;
    private readonly int[]? runs;
    private readonly int batchSize;
    private readonly int sharedBatchSize;
    private readonly int sharedSamples;
    private readonly Shard shard;

    /// <param name="source">The samples.</param>
    /// <param name="options">
    /// Batch size, shuffle, drop last, sampling, crops a sample, grouping by size, shard.
    /// </param>
    /// <param name="epoch">The epoch, from 0.</param>
    /// <param name="firstBatch">The batch of the epoch that this plan begins with.</param>
    /// <param name="offset">The samples of the epoch, over all ranks, before its batch 0.</param>
    internal EpochPlan(
        SampleSource source, VocSegDataLoaderOptions options, long epoch, int firstBatch = 0, int offset = 0)
    {
        Epoch = epoch;
        FirstBatch = firstBatch;
        Offset = offset;
        shard = options.Shard;
        batchSize = options.BatchSize;
        sharedBatchSize = options.SharedBatchSize;
        FirstPlace = offset + firstBatch * sharedBatchSize;
        shared = Order(source, options, epoch)[FirstPlace..];
        sharedSamples = options.DropLast ? shared.Length / sharedBatchSize * sharedBatchSize : shared.Length;
        Batches = (int)((sharedSamples + (long)sharedBatchSize - 1) / sharedBatchSize);
        order = shard.WorldSize == 1 ? shared : OwnPart();
        Samples = shard.WorldSize == 1 ? sharedSamples : order.Length;
        runs = Runs(source);
    }

    internal long Epoch { get; }

    /// <summary>What measures the epoch.</summary>
    internal EpochMeter Meter { get; init; } = new("", epoch: 0);

    /// <summary>The place in the epoch of this plan's first batch.</summary>
    internal int FirstBatch { get; }

    /// <summary>The samples of the epoch, over all ranks, before its batch 0.</summary>
    internal int Offset { get; }

    /// <summary>The place in the epoch, over all ranks, of the first sample of this plan's first batch.</summary>
    internal int FirstPlace { get; }

    /// <summary>Samples in all batches.</summary>
    internal int Samples { get; }

    internal int Batches { get; }

    /// <summary>
    /// How many runs there are. A run is what stands together in a batch and is cut from one stored sample, so that it
    /// is decoded once.
    /// </summary>
    internal int RunCount => runs is null ? Samples : runs.Length - 1;

    /// <summary>The position in the plan of a run's first sample.</summary>
    internal int RunStart(int run) => runs is null ? run : runs[run];

    /// <summary>The samples of a run.</summary>
    internal ReadOnlySpan<PlannedSample> Run(int run)
    {
        var start = RunStart(run);
        return order.AsSpan(start, RunStart(run + 1) - start);
    }

    /// <summary>The position in the plan of a batch's first sample.</summary>
    internal int FirstOf(int batch) => batch * batchSize;

    internal int SizeOf(int batch) => Math.Min(batchSize, Samples - FirstOf(batch));

    /// <summary>The samples of a batch.</summary>
    internal ReadOnlySpan<PlannedSample> SamplesOf(int batch) => order.AsSpan(FirstOf(batch), SizeOf(batch));

    /// <summary>The samples of a batch on all ranks. They decide about its size together.</summary>
    internal ReadOnlySpan<PlannedSample> SharedSamplesOf(int batch) =>
        shared.AsSpan(batch * sharedBatchSize, SharedSizeOf(batch));

    internal (int Batch, int Slot) PlaceOf(int position) => (position / batchSize, position % batchSize);

    /// <summary>The place in the epoch, over all ranks, of a slot of a batch.</summary>
    internal int PlaceInEpoch(int batch, int slot) =>
        FirstPlace + batch * sharedBatchSize + shard.PartOf(SharedSizeOf(batch)).First + slot;

    private int SharedSizeOf(int batch) => Math.Min(sharedBatchSize, sharedSamples - batch * sharedBatchSize);

    // All parts but those of the last batch have the batch size, so that positions count in batches as on one rank.
    private PlannedSample[] OwnPart()
    {
        var own = new List<PlannedSample>();
        for (var batch = 0; batch < Batches; batch++)
        {
            var (first, count) = shard.PartOf(SharedSizeOf(batch));
            own.AddRange(SharedSamplesOf(batch).Slice(first, count));
        }
        return [.. own];
    }

    private static PlannedSample[] Order(SampleSource source, VocSegDataLoaderOptions options, long epoch)
    {
        var count = source.Samples.Count;
        var indices = options.Sampling.Order(count, options.Shuffle, source.Seed, epoch);
        var visits = new int[count];
        var crops = options.CropsPerSample;
        var planned = new PlannedSample[indices.Length * crops];
        for (var i = 0; i < planned.Length; i++)
        {
            var index = indices[i / crops];
            planned[i] = new(index, visits[index]++);
        }
        return options.GroupBySize ? Grouped(planned, source, options, epoch) : planned;
    }

    /// <summary>
    /// Samples of like size together. Within a size they keep their order; then whole batches change places where the
    /// order is to be random. A last batch that is not full stays the last.
    /// </summary>
    private static PlannedSample[] Grouped(
        PlannedSample[] planned, SampleSource source, VocSegDataLoaderOptions options, long epoch)
    {
        const ulong Stream = 2;
        PlannedSample[] sorted =
        [
            .. planned.Select(sample => (Sample: sample, Size: source.Draw(sample, epoch).Geometry.Output))
                .OrderBy(sized => sized.Size.Height).ThenBy(sized => sized.Size.Width).Select(sized => sized.Sample),
        ];
        if (!options.Shuffle)
            return sorted;
        var batches = sorted.Chunk(options.SharedBatchSize).ToArray();
        var random = new SampleRandom(source.Seed, epoch, stream: Stream);
        var full = batches[^1].Length == options.SharedBatchSize ? batches.Length : batches.Length - 1;
        for (var last = full - 1; last > 0; last--)
        {
            var other = random.Next(last + 1);
            (batches[last], batches[other]) = (batches[other], batches[last]);
        }
        return [.. batches.SelectMany(batch => batch)];
    }

    /// <summary>Where runs begin and the last one ends; null where each sample is a run of its own.</summary>
    private int[]? Runs(SampleSource source)
    {
        var starts = new List<int>();
        for (var position = 0; position < Samples; position++)
        {
            if (position % batchSize == 0
                || source.StoredOf(order[position].Index) != source.StoredOf(order[position - 1].Index))
            {
                starts.Add(position);
            }
        }
        return starts.Count == Samples ? null : [.. starts, Samples];
    }
}
