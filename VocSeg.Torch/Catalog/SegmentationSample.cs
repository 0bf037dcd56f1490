namespace VocSeg.Torch;

/// <summary>One image with its label, or a part of both.</summary>
/// <param name="Id">Its name, such as <c>2007_000032</c>.</param>
/// <param name="ImagePath">The image: a JPEG, PNG, WebP or BMP file.</param>
/// <param name="LabelPath">The label, most often a PNG file; null where there is none: every pixel is ignored.</param>
/// <param name="Size">Height and width of the whole image in pixels, the same for image and label.</param>
public sealed record SegmentationSample(string Id, string ImagePath, string? LabelPath, ImageSize Size)
{
    /// <summary>The part of the image that is looked at; null for all of it.</summary>
    /// <exception cref="ArgumentException">The part begins outside of the image, or has no size.</exception>
    public SampleRegion? Region
    {
        get;
        init => field = value is not { } part
            || (part.Top >= 0 && part.Left >= 0 && part.Top < Size.Height && part.Left < Size.Width
                && part.Size != default)
            ? value
            : throw new ArgumentException(
                $"A part of {part.Size} that begins at {part.Top}, {part.Left} does not lie in an image of {Size}.",
                nameof(Region));
    }

    /// <summary>
    /// What <see cref="SampleCatalog.Split"/> keeps together, such as the patient or the video that an image is of. By
    /// default the id under which the sample was found; tiles keep that of their image.
    /// </summary>
    /// <exception cref="ArgumentException">Empty.</exception>
    public string Group
    {
        get;
        init
        {
            ArgumentException.ThrowIfNullOrEmpty(value);
            field = value;
        }
    } = Id;

    /// <summary>
    /// How the stored image is turned before anything else is done with it: an EXIF orientation, 1 to 8. By default 1,
    /// which leaves it as it is stored. <see cref="Size"/> is the size of the turned image. The label is never turned.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Not 1 to 8.</exception>
    public int Orientation
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, ExifOrientation.AsStored);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, ExifOrientation.Last);
            field = value;
        }
    } = ExifOrientation.AsStored;

    /// <summary>The size of what is looked at, with what a region has beyond the edges.</summary>
    internal ImageSize Part => Region?.Size ?? Size;

    /// <summary>The pixels of the image that are looked at, without what a region has beyond the edges.</summary>
    internal (int Top, int Left, int Rows, int Columns) Covered => Region is not { } part
        ? (0, 0, Size.Height, Size.Width)
        : (
            part.Top,
            part.Left,
            Math.Min(part.Size.Height, Size.Height - part.Top),
            Math.Min(part.Size.Width, Size.Width - part.Left));

    /// <summary>
    /// Decodes the image, or its <see cref="Region"/>, to look at. Training reads by <see cref="VocSegDataset"/>, which
    /// cuts crops.
    /// </summary>
    /// <returns>
    /// Rows without padding, four bytes a pixel: red, green, blue and one that does not matter. What a region has
    /// beyond the image is black.
    /// </returns>
    /// <exception cref="DatasetException">The file cannot be read or decoded, or has another size.</exception>
    public byte[] ReadImage()
    {
        var decoder = ImageDecoder.Create(ImageDecoderKind.Auto);
        return Read(
            ImagePath,
            ImageDecoder.BytesPerPixel,
            outside: 0,
            (file, pixels) => decoder.DecodeTurned(file, Size, Orientation, 0, Size.Height, pixels));
    }

    /// <summary>
    /// Decodes the label, or its part in the <see cref="Region"/>, by its colours or the class indices that it holds.
    /// Without a label all is ignored.
    /// </summary>
    /// <param name="palette">Which colour is which class; null for <see cref="SegmentationPalette.Voc"/>.</param>
    /// <returns>
    /// Rows without padding, one class index a pixel. What a region has beyond the image is ignored.
    /// </returns>
    /// <exception cref="DatasetException">
    /// The file cannot be read or decoded, has another size, or holds a value that is an error to the palette.
    /// </exception>
    public byte[] ReadClassIndex(SegmentationPalette? palette = null)
    {
        palette ??= SegmentationPalette.Voc;
        if (LabelPath is null)
        {
            var ignored = ImageDecoder.Allocate(ImagePath, Part.Pixels, Id);
            ignored.AsSpan().Fill(palette.IgnoreIndex);
            return ignored;
        }
        var decoder = new LabelDecoder(palette);
        return Read(
            LabelPath,
            bytesPerPixel: 1,
            palette.IgnoreIndex,
            (file, classIndex) => decoder.DecodeClassIndex(file, Size, 0, Size.Height, classIndex));
    }

    private byte[] Read(string path, int bytesPerPixel, byte outside, Action<EncodedFile, byte[]> decode)
    {
        try
        {
            var file = new EncodedFile();
            file.Read(path, Id);
            var decoded = ImageDecoder.Allocate(path, Size.Pixels * bytesPerPixel, Id);
            decode(file, decoded);
            return Region is null ? decoded : Cut(decoded, bytesPerPixel, outside);
        }
        catch (DatasetException error)
        {
            throw ExchangedFiles.Explain(error, ImagePath);
        }
    }

    private byte[] Cut(byte[] decoded, int bytesPerPixel, byte outside)
    {
        var (top, left, rows, columns) = Covered;
        var part = ImageDecoder.Allocate(ImagePath, Part.Pixels * bytesPerPixel, Id);
        part.AsSpan().Fill(outside);
        for (var row = 0; row < rows; row++)
        {
            decoded.AsSpan(((top + row) * Size.Width + left) * bytesPerPixel, columns * bytesPerPixel)
                .CopyTo(part.AsSpan(row * Part.Width * bytesPerPixel));
        }
        return part;
    }
}
