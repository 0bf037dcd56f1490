namespace SkiaSharp;

public unsafe partial class SKBitmap : SKObject
{
    private PixelMemory pixels;
    private SharedMemory? memory;

    public SKBitmap()
    {
    }

    public SKBitmap(int width, int height, bool isOpaque = false)
        : this(width, height, SKImageInfo.PlatformColorType, isOpaque ? SKAlphaType.Opaque : SKAlphaType.Premul)
    {
    }

    public SKBitmap(int width, int height, SKColorType colorType, SKAlphaType alphaType)
        : this(new SKImageInfo(width, height, colorType, alphaType))
    {
    }

    public SKBitmap(int width, int height, SKColorType colorType, SKAlphaType alphaType, SKColorSpace? colorspace)
        : this(new SKImageInfo(width, height, colorType, alphaType, colorspace))
    {
    }

    public SKBitmap(SKImageInfo info)
        : this(info, info.RowBytes)
    {
    }

    public SKBitmap(SKImageInfo info, int rowBytes)
    {
        if (!TryAllocPixels(info, rowBytes)) throw new Exception("Unable to allocate pixels for the bitmap.");
    }

    public SKImageInfo Info => PixelMemory.Info;

    public int Width => Info.Width;

    public int Height => Info.Height;

    public SKColorType ColorType => Info.ColorType;

    public SKAlphaType AlphaType => Info.AlphaType;

    public SKColorSpace? ColorSpace => Info.ColorSpace;

    public int BytesPerPixel => Info.BytesPerPixel;

    public int RowBytes => PixelMemory.RowBytes;

    public int ByteCount => (int)PixelMemory.ByteCount;

    public bool IsEmpty => Info.IsEmpty;

    public bool IsNull => PixelMemory.Address == IntPtr.Zero;

    public bool DrawsNothing => IsEmpty || IsNull;

    public bool ReadyToDraw => !DrawsNothing;

    internal PixelMemory PixelMemory
    {
        get
        {
            ThrowIfDisposed();
            return pixels;
        }
    }

    public bool TryAllocPixels(SKImageInfo info) => TryAllocPixels(info, info.RowBytes);

    public bool TryAllocPixels(SKImageInfo info, int rowBytes)
    {
        Reset();
        if (Valid(info, ref rowBytes) is not { } valid) return false;
        var allocated = SharedMemory.TryAllocate(Math.Max((long)rowBytes * valid.Height, 1));
        if (allocated is null) return false;
        Set(new PixelMemory(valid, allocated.Address, rowBytes), allocated);
        return true;
    }

    public bool InstallPixels(SKImageInfo info, IntPtr pixels) => InstallPixels(info, pixels, info.RowBytes);

    public bool InstallPixels(SKImageInfo info, IntPtr pixels, int rowBytes) => InstallPixels(info, pixels, rowBytes, null);

    public bool InstallPixels(SKImageInfo info, IntPtr pixels, int rowBytes, SKBitmapReleaseDelegate? releaseProc) =>
        InstallPixels(info, pixels, rowBytes, releaseProc, null);

    public bool InstallPixels(SKImageInfo info, IntPtr pixels, int rowBytes, SKBitmapReleaseDelegate? releaseProc, object? context)
    {
        Reset();
        if (Valid(info, ref rowBytes) is not { } valid)
        {
            releaseProc?.Invoke(pixels, context);
            return false;
        }
        Set(
            new PixelMemory(valid, pixels, rowBytes),
            new SharedMemory(pixels, (long)rowBytes * valid.Height, releaseProc is null ? null : address => releaseProc(address, context)));
        return true;
    }

    public void Reset() => Set(default, null);

    public SKPixmap? PeekPixels() => IsNull ? null : new SKPixmap(pixels, this);

    public bool PeekPixels(SKPixmap pixmap)
    {
        ArgumentNullException.ThrowIfNull(pixmap);
        if (IsNull) return false;
        pixmap.Set(pixels, this);
        return true;
    }

    public SKData? Encode(SKEncodedImageFormat format, int quality)
    {
        using var pixmap = PeekPixels();
        return pixmap?.Encode(format, quality);
    }

    public bool Encode(Stream dst, SKEncodedImageFormat format, int quality)
    {
        ArgumentNullException.ThrowIfNull(dst);
        using var pixmap = PeekPixels();
        return pixmap?.Encode(dst, format, quality) ?? false;
    }

    internal override void Release() => memory?.Drop();

    // The alpha type that the colour type allows; null where there is none or the rows do not fit.
    private static SKImageInfo? Valid(SKImageInfo info, ref int rowBytes)
    {
        if (rowBytes == 0) rowBytes = info.RowBytes;
        if (info.Width < 0 || info.Height < 0 || info.RowBytes64 > int.MaxValue || rowBytes < info.RowBytes64) return null;
        if (info.ColorType is SKColorType.Gray8 or SKColorType.Rgb565 or SKColorType.Rgb888x) return info.WithAlphaType(SKAlphaType.Opaque);
        return info.ColorType != SKColorType.Unknown && info.AlphaType == SKAlphaType.Unknown ? null : info;
    }

    private void Set(PixelMemory newPixels, SharedMemory? newMemory)
    {
        ThrowIfDisposed();
        memory?.Drop();
        pixels = newPixels;
        memory = newMemory;
    }
}
