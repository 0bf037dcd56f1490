namespace VocSeg.Torch;

/// <summary>Reads and decodes samples, one at a time, into memory of the caller's. One a worker.</summary>
internal sealed class SampleReader
{
    private readonly EncodedFile file = new();
    private readonly SegmentationPalette palette;
    private readonly byte[]? strictTable;

    /// <param name="palette">The palette of the labels.</param>
    /// <param name="strictTable">The palette's table where unknown colours are errors, else null.</param>
    internal SampleReader(SegmentationPalette palette, byte[]? strictTable)
    {
        this.palette = palette;
        this.strictTable = strictTable;
    }

    /// <summary>Decodes image and label to RGBA rows.</summary>
    /// <exception cref="VocDataException">One of the files cannot be read or decoded, or holds a colour that is an error.</exception>
    internal void Read(VocSample sample, Span<byte> image, Span<byte> label)
    {
        try
        {
            file.Read(sample.ImagePath);
            SkiaDecoder.Decode(file, sample.Size, image);
            file.Read(sample.LabelPath);
            SkiaDecoder.Decode(file, sample.Size, label);
        }
        catch (VocDataException error)
        {
            throw new VocDataException(error) { SampleId = sample.Id };
        }
        if (strictTable is not null)
            RequireKnownColors(sample, label, strictTable);
    }

    private void RequireKnownColors(VocSample sample, ReadOnlySpan<byte> label, byte[] table)
    {
        for (var pixel = 0; pixel < label.Length / SkiaDecoder.BytesPerPixel; pixel++)
        {
            var rgba = label.Slice(pixel * SkiaDecoder.BytesPerPixel, SkiaDecoder.BytesPerPixel);
            var color = new RgbColor(rgba[0], rgba[1], rgba[2]);
            if (table[color.TableIndex] == palette.UnknownMarker)
            {
                throw new VocDataException(
                    sample.LabelPath,
                    $"the pixel in row {pixel / sample.Size.Width}, column {pixel % sample.Size.Width} has the colour {color}, which the palette does not know; "
                    + "correct the label, add the colour to the palette, or let unknown colours be ignored.")
                { SampleId = sample.Id };
            }
        }
    }
}
