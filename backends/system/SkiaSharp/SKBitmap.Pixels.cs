namespace SkiaSharp;

public unsafe partial class SKBitmap
{
    public byte[] Bytes
    {
        get
        {
            var bytes = GetPixelSpan().ToArray();
            GC.KeepAlive(this);
            return bytes;
        }
    }

    public SKColor[] Pixels
    {
        get
        {
            var (width, height) = (Width, Height);
            var colors = new SKColor[width * height];
            for (var i = 0; i < colors.Length; i++) colors[i] = GetPixel(i % width, i / width);
            return colors;
        }

        set
        {
            ArgumentNullException.ThrowIfNull(value);
            var (width, height) = (Width, Height);
            if (value.Length != width * height)
                throw new ArgumentException($"The number of pixels must equal Width x Height, or {width * height}.", nameof(value));
            for (var i = 0; i < value.Length; i++) SetPixel(i % width, i / width, value[i]);
        }
    }

    public IntPtr GetPixels() => GetPixels(out _);

    public IntPtr GetPixels(out IntPtr length)
    {
        length = (IntPtr)PixelMemory.ByteCount;
        return pixels.Address;
    }

    public Span<byte> GetPixelSpan() => PixelMemory.Span;

    public IntPtr GetAddress(int x, int y) => (IntPtr)PixelMemory.At(x, y);

    public SKColor GetPixel(int x, int y)
    {
        var color = PixelMemory.Read(x, y);
        GC.KeepAlive(this);
        return color;
    }

    public void SetPixel(int x, int y, SKColor color)
    {
        if (x < 0 || x >= Width) throw new ArgumentOutOfRangeException(nameof(x));
        if (y < 0 || y >= Height) throw new ArgumentOutOfRangeException(nameof(y));
        PixelMemory.Write(x, y, color);
        GC.KeepAlive(this);
    }

    public void Erase(SKColor color) => Erase(color, Info.Rect);

    public void Erase(SKColor color, SKRectI rect)
    {
        PixelMemory.Fill(color, rect);
        GC.KeepAlive(this);
    }
}
