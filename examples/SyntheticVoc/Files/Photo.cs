using System.Numerics;
using SkiaSharp;

namespace SyntheticVoc;

/// <summary>The colours of a canvas as a JPEG file.</summary>
internal static class Photo
{
    internal static unsafe void Encode(Canvas canvas, SKJpegEncoderOptions options, Stream stream)
    {
        var pixels = ToBytes(canvas);
        fixed (byte* address = pixels)
        {
            var info = new SKImageInfo(canvas.Width, canvas.Height, SKColorType.Rgba8888, SKAlphaType.Opaque);
            using var pixmap = new SKPixmap(info, (IntPtr)address, canvas.Width * 4);
            using var data = pixmap.Encode(options) ?? throw new InvalidOperationException("SkiaSharp could not encode the photo as JPEG.");
            data.SaveTo(stream);
        }
    }

    internal static byte[] ToBytes(Canvas canvas)
    {
        var pixels = new byte[canvas.Colors.Length * 4];
        for (var i = 0; i < canvas.Colors.Length; i++)
        {
            var color = Vector3.Clamp(canvas.Colors[i], Vector3.Zero, Vector3.One) * 255 + new Vector3(0.5f);
            pixels[4 * i] = (byte)color.X;
            pixels[4 * i + 1] = (byte)color.Y;
            pixels[4 * i + 2] = (byte)color.Z;
            pixels[4 * i + 3] = 255;
        }
        return pixels;
    }
}
