using SkiaSharp;
using VocSeg.Torch;

namespace Gallery;

/// <summary>Image files that belong to no data set: images to predict, and the pages' own.</summary>
public static class PictureFile
{
    /// <summary>Reads a JPEG or PNG image.</summary>
    /// <param name="path">The file.</param>
    /// <returns>Rows without padding: red, green, blue and alpha; and the image's height and width.</returns>
    /// <exception cref="DatasetException">Not a sound image.</exception>
    public static (byte[] Rgba, int Height, int Width) ReadRgba(string path)
    {
        const string Remedy = "put a sound file in its place, or leave it out.";
        using var codec = SKCodec.Create(path, out var opened)
            ?? throw new DatasetException(path, $"not a JPEG or PNG image that can be read ({opened}); {Remedy}");
        // No colour space: it would change values.
        var info = new SKImageInfo(
            codec.Info.Width, codec.Info.Height, SKColorType.Rgba8888, SKAlphaType.Unpremul, null);
        var rgba = new byte[info.BytesSize];
        var result = codec.GetPixels(info, rgba);
        return result == SKCodecResult.Success
            ? (rgba, info.Height, info.Width)
            : throw new DatasetException(path, $"the image cannot be decoded ({result}); {Remedy}");
    }

    /// <summary>A PNG file; rows that stay as they are pack best where there are few colours in large areas.</summary>
    internal static byte[] EncodePng(SKBitmap bitmap, SKPngEncoderFilterFlags filters = SKPngEncoderFilterFlags.None)
    {
        using var pixels = bitmap.PeekPixels();
        using var data = pixels.Encode(new SKPngEncoderOptions(filters, 8));
        return data?.ToArray() ?? throw new InvalidOperationException("SkiaSharp could not encode the image.");
    }

    /// <summary>Writes a file that appears under its name only when it is whole.</summary>
    internal static void WriteWhole(string path, byte[] content)
    {
        File.WriteAllBytes(path + ".part", content);
        File.Move(path + ".part", path, overwrite: true);
    }
}
