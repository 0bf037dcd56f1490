namespace VocSeg.Torch;

/// <summary>
/// Cuts a part of a fixed size out of the middle. Smaller samples are left out, unless a <see cref="PadIfSmaller"/>
/// stands before it.
/// </summary>
/// <param name="Size">Height and width of the crop.</param>
public sealed record CenterCrop(ImageSize Size) : SampleTransform
{
    /// <summary>Height and width of the crop.</summary>
    public ImageSize Size { get; init => field = Framing.Require(value); } = Framing.Require(Size);

    internal override ImageSize? FixedSize => Size;

    internal override ImageSize? Needs => Size;

    internal override bool IsFraming => true;

    internal override ImageSize Smallest(ImageSize size) => Size;

    internal override ImageSize Largest(ImageSize size) => Size;

    internal override void Draw(ref SampleGeometry geometry, ref ColorMatrix color, ref SampleRandom random) =>
        geometry = geometry.Crop(
            (geometry.Output.Height - Size.Height) / 2, (geometry.Output.Width - Size.Width) / 2, Size);
}

/// <summary>
/// Takes samples whole. A batch is as high and as wide as its highest and its widest sample; the others are padded on
/// the right and below with the mean colour and the ignore index. <see cref="VocSegBatch.Sizes"/> has each one's size.
/// </summary>
public sealed record Whole : SampleTransform
{
    internal override bool IsFraming => true;

    internal override void Draw(ref SampleGeometry geometry, ref ColorMatrix color, ref SampleRandom random)
    {
    }
}

/// <summary>Pads samples that are lower or narrower than a size, on the right and below, so that a crop fits.</summary>
/// <param name="Size">The least height and width.</param>
public sealed record PadIfSmaller(ImageSize Size) : SampleTransform
{
    /// <summary>The least height and width.</summary>
    public ImageSize Size { get; init => field = Framing.Require(value); } = Framing.Require(Size);

    internal override bool ChangesSize => true;

    internal override ImageSize Smallest(ImageSize size) => Padded(size);

    internal override ImageSize Largest(ImageSize size) => Padded(size);

    internal override void Draw(ref SampleGeometry geometry, ref ColorMatrix color, ref SampleRandom random) =>
        geometry = geometry.Crop(0, 0, Padded(geometry.Output));

    private ImageSize Padded(ImageSize size) =>
        new(Math.Max(size.Height, Size.Height), Math.Max(size.Width, Size.Width));
}

/// <summary>What the transforms that give a batch its size have in common.</summary>
internal static class Framing
{
    internal static ImageSize Require(ImageSize size) => size.Height > 0
        ? size
        : throw new ArgumentException(
            "The size has no pixels; give one such as new ImageSize(320, 480).", nameof(size));
}
