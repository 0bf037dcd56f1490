namespace VocSeg.Torch;

/// <summary>One image with its label.</summary>
/// <param name="Id">The name in the list file, such as <c>2007_000032</c>.</param>
/// <param name="ImagePath">The image, a JPEG file.</param>
/// <param name="LabelPath">The label, a PNG file.</param>
/// <param name="Size">Height and width in pixels, the same for image and label.</param>
public sealed record SegmentationSample(string Id, string ImagePath, string LabelPath, ImageSize Size)
{
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

    /// <summary>
    /// Decodes the whole image, to look at. Training reads by <see cref="VocSegDataset"/>, which cuts crops.
    /// </summary>
    /// <returns>Rows without padding, four bytes a pixel: red, green, blue and one that does not matter.</returns>
    /// <exception cref="DatasetException">The file cannot be read or decoded, or has another size.</exception>
    public byte[] ReadImage()
    {
        using var decoder = ImageDecoder.Create(ImageDecoderKind.Auto);
        return Read(
            ImagePath,
            ImageDecoder.BytesPerPixel,
            (file, pixels) => decoder.DecodeTurned(file, Size, Orientation, 0, Size.Height, pixels));
    }

    /// <summary>Decodes the whole label, by its colours or the class indices that it holds.</summary>
    /// <param name="palette">Which colour is which class; null for <see cref="SegmentationPalette.Voc"/>.</param>
    /// <returns>Rows without padding, one class index a pixel.</returns>
    /// <exception cref="DatasetException">
    /// The file cannot be read or decoded, has another size, or holds a value that is an error to the palette.
    /// </exception>
    public byte[] ReadClassIndex(SegmentationPalette? palette = null)
    {
        var decoder = new LabelDecoder(palette ?? SegmentationPalette.Voc);
        return Read(
            LabelPath, 1, (file, classIndex) => decoder.DecodeClassIndex(file, Size, 0, Size.Height, classIndex));
    }

    private byte[] Read(string path, int bytesPerPixel, Action<EncodedFile, byte[]> decode)
    {
        try
        {
            var file = new EncodedFile();
            file.Read(path);
            var decoded = ImageDecoder.Allocate(path, Size.Pixels * bytesPerPixel);
            decode(file, decoded);
            return decoded;
        }
        catch (DatasetException error)
        {
            throw new DatasetException(error) { SampleId = Id };
        }
    }
}
