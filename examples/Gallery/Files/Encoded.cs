using SkiaSharp;

namespace Gallery;

/// <summary>Pictures as the bytes of a file.</summary>
internal static class Encoded
{
    private const int PhotoQuality = 84;

    internal static byte[] Jpeg(Picture picture) => Encode(picture, SKAlphaType.Opaque, pixels => pixels.Encode(
        new SKJpegEncoderOptions(PhotoQuality, SKJpegEncoderDownsample.Downsample420, SKJpegEncoderAlphaOption.Ignore)));

    /// <summary>PNG for few colours in large areas: rows stay as they are, which packs best.</summary>
    internal static byte[] FlatPng(Picture picture) => Encode(picture, SKAlphaType.Unpremul, pixels => pixels.Encode(
        new SKPngEncoderOptions(SKPngEncoderFilterFlags.None, 9)));

    internal static byte[] PhotoPng(Picture picture) => Encode(picture, SKAlphaType.Opaque, pixels => pixels.Encode(
        new SKPngEncoderOptions(SKPngEncoderFilterFlags.AllFilters, 6)));

    private static unsafe byte[] Encode(Picture picture, SKAlphaType alpha, Func<SKPixmap, SKData?> encode)
    {
        fixed (byte* address = picture.Rgba)
        {
            var info = new SKImageInfo(picture.Width, picture.Height, SKColorType.Rgba8888, alpha);
            using var pixels = new SKPixmap(info, (IntPtr)address, 4 * picture.Width);
            using var data = encode(pixels) ?? throw new InvalidOperationException("SkiaSharp could not encode the picture.");
            return data.ToArray();
        }
    }
}
