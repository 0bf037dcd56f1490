using SkiaSharp;
using VocSeg.Torch;

namespace FcnTraining;

/// <summary>A whole picture: rows without padding, red, green, blue and alpha.</summary>
internal sealed record Photo(string Id, int Height, int Width, byte[] Rgba)
{
    /// <exception cref="VocDataException">Not a sound image.</exception>
    internal static unsafe Photo Read(string path)
    {
        using var codec = SKCodec.Create(path) ?? throw new VocDataException(path, "not a JPEG or PNG image that can be read; put a sound file in its place, or leave it out.");
        var info = new SKImageInfo(codec.Info.Width, codec.Info.Height, SKColorType.Rgba8888, SKAlphaType.Unpremul, null);
        var rgba = new byte[info.BytesSize];
        fixed (byte* pixels = rgba)
        {
            var result = codec.GetPixels(info, (IntPtr)pixels, info.RowBytes, SKCodecOptions.Default);
            return result == SKCodecResult.Success
                ? new(Path.GetFileNameWithoutExtension(path), info.Height, info.Width, rgba)
                : throw new VocDataException(path, $"the image cannot be decoded ({result}); put a sound file in its place, or leave it out.");
        }
    }

    /// <summary>A picture of class colours; pixels of the ignore index stay black.</summary>
    internal static Photo OfClasses(string id, int height, int width, ReadOnlySpan<byte> classes, SegmentationPalette palette)
    {
        var rgba = new byte[4 * classes.Length];
        for (var pixel = 0; pixel < classes.Length; pixel++)
        {
            var color = classes[pixel] < palette.ClassCount ? palette.Colors[classes[pixel]] : default;
            (rgba[4 * pixel], rgba[4 * pixel + 1], rgba[4 * pixel + 2], rgba[4 * pixel + 3]) = (color.Red, color.Green, color.Blue, 255);
        }
        return new(id, height, width, rgba);
    }

    /// <summary>The class of every pixel of a label picture.</summary>
    internal byte[] ToClasses(SegmentationPalette palette)
    {
        var known = new Dictionary<RgbColor, byte>();
        var classes = new byte[Height * Width];
        for (var pixel = 0; pixel < classes.Length; pixel++)
        {
            var color = new RgbColor(Rgba[4 * pixel], Rgba[4 * pixel + 1], Rgba[4 * pixel + 2]);
            if (!known.TryGetValue(color, out classes[pixel]))
            {
                palette.TryGetClassIndex(color, out classes[pixel]);
                known.Add(color, classes[pixel]);
            }
        }
        return classes;
    }

    internal unsafe void SavePng(string path)
    {
        fixed (byte* pixels = Rgba)
        {
            using var picture = new SKPixmap(new SKImageInfo(Width, Height, SKColorType.Rgba8888, SKAlphaType.Unpremul), (IntPtr)pixels, 4 * Width);
            using var encoded = picture.Encode(SKEncodedImageFormat.Png, 100)!;
            File.WriteAllBytes(path, encoded.ToArray());
        }
    }
}
