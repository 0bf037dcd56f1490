using static TorchSharp.torch;

namespace VocSeg.Torch;

/// <summary>
/// What a data set and its loaders share: the samples, how they are decoded, and what is drawn for them.
/// Any number of threads may use it.
/// </summary>
internal sealed class SampleSource : IDisposable
{
    private readonly Lazy<DeviceWarp> warp;
    private readonly int[] stored;
    private volatile bool disposed;

    internal SampleSource(IReadOnlyList<SegmentationSample> samples, VocSegDatasetOptions options, long seed)
    {
        Samples = samples;
        Options = options;
        Seed = seed;
        Device = options.Device ?? CPU;
        Form = new(options);
        (stored, Stored) = FindStored(samples);
        LargestSample = samples.Max(sample => sample.Size.Pixels);
        LargestWidth = samples.Max(sample => sample.Size.Width);
        LargestOutput = new(
            samples.Max(sample => Largest(sample).Height), samples.Max(sample => Largest(sample).Width));
        OnlyCrops = options.Chain.OnlyCrops && samples.All(IsWithinImage);
        warp = new(() => new(Form, options.Palette, Device, OnlyCrops ? LargestOutput : null));
        // A device that is missing shows here. On the CPU nothing needs the tensor operations.
        if (Device.type != TorchSharp.DeviceType.CPU)
            _ = warp.Value;
    }

    internal IReadOnlyList<SegmentationSample> Samples { get; }

    /// <summary>One sample of each pair of files: several samples may be parts of it.</summary>
    internal IReadOnlyList<SegmentationSample> Stored { get; }

    internal VocSegDatasetOptions Options { get; }

    internal long Seed { get; }

    internal Device Device { get; }

    internal BatchForm Form { get; }

    /// <summary>Batched operations on the device.</summary>
    /// <exception cref="ObjectDisposedException">The data set was disposed.</exception>
    internal DeviceWarp Warp => !disposed ? warp.Value : throw new ObjectDisposedException(
        "VocSeg.Torch.VocSegDataset", "The data set was disposed before its loader; dispose the loader first.");

    /// <summary>The pixels of the largest sample.</summary>
    internal long LargestSample { get; }

    /// <summary>The width of the widest sample.</summary>
    internal int LargestWidth { get; }

    /// <summary>The largest height and the largest width that a sample may have in a batch.</summary>
    internal ImageSize LargestOutput { get; }

    /// <summary>Whether every sample of every batch is a crop of one size that lies within its image.</summary>
    internal bool OnlyCrops { get; }

    /// <summary>The pixels of the rows of a sample that a batch may need.</summary>
    internal long LargestRows => OnlyCrops ? (long)LargestWidth * LargestOutput.Height : LargestSample;

    /// <summary>The place in <see cref="Stored"/> of what a sample is, or is a part of.</summary>
    internal int StoredOf(int index) => stored[index];

    /// <summary>What is done to a sample.</summary>
    internal (SampleGeometry Geometry, ColorMatrix Color) Draw(PlannedSample sample, long epoch) =>
        Options.Chain.Draw(Samples[sample.Index], Seed, epoch, sample.Index, sample.Visit);

    /// <summary>By what the sides of a sample's JPEG are divided while it is decoded for a batch.</summary>
    internal ImageReduction ReductionOf(in SampleGeometry drawn) =>
        Options.ReducedJpegDecoding ? drawn.Reduction : default;

    /// <summary>Whether labels decide which crops are taken, so that they must be decoded before a draw.</summary>
    internal bool DrawsByLabel => Options.Chain.Condition is not null;

    /// <summary>What is done to a sample, also where its label decides which of its places is taken.</summary>
    /// <param name="sample">The sample.</param>
    /// <param name="epoch">The epoch.</param>
    /// <param name="label">What counts its whole label where <see cref="DrawsByLabel"/>; else anything.</param>
    internal (SampleGeometry Geometry, ColorMatrix Color) Draw(
        PlannedSample sample, long epoch, LabelCount label) =>
        Options.Chain.Draw(
            Samples[sample.Index], Seed, epoch, sample.Index, sample.Visit, label, Form.IgnoreIndex);

    /// <summary>
    /// The same for a batch of a size that is known. Only a sample in the place of another may be too large for it.
    /// </summary>
    internal (SampleGeometry Geometry, ColorMatrix Color) Draw(
        PlannedSample sample, long epoch, ImageSize frame, LabelCount label)
    {
        var drawn = Draw(sample, epoch, label);
        return sample.IsReplacement ? (drawn.Geometry.Within(frame), drawn.Color) : drawn;
    }

