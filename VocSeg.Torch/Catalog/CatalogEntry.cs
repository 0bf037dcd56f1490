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
}
