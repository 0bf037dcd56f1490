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

    /// <summary>The training split: shuffled, the last incomplete batch dropped, unless the options say no.</summary>
    public VocSegDataLoader Train { get; }

    /// <summary>
    /// The validation split: in the order of its list, with a last batch as small as it comes. Samples smaller than the
    /// crop are left out. Random crops are drawn anew every epoch; set <c>Validation.NextEpoch = 0</c> before each
    /// evaluation to see the same ones. With <see cref="Whole"/> every sample comes whole.
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
    /// <param name="cache">
    /// Whether decoded samples are kept; null for <see cref="SampleCache.None"/>. Both loaders share the folder of a
    /// disk cache.
    /// </param>
    /// <param name="labelFolder">
    /// The folder in the VOC folder that holds the labels, such as <c>SegmentationClassAug</c>; null for
    /// <c>SegmentationClass</c>.
    /// </param>
    /// <returns>Both loaders. Dispose the result to free them and their data sets.</returns>
    /// <remarks>
    /// For what has no parameter here, open the catalogs and give them, with options, to the other overload.
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
        SampleCache? cache = null,
        string? labelFolder = null)
    {
        // libtorch takes longer to load than the headers of a split to be read, and neither needs the other.
        var torchLoads = Task.Run(NativeLibraries.RequireTorch);
        if (download)
            torchLoads.GetAwaiter().GetResult();
        var loading = new VocSegDataLoaderOptions { BatchSize = batchSize, Cache = cache ?? SampleCache.None };
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

        var files = labelFolder is null ? new SampleCatalogOptions() : new() { LabelFolder = labelFolder };
        if (download)
            root = VocArchive.Download(root);
        var train = SampleCatalog.FromVoc(root, "train", files);
        var validation = SampleCatalog.FromVoc(root, "val", files);
        torchLoads.GetAwaiter().GetResult();
        return Load(train, validation, data, loading);
    }

    /// <summary>Both loaders over catalogs, wherever these come from.</summary>
    /// <param name="train">The samples to train on.</param>
    /// <param name="validation">The samples to validate on.</param>
    /// <param name="options">What the data set of training makes of its samples; null for the defaults.</param>
    /// <param name="loading">
    /// How batches are made; null for the defaults. Training is shuffled and drops a last batch that is not full,
    /// unless <c>Shuffle = false</c> or <c>DropLast = false</c> is said here. Whatever it says, validation has every
    /// sample once, none is dropped, they stay in order unless <see cref="VocSegDataLoaderOptions.GroupBySize"/> is
    /// set, of your own transforms batches have those with <see cref="IBatchTransform.InValidation"/>, and none are
    /// made ahead for the next evaluation.
    /// </param>
    /// <param name="validationOptions">
    /// The same as <paramref name="options"/> for validation. Null for those of training, but of the transforms only
    /// those that give samples their size: Resize, Letterbox, PadIfSmaller; CenterCrop, Whole and RandomCrop, without a
    /// condition on the label; in the place of RandomResizedCrop the whole sample in its size. To evaluate on whole
    /// images give <c>options with { Transforms = [new Whole()] }</c>.
    /// </param>
    /// <returns>Both loaders. Dispose the result to free them and their data sets.</returns>
    /// <exception cref="DatasetException">No sample is large enough for the crop.</exception>
    /// <exception cref="ArgumentException">
    /// Less training samples than a batch holds, or batches that are too large for a tensor.
    /// </exception>
    /// <exception cref="InvalidOperationException">
    /// The device or a native library is missing, or the cache takes more memory than is free.
    /// </exception>
    public static VocSegLoaders Load(
        SampleCatalog train,
        SampleCatalog validation,
        VocSegDatasetOptions? options = null,
        VocSegDataLoaderOptions? loading = null,
        VocSegDatasetOptions? validationOptions = null)
    {
        ArgumentNullException.ThrowIfNull(train);
        ArgumentNullException.ThrowIfNull(validation);
        options ??= new();
        loading ??= new();
        var toTrain = Open(train, options, loading.ForTraining);
        try
        {
            var toValidate = validationOptions
                ?? options with { Transforms = [.. options.Transforms.SelectMany(Framing)] };
            var each = loading with
            {
                Shuffle = false,
                DropLast = false,
                Sampling = Sampling.EachOnce,
                CropsPerSample = 1,
                BatchTransforms = [.. loading.BatchTransforms.Where(transform => transform.InValidation)],
                // Each evaluation begins when it is asked for, often at epoch 0 again.
                PrefetchNextEpoch = false,
            };
            return new(toTrain, Open(validation, toValidate, each));
        }
        catch
        {
            Free(toTrain);
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

    /// <summary>What stays of a transform where nothing but a sample's size is to change.</summary>
    private static IEnumerable<SampleTransform> Framing(SampleTransform transform) => transform switch
    {
        RandomCrop crop => [new RandomCrop(crop.Size)],
        RandomResizedCrop crop => [new Resize(crop.Size), new Whole()],
        Resize or Letterbox or PadIfSmaller => [transform],
        _ => transform.IsFraming ? [transform] : [],
    };

    private static VocSegDataLoader Open(
        SampleCatalog catalog, VocSegDatasetOptions data, VocSegDataLoaderOptions loading)
    {
        var dataset = new VocSegDataset(catalog, data);
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
