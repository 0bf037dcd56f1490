namespace VocSeg.Torch;

/// <summary>What one worker needs to decode samples: decoders, the bytes of a file and the pixels of a sample, all of it used again.</summary>
internal sealed unsafe class SampleWorker : IDisposable
{
    private readonly EncodedFile file = new();
    private readonly ImageDecoder imageDecoder;
    private readonly LabelDecoder labelDecoder;
    private readonly PixelMemory pixels;
    private readonly PixelMemory classIndices;

    /// <param name="options">Decoder and palette.</param>
    /// <param name="largest">The pixels of the largest sample.</param>
    internal SampleWorker(VocSegDatasetOptions options, long largest)
    {
        imageDecoder = ImageDecoder.Create(options.Decoder);
        labelDecoder = new(options.Palette);
        pixels = new(largest * FusedPass.BytesPerPixel);
        classIndices = new(largest);
    }

    /// <summary>The image rows that were decoded last: four bytes a pixel, no padding.</summary>
    internal byte* Pixels => pixels.Address;

    /// <summary>The class indices that were decoded last: one byte a pixel, no padding.</summary>
    internal byte* ClassIndices => classIndices.Address;

    /// <summary>Decodes some rows of a sample to <see cref="Pixels"/> and <see cref="ClassIndices"/>.</summary>
    /// <exception cref="VocDataException">One of the files cannot be read or decoded, or holds a colour that is an error.</exception>
    internal void DecodeRows(VocSample sample, int top, int rows) =>
        Decode(sample, top, rows, pixels.Slice(0, (long)rows * sample.Size.Width * FusedPass.BytesPerPixel));

    /// <summary>Decodes a whole sample to <see cref="Pixels"/>, the class index in the fourth byte.</summary>
    /// <exception cref="VocDataException">One of the files cannot be read or decoded, or holds a colour that is an error.</exception>
    internal void DecodePacked(VocSample sample) => DecodePacked(sample, pixels.Slice(0, sample.Size.Pixels * FusedPass.BytesPerPixel));

    /// <summary>Decodes a whole sample to four bytes a pixel, the class index in the fourth.</summary>
    /// <exception cref="VocDataException">One of the files cannot be read or decoded, or holds a colour that is an error.</exception>
    internal void DecodePacked(VocSample sample, Span<byte> packed)
    {
        Decode(sample, 0, sample.Size.Height, packed);
        FusedPass.Pack(classIndices.Slice(0, sample.Size.Pixels), packed);
    }

    /// <summary>Decodes a whole sample to four bytes a pixel, image and label both as colours, for the lookup on the device.</summary>
    /// <exception cref="VocDataException">One of the files cannot be read or decoded, or holds a colour that is an error.</exception>
    internal void DecodeColors(VocSample sample, Span<byte> image, Span<byte> label)
    {
        try
        {
            file.Read(sample.ImagePath);
            imageDecoder.DecodeRows(file, sample.Size, 0, sample.Size.Height, image);
            file.Read(sample.LabelPath);
            labelDecoder.DecodeColors(file, sample.Size, label);
        }
        catch (VocDataException error)
        {
            throw new VocDataException(error) { SampleId = sample.Id };
        }
    }

    public void Dispose()
    {
        imageDecoder.Dispose();
        pixels.Dispose();
        classIndices.Dispose();
    }

    private void Decode(VocSample sample, int top, int rows, Span<byte> image)
    {
        try
        {
            file.Read(sample.ImagePath);
            imageDecoder.DecodeRows(file, sample.Size, top, rows, image);
            file.Read(sample.LabelPath);
            labelDecoder.DecodeClassIndex(file, sample.Size, top, rows, classIndices.Slice(0, (long)rows * sample.Size.Width));
        }
        catch (VocDataException error)
        {
            throw new VocDataException(error) { SampleId = sample.Id };
        }
    }
}
