namespace VocSeg.Torch;

/// <summary>
/// The memory that a loader takes on the host without a cache: its batches, and what its workers decode into.
/// </summary>
internal sealed class MemoryEstimate
{
    // The decoder's four bytes and an eighth, the class index, and the samples of a label file and a quarter.
    private const int WorkerBytesPerPixel = 7;

    /// <param name="source">The samples.</param>
    /// <param name="options">Batch size, prefetch, workers and cache.</param>
    /// <param name="onHost">Whether batches are made on the host, not on a GPU.</param>
    /// <exception cref="ArgumentException">A batch takes more in one tensor than .NET can fill.</exception>
    internal MemoryEstimate(SampleSource source, VocSegDataLoaderOptions options, bool onHost)
    {
        var (pixels, form) = (source.LargestOutput.Pixels, source.Form);
        var fromDeviceCache = options.Cache.IsOnDevice;
        var fromDisk = options.Cache.Folder is not null;
        var fromHostCache = !fromDeviceCache && options.Cache != SampleCache.None;
        var staged = DeviceBatchBuffer.SlotPixels(source, fromHostCache, fromDeviceCache) * HostWarp.BytesPerPixel;
        // The bytes of a sample in a buffer's two tensors; the second is 0 where the buffer has only one.
        var (image, label) = onHost ? (pixels * form.ImageBytes, pixels * form.LabelBytes)
            : options.Cache == SampleCache.None ? (staged, staged)
            : (staged, 0);
        var shared = Math.Min(options.SharedBatchSize, options.SamplesPerEpoch(source.Samples.Count));
        Slots = (int)((shared + options.Shard.WorldSize - 1) / options.Shard.WorldSize);
        var largest = Math.Max(image, label);
        if (largest > int.MaxValue)
        {
            throw new ArgumentException(
                $"A sample takes {largest} bytes in one tensor, more than the 2 GiB that .NET can fill; take a smaller "
                + "crop or smaller images.",
                nameof(source));
        }
        if (Slots * largest > int.MaxValue)
        {
            throw new ArgumentException(
                $"A batch of {Slots} samples takes {Slots * largest} bytes in one tensor, more than the 2 GiB that "
                + $".NET can fill; take {int.MaxValue / largest} samples or less.",
                nameof(options));
        }
        // Whole samples are decoded into memory of the worker's own where they do not fit elsewhere.
        var isPacked = fromDisk || (!onHost && fromHostCache);
        var workerPixel = WorkerBytesPerPixel + (isPacked ? HostWarp.BytesPerPixel : 0);
        var batches = (options.Prefetch + 1L) * Slots * (image + label);
        Bytes = batches + options.Workers * source.LargestSample * workerPixel;
    }

    /// <summary>Samples in the largest batch.</summary>
    internal int Slots { get; }

    internal long Bytes { get; }
}
