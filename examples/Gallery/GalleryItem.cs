using SkiaSharp;
using VocSeg.Torch;

namespace Gallery;

/// <summary>One sample to be shown: its image and what is known of every pixel.</summary>
/// <param name="Id">What the caption says.</param>
/// <param name="Rgba">Rows without padding, four bytes a pixel; alpha does not count.</param>
/// <param name="Height">Rows of pixels.</param>
/// <param name="Width">Pixels in a row.</param>
public sealed record GalleryItem(string Id, byte[] Rgba, int Height, int Width)
{
    /// <summary>Rows without padding, four bytes a pixel.</summary>
    public byte[] Rgba { get; } = Height > 0 && Width > 0 && Rgba.Length == 4L * Height * Width
        ? Rgba
        : throw new ArgumentException($"{Id}: an image of {Width} x {Height} does not have {Rgba.Length} bytes.");

    /// <summary>The class index of every pixel, or null where it is not known.</summary>
    public byte[]? Label { get; init => field = OneBytePerPixel(value); }

    /// <summary>The class index that a model gives every pixel, or null where none was asked.</summary>
    public byte[]? Prediction { get; init => field = OneBytePerPixel(value); }

    /// <summary>The crop that training takes from the sample, or null.</summary>
    public SKRectI? Crop
    {
        get;
        init => field = value is not { } crop || SKRectI.Create(Width, Height).Contains(crop)
            ? value
            : throw new ArgumentException($"{Id}: the crop {crop} reaches out of the image of {Width} x {Height}.");
    }

    internal static void RequireShowable(IReadOnlyList<GalleryItem> items, SegmentationPalette palette)
    {
        if (items.Count == 0)
            throw new ArgumentException("A gallery shows at least one sample; none was given.");
        foreach (var item in items)
        {
            var unknown = new ClassCounts(item.Label, item.Prediction).Present
                .Where(index => index >= palette.ClassCount && index != palette.IgnoreIndex).ToArray();
            if (unknown.Length > 0)
                throw new ArgumentException($"{item.Id} has the class index {unknown[0]}, the palette has not.");
        }
    }

    private byte[]? OneBytePerPixel(byte[]? classes) => classes is null || classes.Length == Height * Width ? classes
        : throw new ArgumentException($"{Id}: {Width} x {Height} pixels do not have {classes.Length} class indices.");
}
