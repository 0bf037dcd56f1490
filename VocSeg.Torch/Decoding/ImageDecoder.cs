namespace VocSeg.Torch;

/// <summary>
/// Decodes photos, or the rows of them that are wanted, to pixels of four bytes: red, green, blue and one that does not matter.
/// One a worker; not for use by two threads.
/// </summary>
/// <remarks>Damage above or in the rows that are wanted is found; rows below them may not be looked at.</remarks>
internal abstract class ImageDecoder : IDisposable
{
    /// <summary>Bytes a decoded pixel takes.</summary>
    internal const int BytesPerPixel = 4;

    private byte[] own = [];

    /// <exception cref="InvalidOperationException">TurboJPEG is asked for, and libturbojpeg cannot be loaded.</exception>
    internal static ImageDecoder Create(ImageDecoderKind kind) => kind switch
    {
        ImageDecoderKind.Skia => new SkiaDecoder(),
        ImageDecoderKind.Auto => TurboJpeg.Shared is { } library ? new TurboJpegDecoder(library) : new SkiaDecoder(),
        ImageDecoderKind.TurboJpeg => new TurboJpegDecoder(TurboJpeg.Shared ?? throw new InvalidOperationException(
            "Decoder = TurboJpeg needs libturbojpeg 2.0 or later (Debian: libturbojpeg0, Fedora: turbojpeg, Homebrew: jpeg-turbo, Windows: turbojpeg.dll beside the program); "
            + "install it, or take Auto or Skia.")),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), $"{kind} is none of Auto, Skia and TurboJpeg."),
    };

    /// <summary>Decodes rows of an image, without padding, into the caller's memory.</summary>
    /// <param name="file">The file; its bytes are read in place.</param>
    /// <param name="size">The size that the image must have.</param>
    /// <param name="top">The first row that is wanted.</param>
    /// <param name="rows">How many are wanted.</param>
    /// <param name="pixels">Memory of <c>rows * width * 4</c> bytes or more.</param>
    /// <exception cref="DatasetException">Not an image of that size, or not a sound one.</exception>
    internal abstract void DecodeRows(EncodedFile file, ImageSize size, int top, int rows, Span<byte> pixels);

    /// <summary>The same into memory of the decoder's own, which saves a copy with some libraries; valid until the next call.</summary>
    internal virtual ReadOnlySpan<byte> DecodeRows(EncodedFile file, ImageSize size, int top, int rows)
    {
        RequireRows(size, top, rows, BytesPerPixel, int.MaxValue);
        var pixels = Own((long)rows * size.Width * BytesPerPixel);
        DecodeRows(file, size, top, rows, pixels);
        return pixels;
    }

    public abstract void Dispose();

    /// <summary>Memory of the decoder's own that is used again and never moves.</summary>
    protected Span<byte> Own(long length)
    {
        if (own.Length < length)
            own = GC.AllocateUninitializedArray<byte>(checked((int)length), pinned: true);
        return own.AsSpan(0, (int)length);
    }

    internal static void RequireRows(ImageSize size, int top, int rows, int bytesPerPixel, int given)
    {
        if (top < 0 || rows < 1 || rows > size.Height - top)
            throw new ArgumentOutOfRangeException(nameof(rows), $"Rows {top} to {top + (long)rows - 1} are not all in an image of {size}.");
        if (given < (long)rows * size.Width * bytesPerPixel)
            throw new ArgumentException($"{rows} rows of {size.Width} pixels take {(long)rows * size.Width * bytesPerPixel} bytes; {given} were given.", "pixels");
    }
}
