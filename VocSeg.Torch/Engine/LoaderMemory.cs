namespace VocSeg.Torch;

/// <summary>What a loader takes on the host.</summary>
internal sealed class LoaderMemory
{
    // The decoder's four bytes, the class index, and a label's samples before they are one, in memory that grows by a quarter.
    private const int WorkerBytesPerPixel = 7;
    private readonly VocSegDataset dataset;
    private readonly VocSegDataLoaderOptions options;
    private readonly long image;
    private readonly long label;
    private readonly long workerPixel = WorkerBytesPerPixel;

    /// <param name="dataset">The data set.</param>
    /// <param name="options">Batch size, prefetch, workers and cache.</param>
    /// <param name="onHost">Whether batches are made on the host, not on a GPU.</param>
    /// <exception cref="ArgumentException">A batch takes more in one tensor than .NET can fill.</exception>
    internal LoaderMemory(VocSegDataset dataset, VocSegDataLoaderOptions options, bool onHost)
    {
        this.dataset = dataset;
        this.options = options;
        var window = dataset.Options.Crop.Pixels;
        // What a sample takes in the tensors of a batch's buffer; 0 where there is but one.
        (image, label) = (onHost, options.Cache) switch
        {
            (true, _) => (window * 3 * sizeof(float), window * sizeof(long)),
            (false, SampleCache.None) => (dataset.LargestRows * ImageDecoder.BytesPerPixel, dataset.LargestRows * ImageDecoder.BytesPerPixel),
            (false, SampleCache.Host) => (window * HostWarp.BytesPerPixel, 0),
            _ => (dataset.LargestSample * HostWarp.BytesPerPixel, 0),
        };
        if (!onHost && options.Cache == SampleCache.Host)
            workerPixel += HostWarp.BytesPerPixel;
        if (image > int.MaxValue)
            throw new ArgumentException($"A sample takes {image} bytes in one tensor, more than the 2 GiB that .NET can fill; take a smaller crop or smaller images.", nameof(dataset));
        if (Slots * image > int.MaxValue)
            throw new ArgumentException($"A batch of {Slots} samples takes {Slots * image} bytes in one tensor, more than the 2 GiB that .NET can fill; take {int.MaxValue / image} samples or less.", nameof(options));
    }

    /// <summary>Samples in the largest batch.</summary>
    internal int Slots => (int)Math.Min(options.BatchSize, dataset.Count);

    /// <summary>Batches and workers, without a cache.</summary>
    internal long Bytes => (options.Prefetch + 1L) * Slots * (image + label) + options.Workers * dataset.LargestSample * workerPixel;
}
