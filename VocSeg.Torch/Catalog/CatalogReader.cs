namespace VocSeg.Torch;

/// <summary>Makes samples of entries: reads the headers of their files, in parallel and without decoding.</summary>
internal static class CatalogReader
{
    /// <exception cref="DatasetException">
    /// Files are missing or no images, or image and label differ in size; the first ten of such samples.
    /// </exception>
    internal static IReadOnlyList<SegmentationSample> Read(
        IReadOnlyList<CatalogEntry> entries,
        string source,
        SampleCatalogOptions options,
        IProgress<(int Done, int Total)>? progress,
        CancellationToken cancellation) =>
        ParallelSamples.Run(
            entries.Count,
            $"samples of {source}",
            options,
            () => default(IDisposable),
            (_, index) => Describe(entries[index], options),
            progress,
            cancellation);

    /// <exception cref="DatasetException">They are of different sizes.</exception>
    internal static void RequireSameSize(CatalogEntry entry, ImageHeader image, ImageSize label)
    {
        var turned = ExifOrientation.Turn(image.Size, image.Orientation);
        var size = entry.TurnsImage ? turned : image.Size;
        if (size == label)
            return;
        var advice = turned == label
            ? "the label was drawn over the rotated image; set ApplyExifOrientation = true."
            : image.Size == label
                ? "the label was drawn over the image as it is stored; leave ApplyExifOrientation false."
                : "they must be of one size.";
        throw new DatasetException(
            DatasetFault.Size, entry.LabelPath!,
            $"the label is {label} (height x width), its image {entry.ImagePath} is {size}; {advice}",
            sampleId: entry.Id);
    }

    /// <summary>The sample of an entry, its size read from the headers of its files.</summary>
    private static SegmentationSample Describe(CatalogEntry entry, SampleCatalogOptions options)
    {
        if (entry.Faults.Count > 0)
            throw DatasetException.All(entry.Faults, $"'{entry.Id}'");
        try
        {
            var image = ImageHeader.Read(entry.ImagePath!, options.MaxPixels);
            if (entry.LabelPath is { } path)
                RequireSameSize(entry, image, ImageHeader.Read(path, options.MaxPixels).Size);
            var orientation = entry.TurnsImage ? image.Orientation : ExifOrientation.AsStored;
            var size = ExifOrientation.Turn(image.Size, orientation);
            return new(entry.Id, entry.ImagePath!, entry.LabelPath, size) { Orientation = orientation };
        }
        catch (DatasetException fault) when (fault.SampleId is null)
        {
            throw new DatasetException(fault) { SampleId = entry.Id };
        }
    }
}
