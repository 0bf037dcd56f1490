namespace VocSeg.Torch;

/// <summary>
/// Decodes images, or the rows of them that are wanted, to pixels of four bytes: red, green, blue and one that does not
/// matter. Not thread-safe; one per worker.
/// </summary>
/// <remarks>
/// Damage above or in the rows that are wanted is found. Rows below them may not be looked at. The cancellation token
/// of the file stops the decoding of an image of more than a megapixel within some milliseconds. Two steps cannot be
/// stopped: the decoding of a WebP image, 20 ms a megapixel, and the last pass of TurboJPEG over a progressive JPEG, 1
/// ms a megapixel.
/// </remarks>
internal abstract class ImageDecoder
{
    /// <summary>The bytes of a decoded pixel.</summary>
    internal const int BytesPerPixel = 4;

    /// <summary>The pixels above which an image takes so long that its decoding can be stopped.</summary>
    protected const int LargePixels = 1 << 20;

    private byte[] own = [];
    private byte[] turned = [];

    /// <exception cref="InvalidOperationException">
    /// TurboJPEG is asked for, and libturbojpeg cannot be loaded.
    /// </exception>
    internal static ImageDecoder Create(ImageDecoderKind kind) => kind switch
    {
        ImageDecoderKind.Skia => new SkiaDecoder(),
        ImageDecoderKind.Auto => TurboJpegDecoder.TryCreate() ?? (ImageDecoder)new SkiaDecoder(),
        ImageDecoderKind.TurboJpeg => TurboJpegDecoder.TryCreate() ?? throw new InvalidOperationException(
            "Decoder = TurboJpeg needs libturbojpeg 2.0 or later (Debian: libturbojpeg0, Fedora: turbojpeg, Homebrew: "
            + "jpeg-turbo, Windows: turbojpeg.dll beside the program); install it, or take Auto or Skia."),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), $"{kind} is none of Auto, Skia and TurboJpeg."),
    };

    /// <summary>Decodes rows of an image, without padding, into the caller's memory.</summary>
    /// <param name="file">The file; its bytes are read in place.</param>
    /// <param name="size">The size that the image must have.</param>
    /// <param name="top">The first row that is wanted.</param>
    /// <param name="rows">How many are wanted.</param>
    /// <param name="pixels">Memory of <c>rows * width * 4</c> bytes or more.</param>
    /// <param name="reduction">
    /// By what the sides of a JPEG are divided; top, rows and width then are those of the reduced image.
    /// </param>
    /// <exception cref="DatasetException">Not an image of that size, or not a sound one.</exception>
    /// <exception cref="OperationCanceledException">The decoding was stopped.</exception>
    internal abstract void DecodeRows(
        EncodedFile file, ImageSize size, int top, int rows, Span<byte> pixels, ImageReduction reduction = default);

    /// <summary>
    /// The same into memory of the decoder's own, which saves a copy with some libraries. It does not move, and is
    /// valid until the next call.
    /// </summary>
    internal virtual ReadOnlySpan<byte> DecodeRows(
        EncodedFile file, ImageSize size, int top, int rows, ImageReduction reduction = default)
    {
        var decoded = reduction.Reduce(size);
        RequireRows(decoded, top, rows, BytesPerPixel, long.MaxValue);
        var pixels = Own(file, (long)rows * decoded.Width * BytesPerPixel);
        DecodeRows(file, size, top, rows, pixels, reduction);
        return pixels;
    }

    /// <summary>Decodes rows of an image that is turned first.</summary>
    /// <param name="file">The file; its bytes are read in place.</param>
    /// <param name="size">The size that the turned image must have.</param>
    /// <param name="orientation">The EXIF orientation, 1 to 8, by which it is turned.</param>
    /// <param name="top">The first row that is wanted.</param>
    /// <param name="rows">How many are wanted.</param>
    /// <param name="pixels">Memory of <c>rows * width * 4</c> bytes or more.</param>
    /// <param name="reduction">
    /// By what the sides of a JPEG are divided; top, rows and width then are those of the reduced image.
    /// </param>
    /// <exception cref="DatasetException">Not an image of that size, or not a sound one.</exception>
    /// <exception cref="OperationCanceledException">The decoding was stopped.</exception>
    internal void DecodeTurned(
        EncodedFile file, ImageSize size, int orientation, int top, int rows, Span<byte> pixels,
        ImageReduction reduction = default)
    {
        if (orientation == ExifOrientation.AsStored)
        {
            DecodeRows(file, size, top, rows, pixels, reduction);
            return;
        }
        RequireRows(reduction.Reduce(size), top, rows, BytesPerPixel, pixels.Length);
        var stored = ExifOrientation.Turn(size, orientation);
        var decoded = reduction.Reduce(stored);
        var whole = DecodeRows(file, stored, 0, decoded.Height, reduction);
        ExifOrientation.Turn(whole, decoded, orientation, top, rows, pixels, file.Cancellation);
    }

    /// <summary>
    /// The same into memory of the decoder's own. It does not move, and is valid until the next call.
    /// </summary>
    internal ReadOnlySpan<byte> DecodeTurned(
        EncodedFile file, ImageSize size, int orientation, int top, int rows, ImageReduction reduction = default)
    {
        if (orientation == ExifOrientation.AsStored)
            return DecodeRows(file, size, top, rows, reduction);
        var decoded = reduction.Reduce(size);
        RequireRows(decoded, top, rows, BytesPerPixel, long.MaxValue);
        var length = (long)rows * decoded.Width * BytesPerPixel;
        Grow(file, ref turned, length);
        DecodeTurned(file, size, orientation, top, rows, turned, reduction);
        return turned.AsSpan(0, (int)length);
    }

    /// <summary>Memory of the decoder's own that is used again and never moves.</summary>
    protected Span<byte> Own(EncodedFile file, long length)
    {
        Grow(file, ref own, length);
        return own.AsSpan(0, (int)length);
    }

    /// <summary>Makes memory at least as long as the pixels of an image take.</summary>
    /// <exception cref="DatasetException">They take more than can be had.</exception>
    protected static void Grow(EncodedFile file, ref byte[] memory, long length)
    {
        if (memory.Length >= length)
            return;
        // An eighth more, or each new largest file of many would take new memory.
        var wanted = Math.Max(length, Math.Min(length + length / 8, Array.MaxLength));
        memory = Allocate(file.Path, wanted, file.SampleId, pinned: true);
    }

    /// <summary>Memory for the pixels of an image.</summary>
    /// <exception cref="DatasetException">They take more than can be had.</exception>
    internal static byte[] Allocate(string path, long length, string? sampleId = null, bool pinned = false)
    {
        RequireFit(path, length, sampleId);
        try
        {
            return GC.AllocateUninitializedArray<byte>((int)length, pinned);
        }
        catch (OutOfMemoryException error)
        {
            throw new DatasetException(
                DatasetFault.TooLarge, path,
                $"its pixels take {length} bytes, more than there is memory left; take a smaller image.", error,
                sampleId);
        }
    }

    /// <exception cref="DatasetException">Pixels take more than can be held in one piece.</exception>
    internal static void RequireFit(string path, long length, string? sampleId = null)
    {
        if (length <= Array.MaxLength)
            return;
        throw new DatasetException(
            DatasetFault.TooLarge, path,
            $"its pixels, or those of the rows that are wanted, take {length} bytes, more than the {Array.MaxLength} "
            + "that can be held in one piece; take a smaller image or crop.", sampleId: sampleId);
    }

    /// <exception cref="ArgumentException">
    /// The rows are not all in the image, or too little memory is given for them.
    /// </exception>
    internal static void RequireRows(ImageSize size, int top, int rows, int bytesPerPixel, long given)
    {
        if (top < 0 || rows < 1 || rows > size.Height - top)
        {
            throw new ArgumentOutOfRangeException(
                nameof(rows), $"Rows {top} to {top + (long)rows - 1} are not all in an image of {size}.");
        }
        var wanted = (long)rows * size.Width * bytesPerPixel;
        if (given < wanted)
        {
            throw new ArgumentException(
                $"{rows} rows of {size.Width} pixels take {wanted} bytes; {given} were given.", "pixels");
        }
    }
}
