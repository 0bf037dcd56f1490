using SkiaSharp;

namespace VocSeg.Torch.Tests;

/// <summary>JPEG files whose levels change evenly: red across, green down, blue along both.</summary>
internal static class SmoothJpegs
{
    private const int Change = 200;

    /// <summary>The most that a pixel's level may differ from that of the next one.</summary>
    internal static double SlopeOf(ImageSize size) => (double)Change / Math.Min(size.Height, size.Width);

    internal static RgbColor Color(ImageSize size, int row, int column)
    {
        var (down, across) = (Change * (row + 0.5) / size.Height, Change * (column + 0.5) / size.Width);
        return new((byte)(25.5 + across), (byte)(230.5 - down), (byte)(30.5 + (down + across) / 2));
    }

    internal static byte[] Encode(ImageSize size, SKJpegEncoderDownsample sampling, int quality = 100)
    {
        using var image = new SKBitmap(size.Width, size.Height, SKColorType.Rgba8888, SKAlphaType.Opaque);
        var pixels = image.GetPixelSpan();
        for (var at = 0; at < pixels.Length / 4; at++)
        {
            var color = Color(size, at / size.Width, at % size.Width);
            (pixels[4 * at], pixels[4 * at + 1], pixels[4 * at + 2]) = (color.Red, color.Green, color.Blue);
            pixels[4 * at + 3] = 255;
        }
        using var map = image.PeekPixels();
        using var data = map.Encode(new SKJpegEncoderOptions(quality, sampling, SKJpegEncoderAlphaOption.Ignore))!;
        return data.ToArray();
    }
}
