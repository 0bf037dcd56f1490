namespace SkiaSharp;

public unsafe partial class SKPixmap : SKObject
{
    private PixelMemory pixels;

    // What owns the pixels lives for as long as they can be reached from here.
    private SKObject? source;

    public SKPixmap()
    {
    }

    public SKPixmap(SKImageInfo info, IntPtr addr)
        : this(info, addr, info.RowBytes)
    {
    }

    public SKPixmap(SKImageInfo info, IntPtr addr, int rowBytes) => pixels = new PixelMemory(info, addr, rowBytes);

    internal SKPixmap(PixelMemory pixels, SKObject source)
    {
        this.pixels = pixels;
        this.source = source;
    }

    public SKImageInfo Info => Pixels.Info;

    public int Width => Info.Width;

    public int Height => Info.Height;

    public SKSizeI Size => Info.Size;

    public SKRectI Rect => Info.Rect;

    public SKColorType ColorType => Info.ColorType;

    public SKAlphaType AlphaType => Info.AlphaType;

    public SKColorSpace? ColorSpace => Info.ColorSpace;

    public int BytesPerPixel => Info.BytesPerPixel;

    public int BytesSize => Info.BytesSize;

    public int RowBytes => Pixels.RowBytes;

    private PixelMemory Pixels
    {
        get
        {
            ThrowIfDisposed();
            return pixels;
        }
    }

    public void Reset() => Set(default, null);

    public void Reset(SKImageInfo info, IntPtr addr, int rowBytes) => Set(new PixelMemory(info, addr, rowBytes), null);

    public IntPtr GetPixels() => Pixels.Address;

    public IntPtr GetPixels(int x, int y) => (IntPtr)Pixels.At(x, y);

    public Span<byte> GetPixelSpan() => Info.IsEmpty ? default : new Span<byte>((void*)Pixels.Address, Info.BytesSize);

    public SKColor GetPixelColor(int x, int y) => Pixels.Read(x, y);

    internal void Set(PixelMemory memory, SKObject? owner)
    {
        ThrowIfDisposed();
        pixels = memory;
        source = owner;
    }

    internal override void ReleaseManaged() => source = null;
}
