using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace VocSeg.Torch;

/// <summary>
/// What one worker needs to make samples: decoders, the bytes of a file, the pixels of a sample and the memory of the
/// transforms, all of it used again. Not thread-safe.
/// </summary>
internal sealed unsafe class SampleWorker : IDisposable
{
    private const int PixelsAtOnce = 1 << 22;
    private readonly EncodedFile file = new();
    private readonly ImageDecoder imageDecoder;
    private readonly LabelDecoder labelDecoder;
    private readonly PixelMemory classIndices;
    private readonly long largest;
    private readonly bool decodesWhole;
    private PixelMemory? packedSample;

    /// <param name="options">Decoder and palette.</param>
    /// <param name="largest">The pixels of the largest sample.</param>
    /// <param name="decodesWhole">
    /// Whether it decodes files to their end, also where fewer rows are wanted. Whether a sample is bad then does not
    /// depend on its crop, nor on a cache.
    /// </param>
    internal SampleWorker(VocSegDatasetOptions options, long largest, bool decodesWhole = false)
    {
        this.decodesWhole = decodesWhole;
        imageDecoder = ImageDecoder.Create(options.Decoder);
        labelDecoder = new(options.Palette);
        classIndices = new(largest);
        this.largest = largest;
        Warp = new(new(options));
    }

    /// <summary>What makes samples of a batch out of what was decoded.</summary>
    internal HostWarp Warp { get; }

    /// <summary>What measures its work.</summary>
    internal WorkMeter Meter { get; set; } = new(default);

    /// <summary>What counts the classes of a label where they decide about a crop.</summary>
    internal LabelCount LabelCount { get; } = new();

    /// <summary>Stops the reading of a file and the decoding of a large one.</summary>
    internal CancellationToken Cancellation
    {
        get => file.Cancellation;
        set => file.Cancellation = value;
    }

    /// <summary>Whether any label that it decoded showed a class other than 0.</summary>
    internal bool SawForeground => labelDecoder.SawForeground;

    /// <summary>Whether the image of a sample can be decoded reduced, by the file's first bytes.</summary>
    /// <exception cref="DatasetException">The file cannot be read.</exception>
    internal static bool MayReduce(SegmentationSample sample) => ImageHeader.IsJpeg(sample.ImagePath, sample.Id);

    /// <summary>Decodes some rows of a sample.</summary>
    /// <param name="sample">The sample.</param>
    /// <param name="top">The first row.</param>
    /// <param name="rows">How many.</param>
    /// <param name="hasLabel">Whether its whole label has just been decoded and is still here.</param>
    /// <param name="reduction">By what the sides of its image are divided, if that is a JPEG.</param>
    /// <returns>The sample. Only those rows may be read, until the next call.</returns>
    /// <exception cref="DatasetException">
    /// One of the files cannot be read or decoded, or holds a value that is an error.
    /// </exception>
    /// <exception cref="OperationCanceledException">The decoding was stopped.</exception>
    internal WarpSource DecodeRows(
        SegmentationSample sample, int top, int rows, bool hasLabel = false, ImageReduction reduction = default)
    {
        if (decodesWhole)
            (top, rows) = (0, sample.Size.Height);
        using var time = Meter.Decode();
        Read(sample.ImagePath, sample.Id);
        var grid = ImageGrid.Of(file, sample.Size, sample.Orientation, reduction);
        var (first, count) = grid.Rows(top, rows);
        var image = imageDecoder.DecodeTurned(
            file, sample.Size, sample.Orientation, first, count, grid.Reduction);
        if (!hasLabel)
            DecodeLabel(sample, top, rows);
        var before = (nint)first * grid.Size.Width * HostWarp.BytesPerPixel;
        var pixels = (IntPtr)Unsafe.AsPointer(ref MemoryMarshal.GetReference(image)) - before;
        var classes = (IntPtr)classIndices.Address - (hasLabel ? 0 : (nint)top * sample.Size.Width);
        return new(pixels, classes, sample.Size) { Image = grid };
    }

