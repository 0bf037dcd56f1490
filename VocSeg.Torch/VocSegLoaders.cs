using TorchSharp;

namespace VocSeg.Torch;

/// <summary>
/// The loaders of training and validation data, made in one call, as the textbook's <c>load_data_voc</c>.
/// </summary>
public sealed class VocSegLoaders : IDisposable
{
    private VocSegLoaders(VocSegDataLoader train, VocSegDataLoader validation)
    {
        Train = train;
        Validation = validation;
    }

    /// <summary>The training split: shuffled, the last incomplete batch dropped.</summary>
    public VocSegDataLoader Train { get; }

    /// <summary>
    /// The validation split: in the order of its list, with a last batch as small as it comes. Samples smaller than the
    /// crop are left out. Its crops are drawn anew every epoch; set <c>Validation.NextEpoch = 0</c> before each
    /// evaluation to see the same ones.
    /// </summary>
    public VocSegDataLoader Validation { get; }

    /// <summary>Both loaders over a VOC folder.</summary>
    /// <param name="root">
    /// The VOC2012 folder, the VOCdevkit folder that holds it, or the folder that holds VOCdevkit.
    /// </param>
    /// <param name="batchSize">Samples in a batch, at least 1.</param>
    /// <param name="cropSize">Height and width of the crop; smaller samples are left out. Null for 320x480.</param>
    /// <param name="device">The device that the tensors are made on; null for the CPU.</param>
    /// <param name="workers">How many threads decode; null for one a processor.</param>
    /// <param name="seed">What order and crops are drawn from; null for a seed that differs from run to run.</param>
    /// <param name="palette">Which colour is which class; null for <see cref="SegmentationPalette.Voc"/>.</param>
    /// <param name="download">
    /// Whether the official data, about 2 GB, is downloaded first where <see cref="VocArchive.FindWhole"/> does not
    /// find it at <paramref name="root"/>. A folder that was unpacked by hand does not count. Call
    /// <see cref="VocArchive.Download"/> instead to see progress or to stop it.
    /// </param>
    /// <param name="cache">Whether decoded samples are kept.</param>
    /// <returns>Both loaders. Dispose the result to free them and their data sets.</returns>
    /// <remarks>
    /// For what has no parameter here, make a <see cref="VocSegDataset"/> and a <see cref="VocSegDataLoader"/> of each
    /// split.
    /// </remarks>
    /// <exception cref="DatasetException">
    /// The data cannot be downloaded, a split cannot be read, or no sample is large enough for the crop.
    /// </exception>
    /// <exception cref="ArgumentException">
    /// A wrong size or number, or less training samples than a batch holds.
    /// </exception>
    /// <exception cref="InvalidOperationException">
    /// The device or a native library is missing, or the cache takes more memory than is free.
    /// </exception>
    public static VocSegLoaders Load(
        string root,
        int batchSize = 64,
        ImageSize? cropSize = null,
        torch.Device? device = null,
        int? workers = null,
        long? seed = null,
        SegmentationPalette? palette = null,
        bool download = false,
        SampleCache cache = SampleCache.None)
    {
        NativeLibraries.RequireTorch();
        var loading = new VocSegDataLoaderOptions
        {
            BatchSize = batchSize,
            Shuffle = true,
            DropLast = true,
            Cache = cache,
        };
        if (workers is { } threads)
            loading = loading with { Workers = threads };
        var data = new VocSegDatasetOptions
        {
            Device = device,
            Seed = seed,
            Palette = palette ?? SegmentationPalette.Voc,
        };
        if (cropSize is { } crop)
            data = data with { Transforms = [new RandomCrop(crop)] };

        if (download)
            root = VocArchive.Download(root);
        var train = Open(root, "train", data, loading);
        try
        {
            return new(train, Open(root, "val", data, loading with { Shuffle = false, DropLast = false }));
        }
        catch
        {
            Free(train);
            throw;
        }
    }

    /// <summary>Both loaders, as in <c>var (train, validation) = loaders</c>.</summary>
    /// <param name="train">The training loader.</param>
    /// <param name="validation">The validation loader.</param>
    public void Deconstruct(out VocSegDataLoader train, out VocSegDataLoader validation) =>
        (train, validation) = (Train, Validation);

    /// <summary>Frees the loaders and their data sets.</summary>
    public void Dispose()
    {
        Free(Train);
        Free(Validation);
    }

    private static VocSegDataLoader Open(
        string root, string split, VocSegDatasetOptions data, VocSegDataLoaderOptions loading)
    {
        var dataset = new VocSegDataset(root, split, data);
        try
        {
            return new(dataset, loading);
        }
        catch
        {
            dataset.Dispose();
            throw;
        }
    }

    private static void Free(VocSegDataLoader loader)
    {
        loader.Dispose();
        loader.Dataset.Dispose();
    }
}
