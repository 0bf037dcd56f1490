namespace SkiaSharp;

/// <summary>Rows of pixels at an address, whoever owns them.</summary>
internal readonly unsafe record struct PixelMemory(SKImageInfo Info, IntPtr Address, int RowBytes)
{
    public long ByteCount => Info.IsEmpty || Address == IntPtr.Zero ? 0 : ((long)RowBytes * (Info.Height - 1)) + Info.RowBytes64;

    public Span<byte> Span => new((void*)Address, checked((int)ByteCount));

    public byte* At(int x, int y) => (byte*)Address + ((long)y * RowBytes) + ((long)x * Info.BytesPerPixel);

    public SKColor Read(int x, int y)
    {
        if (!Info.Rect.Contains(x, y) || Address == IntPtr.Zero) return SKColor.Empty;
        var p = At(x, y);
        return Info.ColorType switch
        {
            SKColorType.Rgba8888 => Straight(p[0], p[1], p[2], p[3]),
            SKColorType.Bgra8888 => Straight(p[2], p[1], p[0], p[3]),
            SKColorType.Rgb888x => new SKColor(p[0], p[1], p[2]),
            SKColorType.Gray8 => new SKColor(p[0], p[0], p[0]),
            SKColorType.Rgb565 => Unpack(*(ushort*)p),
            _ => throw NotHere(),
        };
    }

    public void Write(int x, int y, SKColor color)
    {
        var p = At(x, y);
        var (r, g, b, a) = (color.Red, color.Green, color.Blue, color.Alpha);
        if (a < 255 && Info.AlphaType != SKAlphaType.Unpremul) (r, g, b) = (Scale(r, a), Scale(g, a), Scale(b, a));
        if (Info.AlphaType == SKAlphaType.Opaque) a = 255;
        switch (Info.ColorType)
        {
            case SKColorType.Rgba8888 or SKColorType.Rgb888x: (p[0], p[1], p[2], p[3]) = (r, g, b, a); break;
            case SKColorType.Bgra8888: (p[0], p[1], p[2], p[3]) = (b, g, r, a); break;
            case SKColorType.Gray8: p[0] = (byte)(((r * 54) + (g * 183) + (b * 19)) >> 8); break;
            case SKColorType.Rgb565: *(ushort*)p = (ushort)(((r >> 3) << 11) | ((g >> 2) << 5) | (b >> 3)); break;
            default: throw NotHere();
        }
    }

    public void Fill(SKColor color, SKRectI area)
    {
        for (var y = Math.Max(area.Top, 0); y < Math.Min(area.Bottom, Info.Height); y++)
        {
            for (var x = Math.Max(area.Left, 0); x < Math.Min(area.Right, Info.Width); x++) Write(x, y, color);
        }
    }

    private SKColor Straight(byte r, byte g, byte b, byte a) => Info.AlphaType switch
    {
        SKAlphaType.Opaque => new SKColor(r, g, b),
        SKAlphaType.Premul when a < 255 => new SKColor(Unscale(r, a), Unscale(g, a), Unscale(b, a), a),
        _ => new SKColor(r, g, b, a),
    };

    private NotSupportedException NotHere() => new($"The system backend has no pixels of color type {Info.ColorType}.");

    private static SKColor Unpack(int pixel)
    {
        var (r, g, b) = (pixel >> 11, (pixel >> 5) & 63, pixel & 31);
        return new SKColor((byte)((r << 3) | (r >> 2)), (byte)((g << 2) | (g >> 4)), (byte)((b << 3) | (b >> 2)));
    }

    private static byte Scale(int value, int alpha) => (byte)(((value * alpha) + 127) / 255);

    private static byte Unscale(int value, int alpha) =>
        alpha == 0 ? (byte)0 : (byte)Math.Min(255, ((value * 255) + (alpha / 2)) / alpha);
}
