namespace SkiaSharp;

public struct SKSizeI : IEquatable<SKSizeI>
{
    public static readonly SKSizeI Empty;

    public SKSizeI(int width, int height)
    {
        Width = width;
        Height = height;
    }

    public int Width { readonly get; set; }

    public int Height { readonly get; set; }

    public readonly bool IsEmpty => this == Empty;

    public static bool operator ==(SKSizeI left, SKSizeI right) => left.Equals(right);

    public static bool operator !=(SKSizeI left, SKSizeI right) => !left.Equals(right);

    public readonly bool Equals(SKSizeI obj) => Width == obj.Width && Height == obj.Height;

    public readonly override bool Equals(object? obj) => obj is SKSizeI other && Equals(other);

    public readonly override int GetHashCode() => HashCode.Combine(Width, Height);

    public readonly override string ToString() => $"{{Width={Width}, Height={Height}}}";
}
