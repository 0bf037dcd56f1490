using System.Collections.Concurrent;
using System.Security.Cryptography;
using static TorchSharp.torch;

namespace VocSeg.Torch;

/// <summary>
/// A catalog of samples as training tensors. Samples smaller than the crop are left out. Any number of threads may read
/// at once. Dispose it when no loader uses it any more.
/// </summary>
/// <remarks>
/// It also works under TorchSharp's own loader; <c>new DataLoader(dataset, ..., disposeDataset: false)</c> keeps that
/// from disposing it. <see cref="VocSegDataLoader"/> decodes ahead of the training loop and so is much faster.
/// </remarks>
public sealed class VocSegDataset : utils.data.Dataset
{
    private readonly long[] visits;
    private readonly ConcurrentBag<SampleWorker> idle = [];
    private bool disposed;

    /// <summary>A data set over a catalog.</summary>
    /// <param name="catalog">The samples.</param>
    /// <param name="options">Crop, normalization, palette, device and seed; null for the defaults.</param>
    /// <exception cref="DatasetException">No sample is large enough for the crop.</exception>
    /// <exception cref="InvalidOperationException">
    /// The device, a decoder that was asked for, or a native library is missing.
    /// </exception>
    public VocSegDataset(SampleCatalog catalog, VocSegDatasetOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        NativeLibraries.RequireTorch();
        Options = options ?? new();
        Catalog = catalog;
        SegmentationSample[] samples =
            [.. catalog.Samples.Where(sample => Options.Chain.CanTake(sample.Part))];
        if (samples.Length == 0)
        {
            var least = Options.Chain.Needs is { } size
                ? $", which need {size} (height x width) after any scaling"
                : "";
            var largest = catalog.Samples.Select(sample => sample.Part)
                .MaxBy(size => (long)size.Height * size.Width);
            throw new DatasetException(
                DatasetFault.Size, catalog.ListFile,
                $"none of the {catalog.Samples.Count} samples is large enough for the transforms{least}; the "
                + $"largest is {largest}. Take a smaller crop, or a PadIfSmaller before it.");
        }
        var seed = Options.Seed ?? BitConverter.ToInt64(RandomNumberGenerator.GetBytes(sizeof(long)));
        Source = new(samples, Options, seed);
        visits = new long[samples.Length];
        // A decoder that was asked for and is missing shows here.
        idle.Add(Source.CreateWorker());
    }

    /// <summary>A data set over a split of a VOC folder; the catalog is read first.</summary>
    /// <param name="root">
    /// The VOC2012 folder, the VOCdevkit folder that holds it, or the folder that holds VOCdevkit.
    /// </param>
    /// <param name="split">
    /// <c>train</c>, <c>val</c>, <c>trainval</c>, any other list in ImageSets/Segmentation, or the path of a list file.
    /// </param>
    /// <param name="options">Crop, normalization, palette, device and seed; null for the defaults.</param>
    /// <exception cref="DatasetException">
    /// The split cannot be read, or no sample is large enough for the crop.
    /// </exception>
    /// <exception cref="InvalidOperationException">
    /// The device, a decoder that was asked for, or a native library is missing.
    /// </exception>
    public VocSegDataset(string root, string split, VocSegDatasetOptions? options = null)
        : this(SampleCatalog.FromVoc(root, split), options)
    {
    }

    /// <summary>The catalog with all samples of the split, those that are too small included.</summary>
    public SampleCatalog Catalog { get; }

    /// <summary>The options that the data set was made with.</summary>
    public VocSegDatasetOptions Options { get; }

    /// <summary>
    /// The seed that crops, and the orders of a loader, are drawn from: the one of the options, or the one that was
    /// drawn in its place.
    /// </summary>
    public long Seed => Source.Seed;

    /// <summary>The device that the tensors are made on.</summary>
    public Device Device => Source.Device;

    /// <summary>The samples that are large enough for the crop, in the order of the catalog.</summary>
    public IReadOnlyList<SegmentationSample> Samples => Source.Samples;

    /// <summary>How many samples are large enough for the crop.</summary>
    public override long Count => Source.Samples.Count;

