using System.Collections.Concurrent;

namespace VocSeg.Torch;

/// <summary>
/// The samples of one split: their ids, files and sizes. Everything that is wrong with the set and can be seen without
/// decoding is found here, before the first batch.
/// </summary>
public sealed class SampleCatalog
{
    private readonly SampleCatalogOptions options;

    private SampleCatalog(string root, string listFile, IReadOnlyList<SegmentationSample> samples, SampleCatalogOptions options)
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

    /// <summary>Reads a split: its list file, and the size of every image and label from their headers, in parallel and without decoding.</summary>
    /// <param name="root">The VOC2012 folder, the VOCdevkit folder that holds it, or the folder that holds VOCdevkit.</param>
    /// <param name="split"><c>train</c>, <c>val</c>, <c>trainval</c>, any other list in ImageSets/Segmentation, or the path of a list file.</param>
    /// <param name="options">How to read; null for the defaults.</param>
    /// <param name="progress">Is told, from several threads, how many samples have been seen.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>The samples of the split.</returns>
    /// <exception cref="DatasetException">
    /// A folder or list is missing, the list is empty, ids have no image or label, a header cannot be read, or an image and its label differ in size.
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
        var ids = SplitList.Read(listFile);
        RequireFiles(ids, listFile, Path.Combine(folder, VocFolder.Images), ".jpg", "image");
        RequireFiles(ids, listFile, Path.Combine(folder, options.LabelFolder), ".png", "label");

        NativeLibraries.RequireSkia();
        var samples = new SegmentationSample[ids.Count];
        var done = 0;
        RunParallel(ids.Count, options.Parallelism, cancellationToken, index =>
        {
            samples[index] = Describe(folder, options.LabelFolder, ids[index]);
            progress?.Report(new(Interlocked.Increment(ref done), ids.Count));
        });
        return new(folder, listFile, samples, options);
    }

    /// <summary>
    /// Decodes every image and label of a split and says what is wrong: files that are missing, broken or of different sizes, labels with colours
    /// or class indices that the palette does not know. Where <see cref="FromVoc"/> stops at the first fault, this goes on.
    /// </summary>
    /// <param name="root">The VOC2012 folder, the VOCdevkit folder that holds it, or the folder that holds VOCdevkit.</param>
    /// <param name="split"><c>train</c>, <c>val</c>, <c>trainval</c>, any other list in ImageSets/Segmentation, or the path of a list file.</param>
    /// <param name="options">Label folder and parallelism; null for the defaults.</param>
    /// <param name="palette">The colours that labels may have, whatever it says of unknown ones; null for <see cref="SegmentationPalette.Voc"/>.</param>
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
        return CatalogVerifier.Run(folder, VocFolder.ListFile(folder, split), options, palette ?? SegmentationPalette.Voc, progress, cancellationToken);
    }

    /// <summary>Decodes every image and label of this catalog and says what is wrong.</summary>
    /// <inheritdoc cref="Verify(string, string, SampleCatalogOptions?, SegmentationPalette?, IProgress{ValueTuple{int, int}}?, CancellationToken)"/>
    public CatalogReport Verify(SegmentationPalette? palette = null, IProgress<(int Done, int Total)>? progress = null, CancellationToken cancellationToken = default) =>
        CatalogVerifier.Run(Root, ListFile, options, palette ?? SegmentationPalette.Voc, progress, cancellationToken);

    private static SegmentationSample Describe(string folder, string labelFolder, string id)
    {
        var imagePath = PathOf(folder, VocFolder.Images, id, ".jpg");
        var labelPath = PathOf(folder, labelFolder, id, ".png");
        var image = SkiaDecoder.ReadSize(imagePath);
        var label = SkiaDecoder.ReadSize(labelPath);
        return image == label
            ? new(id, imagePath, labelPath, image)
            : throw new DatasetException(labelPath, $"the label is {label} (height x width), its image {imagePath} is {image}; they must be of one size.") { SampleId = id };
    }

    private static void RequireFiles(IReadOnlyList<string> ids, string listFile, string folder, string extension, string what)
    {
        if (!Directory.Exists(folder))
            throw new DatasetException(folder, $"there is no such folder; the {what}s of {listFile} should be in it.");
        // One listing of the folder is quicker than asking for 1464 files, on network drives above all.
        var present = Directory.EnumerateFiles(folder, "*" + extension).Select(Path.GetFileName).ToHashSet(StringComparer.Ordinal);
        var missing = ids.Where(id => !present.Contains(id + extension)).ToList();
        if (missing.Count == 0)
            return;
        var named = string.Join(", ", missing.Take(5).Select(id => id + extension));
        var more = missing.Count > 5 ? $" and {missing.Count - 5} more" : "";
        throw new DatasetException(folder, $"{missing.Count} of the {ids.Count} ids in {listFile} have no {what} here: {named}{more}. Complete the folder or shorten the list.")
        {
            SampleId = missing[0],
        };
    }

    internal static string PathOf(string root, string folder, string id, string extension) => Path.Combine(root, folder, id + extension);

    private static void RunParallel(int count, int parallelism, CancellationToken cancellationToken, Action<int> body)
    {
        var failures = new ConcurrentBag<(int Index, Exception Error)>();
        var settings = new ParallelOptions { MaxDegreeOfParallelism = parallelism, CancellationToken = cancellationToken };
        Parallel.For(0, count, settings, (index, state) =>
        {
            try
            {
                body(index);
            }
            catch (DatasetException error)
            {
                failures.Add((index, error));
                state.Break();
            }
        });
        // The first in the list, so that the same set gives the same message every time.
        if (!failures.IsEmpty)
            throw failures.MinBy(failure => failure.Index).Error;
    }
}
