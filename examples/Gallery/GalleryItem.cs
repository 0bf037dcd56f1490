namespace Gallery;

/// <summary>One sample to be shown: its picture and what is known of every pixel.</summary>
public sealed class GalleryItem
{
    /// <summary>A picture; what else is known of it is set beside.</summary>
    /// <param name="id">What the caption says.</param>
    /// <param name="rgba">Rows without padding, four bytes a pixel; alpha does not count.</param>
    /// <param name="height">Rows of pixels.</param>
    /// <param name="width">Pixels in a row.</param>
    /// <exception cref="ArgumentException">Not that many bytes, or no pixels.</exception>
    public GalleryItem(string id, byte[] rgba, int height, int width)
    {
        ArgumentNullException.ThrowIfNull(id);
        ArgumentNullException.ThrowIfNull(rgba);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        if (rgba.Length != 4L * height * width)
            throw new ArgumentException($"{id}: a picture of {height}x{width} has {4L * height * width} bytes; {rgba.Length} were given.", nameof(rgba));
        (Id, Rgba, Height, Width) = (id, rgba, height, width);
    }

    /// <summary>What the caption says.</summary>
    public string Id { get; }

    /// <summary>The picture: rows without padding, four bytes a pixel.</summary>
    public byte[] Rgba { get; }

    /// <summary>Rows of pixels.</summary>
    public int Height { get; }

    /// <summary>Pixels in a row.</summary>
    public int Width { get; }

    /// <summary>The class index of every pixel, or null where it is not known.</summary>
    /// <exception cref="ArgumentException">Not one byte a pixel.</exception>
    public byte[]? Label { get; init => field = OneBytePerPixel(value, nameof(Label)); }

    /// <summary>The class index that a model gives every pixel, or null where none was asked.</summary>
    /// <exception cref="ArgumentException">Not one byte a pixel.</exception>
    public byte[]? Prediction { get; init => field = OneBytePerPixel(value, nameof(Prediction)); }

    /// <summary>The window that training cuts from the sample, or null.</summary>
    /// <exception cref="ArgumentException">It reaches out of the picture.</exception>
    public GalleryWindow? Window
    {
        get;
        init => field = value is not { Place: var place, Size: var size }
            || (place.Top >= 0 && place.Left >= 0 && place.Top + size.Height <= Height && place.Left + size.Width <= Width)
            ? value
            : throw new ArgumentException($"{Id}: the window {value} reaches out of the picture of {Height}x{Width}.", nameof(Window));
    }

    internal Picture Photo => new(Rgba, Height, Width);

    internal ClassMap? LabelMap => Label is null ? null : new(Label, Height, Width);

    internal ClassMap? PredictionMap => Prediction is null ? null : new(Prediction, Height, Width);

    private byte[]? OneBytePerPixel(byte[]? classes, string name) => classes is null || classes.Length == Height * Width
        ? classes
        : throw new ArgumentException($"{Id}: a picture of {Height}x{Width} has {Height * Width} class indices; {classes.Length} were given.", name);
}