    /// <summary>How many samples the catalog has, those that are too small included.</summary>
    public long TotalCount => Catalog.Samples.Count;

    internal SampleSource Source { get; }

    /// <summary>One sample, with the next of its crops: the n-th call for an index gives the crop of epoch n.</summary>
    /// <param name="index">0 to <see cref="Count"/> - 1.</param>
    /// <returns>
    /// <c>image</c>: float32 (3, height, width); <c>label</c>: int64 (height, width); other shapes and keys as the
    /// options say. The caller disposes them, or its dispose scope does.
    /// </returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such index.</exception>
    /// <exception cref="DatasetException">A file cannot be read or decoded.</exception>
    public override Dictionary<string, Tensor> GetTensor(long index)
    {
        RequireIndex(index);
        return GetTensor(index, Interlocked.Increment(ref visits[index]) - 1);
    }

    /// <summary>One sample, with its crop of an epoch.</summary>
    /// <param name="index">0 to <see cref="Count"/> - 1.</param>
    /// <param name="epoch">The epoch, from 0.</param>
    /// <returns>
    /// <c>image</c>: float32 (3, height, width); <c>label</c>: int64 (height, width); other shapes and keys as the
    /// options say. The caller disposes them, or its dispose scope does.
    /// </returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such index.</exception>
    /// <exception cref="DatasetException">A file cannot be read or decoded.</exception>
    public Dictionary<string, Tensor> GetTensor(long index, long epoch)
    {
        RequireIndex(index);
        ObjectDisposedException.ThrowIf(disposed, this);
        if (!idle.TryTake(out var worker))
            worker = Source.CreateWorker();
        try
        {
            ReadOnlySpan<PlannedSample> planned = [new((int)index, 0)];
            using BatchBuffer buffer = Device.type == TorchSharp.DeviceType.CPU
                ? new HostBatchBuffer(Source, 1, cache: null)
                : new DeviceBatchBuffer(Source, 1);
            buffer.Begin(Source.FrameOf(planned, epoch), epoch);
            buffer.Fill(0, planned, worker);
            var batch = buffer.Deliver(1);
            using (batch.Image)
            using (batch.Label)
            using (batch.Weight)
            {
                var tensors = new Dictionary<string, Tensor>(StringComparer.Ordinal)
                {
                    [Options.ImageKey] = batch.Image.squeeze(0),
                    [Options.LabelKey] = batch.Label.squeeze(0),
                };
                if (batch.Weight is not null)
                    tensors[Options.WeightKey] = batch.Weight.squeeze(0);
                return tensors;
            }
        }
        finally
        {
            idle.Add(worker);
        }
    }

    /// <summary>Where the pixels of a sample come from in an epoch.</summary>
    /// <param name="index">0 to <see cref="Count"/> - 1.</param>
    /// <param name="epoch">The epoch, from 0.</param>
    /// <returns>
    /// The map from the sample's pixels to those that are stored. Where a condition on the label decides about the crop
    /// (<see cref="RandomCrop.CatMaxRatio"/>, <see cref="RandomCrop.MinForeground"/>) the label is decoded for it.
    /// </returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such index.</exception>
    /// <exception cref="DatasetException">The label cannot be read or decoded.</exception>
    public SampleGeometry GeometryOf(long index, long epoch)
    {
        RequireIndex(index);
        var planned = new PlannedSample((int)index, 0);
        if (!Source.DrawsByLabel)
            return Source.Draw(planned, epoch).Geometry;
        using var worker = Source.CreateWorker();
        worker.LabelCount.Begin(worker.DecodeLabel(Samples[(int)index]));
        return Source.Draw(planned, epoch, worker.LabelCount).Geometry;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing && !disposed)
        {
            disposed = true;
            Source.Dispose();
            while (idle.TryTake(out var worker))
                worker.Dispose();
        }
        base.Dispose(disposing);
    }

    private void RequireIndex(long index)
    {
        if (index < 0 || index >= Count)
            throw new ArgumentOutOfRangeException(nameof(index), $"The index {index} is outside 0 to {Count - 1}.");
    }
}
