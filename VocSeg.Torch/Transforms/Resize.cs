namespace VocSeg.Torch;

/// <summary>
/// Stretches samples to one size, whatever their own ratio is. With <see cref="Whole"/> behind it every batch has that
/// size. As torchvision's Resize with antialias off; labels as its nearest-exact.
/// </summary>
/// <param name="Size">The height and width that samples get.</param>
/// <exception cref="ArgumentException">The size has no pixels.</exception>
public sealed record Resize(ImageSize Size) : SampleTransform
{
    /// <summary>The height and width that samples get.</summary>
    public ImageSize Size { get; init => field = Framing.Require(value); } = Framing.Require(Size);

    internal override ImageSize? FixedSize => Size;

    internal override ImageSize Smallest(ImageSize size) => Size;

    internal override ImageSize Largest(ImageSize size) => Size;

    internal override void Draw(ref SampleGeometry geometry, ref ColorMatrix color, ref SampleRandom random) =>
        geometry = geometry.Stretch(0, 0, geometry.Output, Size);
}

/// <summary>
/// Scales samples so that they just fit into a size, keeps their ratio, and pads what is left around them evenly with
/// the mean colour and the ignore index; an odd row or column goes below or to the right. With <see cref="Whole"/>
/// behind it every batch has that size.
/// </summary>
/// <param name="Size">The height and width that samples get.</param>
/// <exception cref="ArgumentException">The size has no pixels.</exception>
public sealed record Letterbox(ImageSize Size) : SampleTransform
{
    /// <summary>The height and width that samples get.</summary>
    public ImageSize Size { get; init => field = Framing.Require(value); } = Framing.Require(Size);

    internal override ImageSize? FixedSize => Size;

    internal override ImageSize Smallest(ImageSize size) => Size;

    internal override ImageSize Largest(ImageSize size) => Size;

    internal override void Draw(ref SampleGeometry geometry, ref ColorMatrix color, ref SampleRandom random)
    {
        var own = geometry.Output;
        var factor = Math.Min((double)Size.Height / own.Height, (double)Size.Width / own.Width);
        var scaled = Fit.Rounded(own.Height * factor, own.Width * factor);
        geometry = geometry.Stretch(0, 0, own, scaled);
        geometry = geometry.Crop(-((Size.Height - scaled.Height) / 2), -((Size.Width - scaled.Width) / 2), Size);
    }
}

/// <summary>Sizes in whole pixels.</summary>
internal static class Fit
{
    /// <summary>The nearest size with at least one pixel; halves are rounded up, as MMSegmentation does.</summary>
    internal static ImageSize Rounded(double height, double width) =>
        new(Math.Max(1, (int)(height + 0.5)), Math.Max(1, (int)(width + 0.5)));
}
