using SkiaSharp;

namespace VocSeg.Torch.Tests;

/// <summary>JPEG files with edges and noise in all channels, so that a row that is off by one shows.</summary>
internal static class Jpegs
{
    /// <summary>Every kind of JPEG at hand: name, bytes and size.</summary>
    internal static IEnumerable<(string Name, byte[] Bytes, ImageSize Size)> All()
    {
        yield return ("baseline", TinyJpegs.Baseline, new(32, 48));
        yield return ("progressive", TinyJpegs.Progressive, new(32, 48));
        yield return ("restarts", TinyJpegs.Restarts, new(32, 48));
        yield return ("arithmetic", TinyJpegs.Arithmetic, new(32, 48));
        yield return ("gray", TinyJpegs.Gray, new(16, 32));
        yield return ("gray progressive", TinyJpegs.GrayProgressive, new(16, 32));
        yield return ("rgb", TinyJpegs.Rgb, new(16, 32));
        yield return ("cmyk", TinyJpegs.Cmyk, new(16, 32));
        yield return ("ycck", TinyJpegs.Ycck, new(16, 32));
        foreach (var sampling in Enum.GetValues<SKJpegEncoderDownsample>())
        {
            foreach (var size in new ImageSize[] { new(1, 1), new(16, 16), new(33, 19), new(50, 64), new(97, 41) })
                yield return ($"{sampling} {size}", Encode(size, sampling), size);
        }
    }

    internal static byte[] Encode(
        ImageSize size, SKJpegEncoderDownsample sampling = SKJpegEncoderDownsample.Downsample420)
    {
        var random = new Random(size.Height * 1000 + size.Width);
        var info = new SKImageInfo(size.Width, size.Height, SKColorType.Rgba8888, SKAlphaType.Opaque);
        var pixels = new byte[size.Pixels * 4];
        for (var pixel = 0; pixel < size.Pixels; pixel++)
        {
            var (y, x) = (pixel / size.Width, pixel % size.Width);
            pixels[4 * pixel] = (byte)((x / 5 + y / 3) % 2 * 160 + random.Next(60));
            pixels[4 * pixel + 1] = (byte)(y * 5 + random.Next(30));
            pixels[4 * pixel + 2] = (byte)((y / 4 % 2 == 0 ? 200 : 20) + random.Next(40));
            pixels[4 * pixel + 3] = 255;
        }
        unsafe
        {
            fixed (byte* address = pixels)
            {
                using var pixmap = new SKPixmap(info, (IntPtr)address, size.Width * 4);
                var options = new SKJpegEncoderOptions(92, sampling, SKJpegEncoderAlphaOption.Ignore);
                using var data = pixmap.Encode(options)!;
                return data.ToArray();
            }
        }
    }
}