    /// <summary>The size of a batch: that of its crops, or of its highest and its widest sample.</summary>
    internal ImageSize FrameOf(ReadOnlySpan<PlannedSample> samples, long epoch)
    {
        if (Options.Chain.FixedSize is { } size)
            return size;
        int height = 1, width = 1;
        foreach (var sample in samples)
        {
            var output = Draw(sample, epoch).Geometry.Output;
            (height, width) = (Math.Max(height, output.Height), Math.Max(width, output.Width));
        }
        return new(height, width);
    }

    /// <summary>
    /// The samples in the largest batch of a loader, and the memory that it takes on the host without a cache: its
    /// batches, and what its workers decode into.
    /// </summary>
    /// <param name="options">Batch size, prefetch, workers and cache.</param>
    /// <param name="onHost">Whether batches are made on the host, not on a GPU.</param>
    /// <exception cref="ArgumentException">A batch takes more in one tensor than .NET can fill.</exception>
    internal (int Slots, long Bytes) MemoryOf(VocSegDataLoaderOptions options, bool onHost)
    {
        // The decoder's four bytes and an eighth, the class index, and the samples of a label file and a quarter.
        const int WorkerBytesPerPixel = 7;
        var pixels = LargestOutput.Pixels;
        var fromDeviceCache = options.Cache.IsOnDevice;
        var fromDisk = options.Cache.Folder is not null;
        var fromHostCache = !fromDeviceCache && options.Cache != SampleCache.None;
        var staged = DeviceBatchBuffer.SlotPixels(this, fromHostCache, fromDeviceCache) * HostWarp.BytesPerPixel;
        // The bytes of a sample in a buffer's two tensors; the second is 0 where the buffer has only one.
        var (image, label) = onHost ? (pixels * Form.ImageBytes, pixels * Form.LabelBytes)
            : options.Cache == SampleCache.None ? (staged, staged)
            : (staged, 0);
        var shared = Math.Min(options.SharedBatchSize, options.SamplesPerEpoch(Samples.Count));
        var slots = (int)((shared + options.Shard.WorldSize - 1) / options.Shard.WorldSize);
        var largest = Math.Max(image, label);
        if (largest > int.MaxValue)
        {
            throw new ArgumentException(
                $"A sample takes {largest} bytes in one tensor, more than the 2 GiB that .NET can fill; take a smaller "
                + "crop or smaller images.",
                nameof(options));
        }
        if (slots * largest > int.MaxValue)
        {
            throw new ArgumentException(
                $"A batch of {slots} samples takes {slots * largest} bytes in one tensor, more than the 2 GiB that "
                + $".NET can fill; take {int.MaxValue / largest} samples or less.",
                nameof(options));
        }
        // Whole samples are decoded into memory of the worker's own where they do not fit elsewhere.
        var isPacked = fromDisk || (!onHost && fromHostCache);
        var workerPixel = WorkerBytesPerPixel + (isPacked ? HostWarp.BytesPerPixel : 0);
        var batches = (options.Prefetch + 1L) * slots * (image + label);
        return (slots, batches + options.Workers * LargestSample * workerPixel);
    }

    internal SampleWorker CreateWorker() => CreateWorker(decodesWhole: false);

    internal SampleWorker CreateWorker(bool decodesWhole) => new(Options, LargestSample, decodesWhole);

    public void Dispose()
    {
        disposed = true;
        if (warp.IsValueCreated)
            warp.Value.Dispose();
    }

    private ImageSize Largest(SegmentationSample sample) => Options.Chain.Largest(sample.Part);

    private static bool IsWithinImage(SegmentationSample sample) => sample.Region is not { } part
        || (part.Size.Height <= sample.Size.Height - part.Top && part.Size.Width <= sample.Size.Width - part.Left);

    private static (int[] Stored, IReadOnlyList<SegmentationSample> Samples) FindStored(
        IReadOnlyList<SegmentationSample> samples)
    {
        var places = new Dictionary<(string, string?, int), int>();
        var placeOf = new int[samples.Count];
        var different = new List<SegmentationSample>();
        for (var index = 0; index < placeOf.Length; index++)
        {
            var sample = samples[index];
            var files = (sample.ImagePath, sample.LabelPath, sample.Orientation);
            if (!places.TryGetValue(files, out placeOf[index]))
            {
                places.Add(files, placeOf[index] = different.Count);
                different.Add(sample);
            }
        }
        return (placeOf, different);
    }
}
