using System.Collections.Concurrent;
using System.Security.Cryptography;
using static TorchSharp.torch;

namespace VocSeg.Torch;

/// <summary>
/// A split of a VOC-shaped data set as training tensors. Samples smaller than the crop are left out. Reading may run on any number of
/// threads at once. Dispose it when no loader uses it any more.
/// </summary>
public sealed class VocSegDataset : utils.data.Dataset
{
    private readonly SegmentationSample[] samples;
    private readonly long[] visits;
    private readonly ConcurrentBag<SampleWorker> idle = [];
    private readonly Lazy<DeviceWarp> transform;
    private bool disposed;

    /// <summary>The data set of a split.</summary>
    /// <param name="catalog">The samples.</param>
    /// <param name="options">Crop, normalization, palette, device and seed; null for the defaults.</param>
    /// <exception cref="DatasetException">No sample is large enough for the crop.</exception>
    /// <exception cref="InvalidOperationException">The device, a decoder that is asked for, or a native library is not there.</exception>
    public VocSegDataset(SampleCatalog catalog, VocSegDatasetOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        NativeLibraries.RequireTorch();
        Options = options ?? new();
        Catalog = catalog;
        samples = [.. catalog.Samples.Where(sample => sample.Size.Holds(Options.Crop))];
        if (samples.Length == 0)
            throw new DatasetException(catalog.ListFile, $"none of the {catalog.Samples.Count} samples is at least {Options.Crop.Height} high and {Options.Crop.Width} wide; take a smaller crop.");
        Seed = Options.Seed ?? BitConverter.ToInt64(RandomNumberGenerator.GetBytes(sizeof(long)));
        Device = Options.Device ?? CPU;
        visits = new long[samples.Length];
        LargestSample = samples.Max(sample => sample.Size.Pixels);
        LargestWidth = samples.Max(sample => sample.Size.Width);
        // A decoder that is asked for and not there is found out here.
        idle.Add(CreateWorker());
        transform = new(() => new(Options.Crop, Options.Normalization, Options.Palette, Device));
        // A device that is not there is found out here; the CPU's batches are made without.
        if (Device.type != TorchSharp.DeviceType.CPU)
            _ = transform.Value;
    }

    /// <summary>The data set of a split, its catalog read first.</summary>
    /// <param name="root">The VOC2012 folder, the VOCdevkit folder that holds it, or the folder that holds VOCdevkit.</param>
    /// <param name="split"><c>train</c>, <c>val</c>, <c>trainval</c>, any other list in ImageSets/Segmentation, or the path of a list file.</param>
    /// <param name="options">Crop, normalization, palette, device and seed; null for the defaults.</param>
    /// <exception cref="DatasetException">The split cannot be read, or no sample is large enough for the crop.</exception>
    /// <exception cref="InvalidOperationException">The device, a decoder that is asked for, or a native library is not there.</exception>
    public VocSegDataset(string root, string split, VocSegDatasetOptions? options = null)
        : this(SampleCatalog.FromVoc(root, split), options)
    {
    }

    /// <summary>The catalog with all samples of the split, the small ones too.</summary>
    public SampleCatalog Catalog { get; }

    /// <summary>What the data set was made with.</summary>
    public VocSegDatasetOptions Options { get; }

    /// <summary>The seed that windows are drawn from: the one of the options, or the one that was drawn in its place.</summary>
    public long Seed { get; }

    /// <summary>Where the tensors are made.</summary>
    public Device Device { get; }

    /// <summary>The samples that are large enough for the crop, in the order of the list file.</summary>
    public IReadOnlyList<SegmentationSample> Samples => samples;

    /// <summary>How many samples are large enough for the crop.</summary>
    public override long Count => samples.Length;

    /// <summary>How many samples the split has, those that were left out included.</summary>
    public long TotalCount => Catalog.Samples.Count;

    /// <summary>Batched operations on the device.</summary>
    internal DeviceWarp Transform => transform.Value;

    /// <summary>The pixels of the largest sample.</summary>
    internal long LargestSample { get; }

    /// <summary>The pixels of as many rows as the crop has, in the widest sample.</summary>
    internal long LargestRows => (long)LargestWidth * Options.Crop.Height;

    /// <summary>The width of the widest sample.</summary>
    internal int LargestWidth { get; }

    /// <summary>
    /// One sample. Every visit of an index draws its next window, so each epoch of <c>torch.utils.data.DataLoader</c> has
    /// windows of its own; the n-th visit gives what <see cref="GetTensor(long, long)"/> gives for epoch n.
    /// </summary>
    /// <param name="index">0 to <see cref="Count"/> - 1.</param>
    /// <returns><c>image</c>: float32 (3, height, width); <c>label</c>: int64 (height, width); the caller disposes both, or its dispose scope.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such index.</exception>
    /// <exception cref="DatasetException">A file cannot be read or decoded.</exception>
    public override Dictionary<string, Tensor> GetTensor(long index)
    {
        RequireIndex(index);
        return GetTensor(index, Interlocked.Increment(ref visits[index]) - 1);
    }

    /// <summary>One sample with the window that it has in an epoch.</summary>
    /// <param name="index">0 to <see cref="Count"/> - 1.</param>
    /// <param name="epoch">The epoch, from 0.</param>
    /// <returns><c>image</c>: float32 (3, height, width); <c>label</c>: int64 (height, width); the caller disposes both, or its dispose scope.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such index.</exception>
    /// <exception cref="DatasetException">A file cannot be read or decoded.</exception>
    public Dictionary<string, Tensor> GetTensor(long index, long epoch)
    {
        RequireIndex(index);
        ObjectDisposedException.ThrowIf(disposed, this);
        if (!idle.TryTake(out var worker))
            worker = CreateWorker();
        try
        {
            using BatchBuffer buffer = Device.type == TorchSharp.DeviceType.CPU ? new HostBatchBuffer(this, 1, cache: null) : new StagedBatchBuffer(this, 1);
            buffer.Fill(0, index, epoch, worker);
            var (image, label) = buffer.Deliver(1);
            using (image)
            using (label)
                return new(StringComparer.Ordinal) { ["image"] = image.squeeze(0), ["label"] = label.squeeze(0) };
        }
        finally
        {
            idle.Add(worker);
        }
    }

    /// <summary>The window of a sample in an epoch.</summary>
    /// <param name="index">0 to <see cref="Count"/> - 1.</param>
    /// <param name="epoch">The epoch, from 0.</param>
    /// <returns>Its upper left corner.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such index.</exception>
    public CropWindow WindowOf(long index, long epoch)
    {
        RequireIndex(index);
        return CropWindow.Draw(samples[index].Size, Options.Crop, Seed, epoch, index);
    }

    internal SampleWorker CreateWorker() => new(Options, LargestSample);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing && !disposed)
        {
            disposed = true;
            if (transform.IsValueCreated)
                transform.Value.Dispose();
            while (idle.TryTake(out var worker))
                worker.Dispose();
        }
        base.Dispose(disposing);
    }

    private void RequireIndex(long index)
    {
        if (index < 0 || index >= samples.Length)
            throw new ArgumentOutOfRangeException(nameof(index), $"The index {index} is outside 0 to {samples.Length - 1}.");
    }
}
