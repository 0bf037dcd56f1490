namespace SkiaSharp;

public struct SKJpegEncoderOptions : IEquatable<SKJpegEncoderOptions>
{
    public static readonly SKJpegEncoderOptions Default = new(100);

    public SKJpegEncoderOptions(int quality)
        : this(quality, SKJpegEncoderDownsample.Downsample420, SKJpegEncoderAlphaOption.Ignore)
    {
    }

    public SKJpegEncoderOptions(int quality, SKJpegEncoderDownsample downsample, SKJpegEncoderAlphaOption alphaOption)
    {
        Quality = quality;
        Downsample = downsample;
        AlphaOption = alphaOption;
    }

    public readonly int Quality { get; }

    public readonly SKJpegEncoderDownsample Downsample { get; }

    public readonly SKJpegEncoderAlphaOption AlphaOption { get; }

    public static bool operator ==(SKJpegEncoderOptions left, SKJpegEncoderOptions right) => left.Equals(right);

    public static bool operator !=(SKJpegEncoderOptions left, SKJpegEncoderOptions right) => !left.Equals(right);

    public readonly bool Equals(SKJpegEncoderOptions obj) =>
        Quality == obj.Quality && Downsample == obj.Downsample && AlphaOption == obj.AlphaOption;

    public readonly override bool Equals(object? obj) => obj is SKJpegEncoderOptions other && Equals(other);

    public readonly override int GetHashCode() => HashCode.Combine(Quality, Downsample, AlphaOption);
}
