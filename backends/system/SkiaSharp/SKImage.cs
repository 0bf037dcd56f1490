namespace SkiaSharp;

/// <summary>Pixels that never change, so always a copy.</summary>
public unsafe class SKImage : SKObject
{
    private readonly PixelMemory pixels;
    private readonly SharedMemory memory;

    private SKImage(SKImageInfo info, int rowBytes, SharedMemory memory)
    {
        this.memory = memory;
        pixels = new PixelMemory(info, memory.Address, rowBytes);
    }

    public SKImageInfo Info => pixels.Info;

    public int Width => Info.Width;

    public int Height => Info.Height;

    public SKColorType ColorType => Info.ColorType;

    public SKAlphaType AlphaType => Info.AlphaType;

    public SKColorSpace? ColorSpace => Info.ColorSpace;

    public static SKImage? FromBitmap(SKBitmap bitmap)
    {
        ArgumentNullException.ThrowIfNull(bitmap);
        using var pixmap = bitmap.PeekPixels();
        return pixmap is null ? null : FromPixelCopy(pixmap);
    }

    public static SKImage? FromPixelCopy(SKPixmap pixmap)
    {
        ArgumentNullException.ThrowIfNull(pixmap);
        return FromPixelCopy(pixmap.Info, pixmap.GetPixels(), pixmap.RowBytes);
    }

    public static SKImage? FromPixelCopy(SKImageInfo info, IntPtr pixels) => FromPixelCopy(info, pixels, info.RowBytes);

    public static SKImage? FromPixelCopy(SKImageInfo info, IntPtr pixels, int rowBytes)
    {
        if (pixels == IntPtr.Zero) throw new ArgumentNullException(nameof(pixels));
        return Copy(info, new PixelMemory(info, pixels, rowBytes).Span, rowBytes);
    }

    public static SKImage? FromPixelCopy(SKImageInfo info, byte[] pixels) => FromPixelCopy(info, pixels, info.RowBytes);

    public static SKImage? FromPixelCopy(SKImageInfo info, byte[] pixels, int rowBytes)
    {
        ArgumentNullException.ThrowIfNull(pixels);
        return Copy(info, pixels, rowBytes);
    }

    public static SKImage? FromPixelCopy(SKImageInfo info, ReadOnlySpan<byte> pixels) => Copy(info, pixels, info.RowBytes);

    public static SKImage? FromPixelCopy(SKImageInfo info, ReadOnlySpan<byte> pixels, int rowBytes) => Copy(info, pixels, rowBytes);

    public SKPixmap? PeekPixels()
    {
        ThrowIfDisposed();
        return new SKPixmap(pixels, this);
    }

    public SKData? Encode() => Encode(SKEncodedImageFormat.Png, 100);

    public SKData? Encode(SKEncodedImageFormat format, int quality)
    {
        using var pixmap = PeekPixels();
        return pixmap?.Encode(format, quality);
    }

    internal override void Release() => memory.Drop();

    private static SKImage? Copy(SKImageInfo info, ReadOnlySpan<byte> bytes, int rowBytes)
    {
        if (info.IsEmpty || rowBytes < info.RowBytes64 || bytes.Length < ((long)rowBytes * (info.Height - 1)) + info.RowBytes64) return null;
        return new SKImage(info, rowBytes, SharedMemory.Copy(bytes));
    }
}
