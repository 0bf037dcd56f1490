namespace VocSeg.Torch;

/// <summary>The size of an image as it is stored: an EXIF orientation is not applied.</summary>
/// <param name="Height">Rows of pixels.</param>
/// <param name="Width">Pixels in a row.</param>
public readonly record struct ImageSize(int Height, int Width)
{
    /// <summary>The number of pixels.</summary>
    internal long Pixels => (long)Height * Width;

    /// <summary>Whether a window of a crop's size fits in.</summary>
    /// <param name="crop">The size of the window.</param>
    public bool Holds(CropSize crop) => Height >= crop.Height && Width >= crop.Width;

    /// <summary>The size as <c>height x width</c>.</summary>
    public override string ToString() => $"{Height}x{Width}";
}
