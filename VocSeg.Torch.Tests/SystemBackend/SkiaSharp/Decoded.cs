using SkiaSharp;

namespace VocSeg.Torch.Tests.SystemBackend.Skia;

/// <summary>A whole file decoded at once into RGBA without a color space, as the library asks for it.</summary>
internal sealed record Decoded(SKCodecResult Result, SKImageInfo Info, byte[] Pixels)
{
    public static Decoded From(byte[] file, SKColorType color = SKColorType.Rgba8888, SKAlphaType alpha = SKAlphaType.Unpremul)
    {
        using var codec = Codec(file);
        var info = InfoFor(codec, color, alpha);
        var pixels = new byte[info.BytesSize];
        Array.Fill(pixels, (byte)0xA5);
        return new Decoded(codec.GetPixels(info, pixels), info, pixels);
    }

    /// <summary>A codec keeps the bytes it decodes, so nothing else needs to.</summary>
    public static SKCodec Codec(byte[] file)
    {
        using var data = SKData.CreateCopy(file);
        return SKCodec.Create(data) ?? throw new InvalidOperationException("No image.");
    }

    public static SKImageInfo InfoFor(SKCodec codec, SKColorType color = SKColorType.Rgba8888, SKAlphaType alpha = SKAlphaType.Unpremul) =>
        new(codec.Info.Width, codec.Info.Height, color, alpha, colorspace: null);

    public ReadOnlySpan<byte> Pixel(int x, int y) => Pixels.AsSpan((y * Info.RowBytes) + (x * Info.BytesPerPixel), Info.BytesPerPixel);

    public ReadOnlySpan<byte> Row(int y) => Pixels.AsSpan(y * Info.RowBytes, Info.RowBytes);
}
