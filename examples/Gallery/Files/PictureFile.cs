using SkiaSharp;
using VocSeg.Torch;

namespace Gallery;

/// <summary>Pictures in files that belong to no data set: photos to predict, and what was predicted.</summary>
public static class PictureFile
{
    /// <summary>Reads a JPEG or PNG picture.</summary>
    /// <param name="path">The file.</param>
    /// <returns>Rows without padding: red, green, blue and alpha; and the picture's height and width.</returns>
    /// <exception cref="DatasetException">Not a sound picture.</exception>
    public static (byte[] Rgba, int Height, int Width) ReadRgba(string path)
    {
        using var codec = SKCodec.Create(path, out var opened)
            ?? throw new DatasetException(path, $"not a JPEG or PNG picture that can be read ({opened}); put a sound file in its place, or leave it out.");
        // No colour space: it would change values.
        var info = new SKImageInfo(codec.Info.Width, codec.Info.Height, SKColorType.Rgba8888, SKAlphaType.Unpremul, null);
        var rgba = new byte[info.BytesSize];
        var result = codec.GetPixels(info, rgba);
        return result == SKCodecResult.Success
            ? (rgba, info.Height, info.Width)
            : throw new DatasetException(path, $"the picture cannot be decoded ({result}); put a sound file in its place, or leave it out.");
    }

    /// <summary>Writes class indices as a PNG of class colours; pixels to be ignored are black. A file that is there is replaced once the new one is whole.</summary>
    /// <param name="path">The file.</param>
    /// <param name="classes">One class index a pixel, in rows without padding.</param>
    /// <param name="height">Rows of pixels.</param>
    /// <param name="width">Pixels in a row.</param>
    /// <param name="palette">The colours.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void WriteClassColors(string path, ReadOnlySpan<byte> classes, int height, int width, SegmentationPalette palette)
    {
        ArgumentNullException.ThrowIfNull(palette);
        var picture = Picture.Blank(height, width);
        for (var at = 0; at < classes.Length; at++)
            ClassPaint.Set(picture.Rgba.AsSpan(4 * at, 4), classes[at] < palette.ClassCount ? palette.Colors[classes[at]] : default, 255);
        WholeFile.Write(path, Encoded.FlatPng(picture));
    }
}
