namespace SkiaSharp;

public struct SKPngEncoderOptions : IEquatable<SKPngEncoderOptions>
{
    public static readonly SKPngEncoderOptions Default = new(SKPngEncoderFilterFlags.AllFilters, 6);

    public SKPngEncoderOptions(SKPngEncoderFilterFlags filterFlags, int zLibLevel)
    {
        FilterFlags = filterFlags;
        ZLibLevel = zLibLevel;
    }

    public readonly SKPngEncoderFilterFlags FilterFlags { get; }

    public readonly int ZLibLevel { get; }

    public static bool operator ==(SKPngEncoderOptions left, SKPngEncoderOptions right) => left.Equals(right);

    public static bool operator !=(SKPngEncoderOptions left, SKPngEncoderOptions right) => !left.Equals(right);

    public readonly bool Equals(SKPngEncoderOptions obj) => FilterFlags == obj.FilterFlags && ZLibLevel == obj.ZLibLevel;

    public readonly override bool Equals(object? obj) => obj is SKPngEncoderOptions other && Equals(other);

    public readonly override int GetHashCode() => HashCode.Combine(FilterFlags, ZLibLevel);
}
