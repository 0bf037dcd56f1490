using VocSeg.Torch;

namespace Gallery;

/// <summary>A window with its size.</summary>
/// <param name="Place">Where it lies.</param>
/// <param name="Size">Its height and width.</param>
public readonly record struct GalleryWindow(CropWindow Place, ImageSize Size)
{
    /// <summary>Size and place, such as <c>320x480 at row 12, column 7</c>.</summary>
    public override string ToString() => $"{Size} at row {Place.Top}, column {Place.Left}";
}
