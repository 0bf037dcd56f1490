using System.Collections.Concurrent;

namespace VocSeg.Torch;

/// <summary>
/// The samples of one split: their ids, files and sizes. Everything that is wrong with the set and can be seen without
/// decoding is found here, before the first batch.
/// </summary>
public sealed class SampleCatalog
{
    private readonly SampleCatalogOptions options;

    private SampleCatalog(
        string root, string listFile, IReadOnlyList<SegmentationSample> samples, SampleCatalogOptions options)
    {
        this.options = options;
        Root = root;
        ListFile = listFile;
        Samples = samples;
    }

    /// <summary>The VOC folder.</summary>
    public string Root { get; }

    /// <summary>The list file that names the samples.</summary>
    public string ListFile { get; }

    /// <summary>The samples, in the order of the list file.</summary>
    public IReadOnlyList<SegmentationSample> Samples { get; }

    /// <summary>
    /// Reads a split: its list file, and the size of every image and label from their headers, in parallel and without
    /// decoding.
    /// </summary>
    /// <param name="root">
    /// The VOC2012 folder, the VOCdevkit folder that holds it, or the folder that holds VOCdevkit.
    /// </param>
    /// <param name="split">
    /// <c>train</c>, <c>val</c>, <c>trainval</c>, any other list in ImageSets/Segmentation, or the path of a list file.
    /// </param>
    /// <param name="options">How to read; null for the defaults.</param>
    /// <param name="progress">Is told, from several threads, how many samples have been seen.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>The samples of the split.</returns>
    /// <exception cref="DatasetException">
    /// A folder or list is missing, the list is empty or wrong, ids have no image or label, a header cannot be read, or
    /// an image and its label differ in size. It names the first ten of such samples and counts the rest.
    /// </exception>
    /// <exception cref="OperationCanceledException">The reading was stopped.</exception>
    public static SampleCatalog FromVoc(
        string root,
        string split,
        SampleCatalogOptions? options = null,
        IProgress<(int Done, int Total)>? progress = null,
        CancellationToken cancellationToken = default)
    {
        options ??= new();
        var folder = VocFolder.Find(root, options.LabelFolder);
        var listFile = VocFolder.ListFile(folder, split);
        var entries = VocSplit.Read(folder, listFile, options);
        NativeLibraries.RequireSkia();
        var samples = new SegmentationSample?[entries.Count];
        var faults = new ConcurrentBag<(int Index, DatasetException Fault)>();
        var done = 0;
        var parallel = new ParallelOptions
        {
            MaxDegreeOfParallelism = options.Parallelism,
            CancellationToken = cancellationToken,
        };
        Parallel.For(0, entries.Count, parallel, index =>
        {
            try
            {
                samples[index] = Describe(entries[index], options);
            }
            catch (DatasetException fault)
            {
                faults.Add((index, fault));
            }
            progress?.Report(new(Interlocked.Increment(ref done), entries.Count));
        });
        if (faults.IsEmpty)
            return new(folder, listFile, samples!, options);
        // In the order of the list, so that the same set gives the same message every time.
        throw DatasetException.All(
            [.. faults.OrderBy(found => found.Index).Select(found => found.Fault)],
            $"{faults.Count} of the {entries.Count} samples of {listFile}");
    }

    /// <summary>
    /// Decodes every image and label of a split and says what is wrong: files that are missing, broken or of different
    /// sizes, labels with colours or class indices that the palette does not know. Where <see cref="FromVoc"/> stops at
    /// the first fault, this goes on.
    /// </summary>
    /// <param name="root">
    /// The VOC2012 folder, the VOCdevkit folder that holds it, or the folder that holds VOCdevkit.
    /// </param>
    /// <param name="split">
    /// <c>train</c>, <c>val</c>, <c>trainval</c>, any other list in ImageSets/Segmentation, or the path of a list file.
    /// </param>
    /// <param name="options">Label folder and parallelism; null for the defaults.</param>
    /// <param name="palette">
    /// The colours that labels may have, whatever it says of unknown ones; null for
    /// <see cref="SegmentationPalette.Voc"/>.
    /// </param>
    /// <param name="progress">Is told, from several threads, how many samples have been seen.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>What was looked at, and every fault.</returns>
    /// <exception cref="DatasetException">There is no such folder or list.</exception>
    /// <exception cref="OperationCanceledException">The work was stopped.</exception>
    public static CatalogReport Verify(
        string root,
        string split,
        SampleCatalogOptions? options = null,
        SegmentationPalette? palette = null,
        IProgress<(int Done, int Total)>? progress = null,
        CancellationToken cancellationToken = default)
    {
        options ??= new();
        var folder = VocFolder.Find(root, options.LabelFolder);
        var listFile = VocFolder.ListFile(folder, split);
        palette ??= SegmentationPalette.Voc;
        return CatalogVerifier.Run(folder, listFile, options, palette, progress, cancellationToken);
    }

    /// <summary>Decodes every image and label of this catalog and says what is wrong.</summary>
    /// <param name="palette">
    /// The colours that labels may have, whatever it says of unknown ones; null for
    /// <see cref="SegmentationPalette.Voc"/>.
    /// </param>
    /// <param name="progress">Is told, from several threads, how many samples have been seen.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>What was looked at, and every fault.</returns>
    /// <exception cref="DatasetException">The folder or the list is no longer there.</exception>
    /// <exception cref="OperationCanceledException">The work was stopped.</exception>
    public CatalogReport Verify(
        SegmentationPalette? palette = null,
        IProgress<(int Done, int Total)>? progress = null,
        CancellationToken cancellationToken = default) =>
        CatalogVerifier.Run(Root, ListFile, options, palette ?? SegmentationPalette.Voc, progress, cancellationToken);

    /// <summary>The sample of an entry, its size read from the headers of its files.</summary>
    /// <exception cref="DatasetException">A file is missing or is no image, or the two differ in size.</exception>
    private static SegmentationSample Describe(VocSplit.Entry entry, SampleCatalogOptions options)
    {
        if (entry.Faults.Count > 0)
            throw DatasetException.All(entry.Faults, $"'{entry.Id}'");
        try
        {
            var image = ImageHeader.Read(entry.ImagePath!, options.MaxPixels);
            var label = ImageHeader.Read(entry.LabelPath!, options.MaxPixels);
            var orientation = options.ApplyExifOrientation ? image.Orientation : 1;
            RequireSameSize(entry, image, label.Size, options);
            return new(entry.Id, entry.ImagePath!, entry.LabelPath!, label.Size) { Orientation = orientation };
        }
        catch (DatasetException fault) when (fault.SampleId is null)
        {
            throw new DatasetException(fault) { SampleId = entry.Id };
        }
    }

    internal static void RequireSameSize(
        VocSplit.Entry entry, ImageHeader image, ImageSize label, SampleCatalogOptions options)
    {
        var turned = ExifOrientation.Turn(image.Size, image.Orientation);
        var size = options.ApplyExifOrientation ? turned : image.Size;
        if (size == label)
            return;
        var advice = turned == label
            ? "the label was drawn over the rotated image; set ApplyExifOrientation = true."
            : image.Size == label
                ? "the label was drawn over the image as it is stored; leave ApplyExifOrientation false."
                : "they must be of one size.";
        throw new DatasetException(
            entry.LabelPath!, $"the label is {label} (height x width), its image {entry.ImagePath} is {size}; {advice}")
        {
            Fault = DatasetFault.Size,
            SampleId = entry.Id,
        };
    }
}