    /// <summary>Decodes the whole label of a sample.</summary>
    /// <returns>The sample without its image, until the next call.</returns>
    /// <exception cref="DatasetException">
    /// The file cannot be read or decoded, or holds a value that is an error.
    /// </exception>
    /// <exception cref="OperationCanceledException">The decoding was stopped.</exception>
    internal WarpSource DecodeLabel(SegmentationSample sample)
    {
        using var time = Meter.Decode();
        DecodeLabel(sample, 0, sample.Size.Height);
        return new(0, (IntPtr)classIndices.Address, sample.Size);
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
        using var time = Meter.Decode();
        Read(sample.ImagePath, sample.Id);
        imageDecoder.DecodeTurned(file, sample.Size, sample.Orientation, 0, sample.Size.Height, packed);
        DecodeLabel(sample, 0, sample.Size.Height);
        for (int start = 0, pixels = (int)sample.Size.Pixels; start < pixels; start += PixelsAtOnce)
        {
            Cancellation.ThrowIfCancellationRequested();
            var indices = classIndices.Slice(start, Math.Min(PixelsAtOnce, pixels - start));
            HostRow.Pack(indices, packed[(start * HostWarp.BytesPerPixel)..]);
        }
    }

    /// <summary>
    /// Decodes some rows of a sample to four bytes a pixel, image and label both as colours, for the lookup on the
    /// device.
    /// </summary>
    /// <param name="sample">The sample.</param>
    /// <param name="top">The first row.</param>
    /// <param name="rows">How many.</param>
    /// <param name="image">Memory for the rows of the image.</param>
    /// <param name="label">Memory for those of the label.</param>
    /// <param name="hasLabel">Whether its whole label has just been decoded and is still here.</param>
    /// <param name="reduction">By what the sides of its image are divided, if that is a JPEG.</param>
    /// <returns>The grid of the image, and which of its rows there are.</returns>
    /// <exception cref="DatasetException">
    /// One of the files cannot be read or decoded, or holds a value that is an error.
    /// </exception>
    /// <exception cref="OperationCanceledException">The decoding was stopped.</exception>
    internal (ImageGrid Grid, int First, int Count) DecodeColors(
        SegmentationSample sample, int top, int rows, Span<byte> image, Span<byte> label, bool hasLabel = false,
        ImageReduction reduction = default)
    {
        using var time = Meter.Decode();
        Read(sample.ImagePath, sample.Id);
        var (above, pixels) = ((long)top * sample.Size.Width, (long)rows * sample.Size.Width);
        var grid = ImageGrid.Of(file, sample.Size, sample.Orientation, reduction);
        var (first, count) = grid.Rows(top, rows);
        if (decodesWhole)
        {
            var whole = imageDecoder.DecodeTurned(
                file, sample.Size, sample.Orientation, 0, grid.Size.Height, grid.Reduction);
            var row = grid.Size.Width * HostWarp.BytesPerPixel;
            whole.Slice(first * row, count * row).CopyTo(image);
        }
        else
        {
            imageDecoder.DecodeTurned(
                file, sample.Size, sample.Orientation, first, count, image, grid.Reduction);
        }
        if (decodesWhole && !hasLabel)
            DecodeLabel(sample, 0, sample.Size.Height);
        else if (!hasLabel)
            DecodeLabel(sample, top, rows);
        labelDecoder.ToColors(classIndices.Slice(hasLabel || decodesWhole ? above : 0, pixels), label);
        return (grid, first, count);
    }

    public void Dispose()
    {
        classIndices.Dispose();
        packedSample?.Dispose();
    }

    private void Read(string path, string sampleId)
    {
        var from = Stopwatch.GetTimestamp();
        file.Read(path, sampleId);
        Meter.HasRead(file.Length, from);
    }

    private void DecodeLabel(SegmentationSample sample, int top, int rows)
    {
        var indices = classIndices.Slice(0, (long)rows * sample.Size.Width);
        if (sample.LabelPath is null)
        {
            indices.Fill(labelDecoder.Palette.IgnoreIndex);
            return;
        }
        Read(sample.LabelPath, sample.Id);
        try
        {
            labelDecoder.DecodeClassIndex(file, sample.Size, top, rows, indices);
        }
        catch (DatasetException error)
        {
            throw ExchangedFiles.Explain(error, sample.ImagePath);
        }
    }
}
