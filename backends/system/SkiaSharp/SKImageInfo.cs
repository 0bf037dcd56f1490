namespace SkiaSharp;

public struct SKImageInfo : IEquatable<SKImageInfo>
{
    public static readonly SKImageInfo Empty;
    public static readonly SKColorType PlatformColorType = SKColorType.Bgra8888;

    public SKImageInfo(int width, int height)
        : this(width, height, PlatformColorType)
    {
    }

    public SKImageInfo(int width, int height, SKColorType colorType)
        : this(width, height, colorType, SKAlphaType.Premul)
    {
    }

    public SKImageInfo(int width, int height, SKColorType colorType, SKAlphaType alphaType)
        : this(width, height, colorType, alphaType, null)
    {
    }

    public SKImageInfo(int width, int height, SKColorType colorType, SKAlphaType alphaType, SKColorSpace? colorspace)
    {
        Width = width;
        Height = height;
        ColorType = colorType;
        AlphaType = alphaType;
        ColorSpace = colorspace;
    }

    public int Width { get; set; }

    public int Height { get; set; }

    public SKColorType ColorType { get; set; }

    public SKAlphaType AlphaType { get; set; }

    public SKColorSpace? ColorSpace { get; set; }

    public readonly int BytesPerPixel => ColorType.GetBytesPerPixel();

    public readonly int BitShiftPerPixel => ColorType.GetBitShiftPerPixel();

    public readonly int BitsPerPixel => BytesPerPixel * 8;

    public readonly int BytesSize => Width * Height * BytesPerPixel;

    public readonly long BytesSize64 => (long)Width * Height * BytesPerPixel;

    public readonly int RowBytes => Width * BytesPerPixel;

    public readonly long RowBytes64 => (long)Width * BytesPerPixel;

    public readonly bool IsEmpty => Width <= 0 || Height <= 0;

    public readonly bool IsOpaque => AlphaType == SKAlphaType.Opaque;

    public readonly SKSizeI Size => new(Width, Height);

    public readonly SKRectI Rect => SKRectI.Create(Width, Height);

    public static bool operator ==(SKImageInfo left, SKImageInfo right) => left.Equals(right);

    public static bool operator !=(SKImageInfo left, SKImageInfo right) => !left.Equals(right);

    public readonly SKImageInfo WithSize(SKSizeI size) => WithSize(size.Width, size.Height);

    public readonly SKImageInfo WithSize(int width, int height) => this with { Width = width, Height = height };

    public readonly SKImageInfo WithColorType(SKColorType newColorType) => this with { ColorType = newColorType };

    public readonly SKImageInfo WithColorSpace(SKColorSpace? newColorSpace) => this with { ColorSpace = newColorSpace };

    public readonly SKImageInfo WithAlphaType(SKAlphaType newAlphaType) => this with { AlphaType = newAlphaType };

    public readonly bool Equals(SKImageInfo obj) =>
        ColorSpace == obj.ColorSpace && Width == obj.Width && Height == obj.Height &&
        ColorType == obj.ColorType && AlphaType == obj.AlphaType;

    public readonly override bool Equals(object? obj) => obj is SKImageInfo other && Equals(other);

    public readonly override int GetHashCode() => HashCode.Combine(ColorSpace, Width, Height, ColorType, AlphaType);
}
