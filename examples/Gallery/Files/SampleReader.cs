using SkiaSharp;
using VocSeg.Torch;

namespace Gallery;

/// <summary>Reads whole samples for a gallery; training reads by <see cref="VocSegDataset"/>, which cuts windows.</summary>
internal static class SampleReader
{
    internal static GalleryItem Read(VocSample sample, SegmentationPalette palette, GalleryWindow? window) =>
        new(sample.Id, Decode(sample.ImagePath, sample.Size), sample.Size.Height, sample.Size.Width)
        {
            Label = ReadLabel(sample, palette),
            Window = window,
        };

    private static byte[] ReadLabel(VocSample sample, SegmentationPalette palette)
    {
        var rgba = Decode(sample.LabelPath, sample.Size);
        var label = new byte[rgba.Length / 4];
        var last = new RgbColor(rgba[0], rgba[1], rgba[2]);
        var classIndex = ClassOf(sample, palette, last);
        for (var at = 0; at < label.Length; at++)
        {
            // Labels are large areas of one colour, so most pixels need no search.
            var color = new RgbColor(rgba[4 * at], rgba[4 * at + 1], rgba[4 * at + 2]);
            if (color != last)
                (last, classIndex) = (color, ClassOf(sample, palette, color));
            label[at] = classIndex;
        }
        return label;
    }

    private static byte ClassOf(VocSample sample, SegmentationPalette palette, RgbColor color) =>
        palette.TryGetClassIndex(color, out var index)
            ? index
            : throw new VocDataException(sample.LabelPath, $"the palette does not know the colour {color}.") { SampleId = sample.Id };

    // No colour space: it would change values, and label colours must be exact.
    private static byte[] Decode(string path, ImageSize size)
    {
        using var codec = SKCodec.Create(path, out var opened) ?? throw new VocDataException(path, $"not an image that can be read ({opened}).");
        if (codec.Info.Width != size.Width || codec.Info.Height != size.Height)
            throw new VocDataException(path, $"the image is {codec.Info.Height}x{codec.Info.Width}, {size} was expected.");
        var pixels = new byte[4 * size.Height * size.Width];
        var result = codec.GetPixels(new SKImageInfo(size.Width, size.Height, SKColorType.Rgba8888, SKAlphaType.Unpremul, null), pixels);
        return result == SKCodecResult.Success
            ? pixels
            : throw new VocDataException(path, $"the image cannot be decoded ({result}); put a sound file in its place, or take its id out of the list.");
    }
}
