namespace VocSeg.Torch;

/// <content>The look at every pixel.</content>
public sealed partial class SampleCatalog
{
    /// <summary>
    /// Decodes every image and label of a split and says what is wrong: files that are missing, broken or of different
    /// sizes, labels with colours or class indices that the palette does not know. Where <see cref="FromVoc"/> stops
    /// after the headers, this goes on.
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
        var (_, list, entries) = VocFolder.Read(root, split, options);
        CatalogEntry[] different = [.. entries.DistinctBy(entry => (entry.Id, entry.ImagePath, entry.LabelPath))];
        palette ??= SegmentationPalette.Voc;
        return CatalogVerifier.Run(different, list, options, palette, progress, cancellationToken);
    }

    /// <summary>
    /// Decodes every image and label of this catalog, each once, and says what is wrong. That a sample has no label is
    /// no fault.
    /// </summary>
    /// <param name="palette">
    /// The colours that labels may have, whatever it says of unknown ones; null for
    /// <see cref="SegmentationPalette.Voc"/>.
    /// </param>
    /// <param name="progress">Is told, from several threads, how many pairs of files have been seen.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>What was looked at, and every fault.</returns>
    /// <exception cref="OperationCanceledException">The work was stopped.</exception>
    public CatalogReport Verify(
        SegmentationPalette? palette = null,
        IProgress<(int Done, int Total)>? progress = null,
        CancellationToken cancellationToken = default)
    {
        CatalogEntry[] entries =
        [
            .. Samples.DistinctBy(sample => (sample.ImagePath, sample.LabelPath)).Select(sample =>
                new CatalogEntry(sample.Id, sample.ImagePath, sample.LabelPath, [])
                {
                    TurnsImage = sample.Orientation != ExifOrientation.AsStored,
                }),
        ];
        palette ??= SegmentationPalette.Voc;
        return CatalogVerifier.Run(entries, Name, Options, palette, progress, cancellationToken);
    }
}
