namespace VocSeg.Torch;

/// <summary>What is known of a sample before its files are opened.</summary>
/// <param name="Id">The sample's id.</param>
/// <param name="ImagePath">The image; null where a fault stands in its place.</param>
/// <param name="LabelPath">The label; null where there is none, or where a fault stands in its place.</param>
/// <param name="Faults">What keeps the files from being found.</param>
internal sealed record CatalogEntry(
    string Id, string? ImagePath, string? LabelPath, IReadOnlyList<DatasetException> Faults)
{
    /// <summary>Whether the image is turned as its EXIF orientation says.</summary>
    internal bool TurnsImage { get; init; }

    /// <summary>The sample, its size read from the headers of its files.</summary>
    /// <exception cref="DatasetException">
    /// A file is missing or no image, has too many pixels, or image and label differ in size.
    /// </exception>
    internal SegmentationSample Open(long maxPixels)
    {
        if (Faults.Count > 0)
            throw DatasetException.All(Faults, $"'{Id}'");
        try
        {
            var image = ImageHeader.Read(ImagePath!, maxPixels);
            if (LabelPath is not null)
                RequireSameSize(image, ImageHeader.Read(LabelPath, maxPixels).Size);
            var orientation = TurnsImage ? image.Orientation : ExifOrientation.AsStored;
            var size = ExifOrientation.Turn(image.Size, orientation);
            return new(Id, ImagePath!, LabelPath, size) { Orientation = orientation };
        }
        catch (DatasetException fault) when (fault.SampleId is null)
        {
            throw new DatasetException(fault) { SampleId = Id };
        }
    }

    /// <exception cref="DatasetException">They are of different sizes.</exception>
    internal void RequireSameSize(ImageHeader image, ImageSize label)
    {
        var turned = ExifOrientation.Turn(image.Size, image.Orientation);
        var size = TurnsImage ? turned : image.Size;
        if (size == label)
            return;
        var advice = turned == label
            ? "the label was drawn over the rotated image; set ApplyExifOrientation = true."
            : image.Size == label
                ? "the label was drawn over the image as it is stored; leave ApplyExifOrientation false."
                : "they must be of one size.";
        throw new DatasetException(
            DatasetFault.Size, LabelPath!,
            $"the label is {label} (height x width), its image {ImagePath} is {size}; {advice}", sampleId: Id);
    }
}
