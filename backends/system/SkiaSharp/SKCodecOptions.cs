namespace SkiaSharp;

public struct SKCodecOptions : IEquatable<SKCodecOptions>
{
    public static readonly SKCodecOptions Default = new(SKZeroInitialized.No);

    public SKCodecOptions(SKZeroInitialized zeroInitialized)
    {
        ZeroInitialized = zeroInitialized;
        PriorFrame = -1;
    }

    public SKCodecOptions(SKZeroInitialized zeroInitialized, SKRectI subset)
        : this(zeroInitialized) => Subset = subset;

    public SKCodecOptions(SKRectI subset)
        : this(SKZeroInitialized.No, subset)
    {
    }

    public SKCodecOptions(int frameIndex)
        : this(frameIndex, -1)
    {
    }

    public SKCodecOptions(int frameIndex, int priorFrame)
        : this(SKZeroInitialized.No)
    {
        FrameIndex = frameIndex;
        PriorFrame = priorFrame;
    }

    public SKZeroInitialized ZeroInitialized { readonly get; set; }

    public SKRectI? Subset { readonly get; set; }

    public readonly bool HasSubset => Subset != null;

    public int FrameIndex { readonly get; set; }

    public int PriorFrame { readonly get; set; }

    public static bool operator ==(SKCodecOptions left, SKCodecOptions right) => left.Equals(right);

    public static bool operator !=(SKCodecOptions left, SKCodecOptions right) => !left.Equals(right);

    public readonly bool Equals(SKCodecOptions obj) =>
        ZeroInitialized == obj.ZeroInitialized && Subset == obj.Subset &&
        FrameIndex == obj.FrameIndex && PriorFrame == obj.PriorFrame;

    public readonly override bool Equals(object? obj) => obj is SKCodecOptions other && Equals(other);

    public readonly override int GetHashCode() => HashCode.Combine(ZeroInitialized, Subset, FrameIndex, PriorFrame);
}
