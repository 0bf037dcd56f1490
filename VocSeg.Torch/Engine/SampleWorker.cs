using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace VocSeg.Torch;

/// <summary>
/// What one worker needs to decode samples: decoders, the bytes of a file and the pixels of a sample, all of it used
/// again. Not thread-safe.
/// </summary>
internal sealed unsafe class SampleWorker : IDisposable
{
    private const int PixelsAtOnce = 1 << 22;
    private readonly EncodedFile file = new();
    private readonly ImageDecoder imageDecoder;
    private readonly LabelDecoder labelDecoder;
    private readonly PixelMemory classIndices;
    private readonly long largest;
    private PixelMemory? packedSample;

    /// <param name="options">Decoder and palette.</param>
    /// <param name="largest">The pixels of the largest sample.</param>
    internal SampleWorker(VocSegDatasetOptions options, long largest)
    {
        imageDecoder = ImageDecoder.Create(options.Decoder);
        labelDecoder = new(options.Palette);
        classIndices = new(largest);
        this.largest = largest;
    }

    /// <summary>Stops the reading of a file and the decoding of a large one.</summary>
    internal CancellationToken Cancellation
    {
        get => file.Cancellation;
        set => file.Cancellation = value;
    }

    /// <summary>The class indices that were decoded last, one byte a pixel, without padding.</summary>
    internal byte* ClassIndices => classIndices.Address;

    /// <summary>Whether any label that it decoded showed a class other than 0.</summary>
    internal bool SawForeground => labelDecoder.SawForeground;

    /// <summary>Decodes some rows of a sample, its label to <see cref="ClassIndices"/>.</summary>
    /// <returns>
    /// The image's rows, four bytes a pixel, without padding, in memory that is valid until the next call.
    /// </returns>
    /// <exception cref="DatasetException">
    /// One of the files cannot be read or decoded, or holds a value that is an error.
    /// </exception>
    /// <exception cref="OperationCanceledException">The decoding was stopped.</exception>
    internal byte* DecodeRows(SegmentationSample sample, int top, int rows)
    {
        try
        {
            file.Read(sample.ImagePath);
            var image = imageDecoder.DecodeTurned(file, sample.Size, sample.Orientation, top, rows);
            DecodeLabel(sample, top, rows);
            return (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(image));
        }
        catch (DatasetException error)
        {
            throw new DatasetException(error) { SampleId = sample.Id };
        }
    }

    /// <summary>Decodes a whole sample to four bytes a pixel, the class index in the fourth.</summary>
    /// <returns>Its pixels, valid until the next call.</returns>
    /// <exception cref="DatasetException">
    /// One of the files cannot be read or decoded, or holds a value that is an error.
    /// </exception>
    /// <exception cref="OperationCanceledException">The decoding was stopped.</exception>
    internal byte* DecodePacked(SegmentationSample sample)
    {
        var length = sample.Size.Pixels * HostWarp.BytesPerPixel;
        ImageDecoder.RequireFit(sample.ImagePath, length, sample.Id);
        packedSample ??= new(largest * HostWarp.BytesPerPixel);
        DecodePacked(sample, packedSample.Slice(0, length));
        return packedSample.Address;
    }

    /// <summary>Decodes a whole sample to four bytes a pixel, the class index in the fourth.</summary>
    /// <exception cref="DatasetException">
    /// One of the files cannot be read or decoded, or holds a value that is an error.
    /// </exception>
    /// <exception cref="OperationCanceledException">The decoding was stopped.</exception>
    internal void DecodePacked(SegmentationSample sample, Span<byte> packed)
    {
        try
        {
            file.Read(sample.ImagePath);
            imageDecoder.DecodeTurned(file, sample.Size, sample.Orientation, 0, sample.Size.Height, packed);
            DecodeLabel(sample, 0, sample.Size.Height);
        }
        catch (DatasetException error)
        {
            throw new DatasetException(error) { SampleId = sample.Id };
        }
        for (int start = 0, pixels = (int)sample.Size.Pixels; start < pixels; start += PixelsAtOnce)
        {
            Cancellation.ThrowIfCancellationRequested();
            var indices = classIndices.Slice(start, Math.Min(PixelsAtOnce, pixels - start));
            HostWarp.Pack(indices, packed[(start * HostWarp.BytesPerPixel)..]);
        }
    }

    /// <summary>
    /// Decodes some rows of a sample to four bytes a pixel, image and label both as colours, for the lookup on the
    /// device.
    /// </summary>
    /// <exception cref="DatasetException">
    /// One of the files cannot be read or decoded, or holds a value that is an error.
    /// </exception>
    /// <exception cref="OperationCanceledException">The decoding was stopped.</exception>
    internal void DecodeColors(SegmentationSample sample, int top, int rows, Span<byte> image, Span<byte> label)
    {
        try
        {
            file.Read(sample.ImagePath);
            imageDecoder.DecodeTurned(file, sample.Size, sample.Orientation, top, rows, image);
            file.Read(sample.LabelPath!);
            labelDecoder.DecodeColors(file, sample.Size, top, rows, label);
        }
        catch (DatasetException error)
        {
            throw new DatasetException(error) { SampleId = sample.Id };
        }
    }

    public void Dispose()
    {
        imageDecoder.Dispose();
        classIndices.Dispose();
        packedSample?.Dispose();
    }

    private void DecodeLabel(SegmentationSample sample, int top, int rows)
    {
        file.Read(sample.LabelPath!);
        var indices = classIndices.Slice(0, (long)rows * sample.Size.Width);
        labelDecoder.DecodeClassIndex(file, sample.Size, top, rows, indices);
    }
}
