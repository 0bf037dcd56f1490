namespace VocSeg.Torch;

/// <summary>One photo with its label image.</summary>
/// <param name="Id">The name in the list file, such as <c>2007_000032</c>.</param>
/// <param name="ImagePath">The photo, a JPEG file.</param>
/// <param name="LabelPath">The label image, a PNG file.</param>
/// <param name="Size">Height and width in pixels, the same for both files.</param>
public sealed record SegmentationSample(string Id, string ImagePath, string LabelPath, ImageSize Size)
{
    /// <summary>Decodes the whole photo, to look at; training reads by <see cref="VocSegDataset"/>, which cuts windows.</summary>
    /// <returns>Rows without padding, four bytes a pixel: red, green, blue and one that does not matter.</returns>
    /// <exception cref="DatasetException">The file cannot be read or decoded, or has another size.</exception>
    public byte[] ReadImage()
    {
        using var decoder = ImageDecoder.Create(ImageDecoderKind.Auto);
        return Read(ImagePath, ImageDecoder.BytesPerPixel, (file, pixels) => decoder.DecodeRows(file, Size, 0, Size.Height, pixels));
    }

    /// <summary>Decodes the whole label, from its colours or, where it is 8-bit gray, from the class indices that it holds.</summary>
    /// <param name="palette">Which colour is which class; null for <see cref="SegmentationPalette.Voc"/>.</param>
    /// <returns>Rows without padding, one class index a pixel.</returns>
    /// <exception cref="DatasetException">The file cannot be read or decoded, has another size, or holds a colour that is an error to the palette.</exception>
    public byte[] ReadClassIndex(SegmentationPalette? palette = null)
    {
        var decoder = new LabelDecoder(palette ?? SegmentationPalette.Voc);
        return Read(LabelPath, 1, (file, classIndex) => decoder.DecodeClassIndex(file, Size, 0, Size.Height, classIndex));
    }

    private byte[] Read(string path, int bytesPerPixel, Action<EncodedFile, byte[]> decode)
    {
        try
        {
            var file = new EncodedFile();
            file.Read(path);
            var decoded = new byte[checked((int)(Size.Pixels * bytesPerPixel))];
            decode(file, decoded);
            return decoded;
        }
        catch (DatasetException error)
        {
            throw new DatasetException(error) { SampleId = Id };
        }
    }
}
