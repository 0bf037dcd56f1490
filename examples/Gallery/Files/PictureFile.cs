using SkiaSharp;
using VocSeg.Torch;

namespace Gallery;

/// <summary>Whole pictures in files, photos and labels; training reads by <see cref="VocSegDataset"/>, which cuts windows.</summary>
public static class PictureFile
{
    /// <summary>Reads a JPEG or PNG picture.</summary>
    /// <param name="path">The file.</param>
    /// <returns>Rows without padding: red, green, blue and alpha; and the picture's height and width.</returns>
    /// <exception cref="VocDataException">Not a sound picture.</exception>
    public static (byte[] Rgba, int Height, int Width) ReadRgba(string path)
    {
        using var codec = Open(path);
        return Decode(path, codec);
    }

    /// <summary>Reads the class of every pixel of a label, from its colours or, where it is 8-bit gray, from the class indices that it holds.</summary>
    /// <param name="path">The file.</param>
    /// <param name="palette">Which colour is which class.</param>
    /// <returns>One class index a pixel, in rows without padding; and the label's height and width.</returns>
    /// <exception cref="VocDataException">Not a sound picture, or a colour that the palette does not know and that is an error to it.</exception>
    public static (byte[] Classes, int Height, int Width) ReadClassIndex(string path, SegmentationPalette palette)
    {
        ArgumentNullException.ThrowIfNull(palette);
        using var codec = Open(path);
        var (rgba, height, width) = Decode(path, codec);
        var classes = new byte[height * width];
        var holdsIndices = codec.Info.ColorType == SKColorType.Gray8;
        // Labels are large areas of one colour, so most pixels need no search.
        RgbColor? last = null;
        byte classIndex = 0;
        for (var at = 0; at < classes.Length; at++)
        {
            var color = new RgbColor(rgba[4 * at], rgba[4 * at + 1], rgba[4 * at + 2]);
            if (color != last)
                (last, classIndex) = (color, holdsIndices ? OfIndex(color.Red, palette) : OfColor(path, color, palette));
            classes[at] = classIndex;
        }
        return (classes, height, width);
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

    private static byte OfIndex(byte index, SegmentationPalette palette) => index < palette.ClassCount ? index : palette.IgnoreIndex;

    private static byte OfColor(string path, RgbColor color, SegmentationPalette palette) => palette.TryGetClassIndex(color, out var index)
        ? index
        : throw new VocDataException(path, $"the palette does not know the colour {color}; take UnknownColor.Ignore, or a palette that has it.");

    private static SKCodec Open(string path) => SKCodec.Create(path, out var opened)
        ?? throw new VocDataException(path, $"not a JPEG or PNG picture that can be read ({opened}); put a sound file in its place, or leave it out.");

    // No colour space: it would change values, and label colours must be exact.
    private static (byte[] Rgba, int Height, int Width) Decode(string path, SKCodec codec)
    {
        var info = new SKImageInfo(codec.Info.Width, codec.Info.Height, SKColorType.Rgba8888, SKAlphaType.Unpremul, null);
        var rgba = new byte[info.BytesSize];
        var result = codec.GetPixels(info, rgba);
        return result == SKCodecResult.Success
            ? (rgba, info.Height, info.Width)
            : throw new VocDataException(path, $"the picture cannot be decoded ({result}); put a sound file in its place, or leave it out.");
    }
}
