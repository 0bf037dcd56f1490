using SkiaSharp;
using SyntheticVoc;

namespace VocSeg.Torch.Tests.Synthetic;

public class PalettePngTests
{
    [Fact]
    public void The_palette_is_that_of_voc()
    {
        var palette = SegmentationPalette.Voc;
        for (var index = 0; index < palette.ClassCount; index++)
            Assert.Equal(palette.Colors[index], ColorAt(index));
        Assert.Equal(palette.IgnoreColors[0], ColorAt(255));
    }

    [Fact]
    public void A_decoder_sees_the_colours_of_the_labels()
    {
        const int width = 37, height = 21;
        var labels = Enumerable.Range(0, width * height).Select(index => (byte)(index * 5)).ToArray();
        using var stream = new MemoryStream();
        PalettePng.Write(labels, width, height, stream);

        using var image = SKBitmap.Decode(stream.ToArray())!;
        Assert.Equal((width, height), (image.Width, image.Height));
        Assert.All(Enumerable.Range(0, labels.Length), index =>
        {
            var pixel = image.GetPixel(index % width, index / width);
            Assert.Equal(ColorAt(labels[index]), new(pixel.Red, pixel.Green, pixel.Blue));
        });
    }

    [Fact]
    public void The_header_says_eight_bits_by_palette()
    {
        using var stream = new MemoryStream();
        PalettePng.Write(new byte[6], 3, 2, stream);
        Assert.Equal([0, 0, 0, 3, 0, 0, 0, 2, 8, 3, 0, 0, 0], stream.ToArray()[16..29]);
    }

    private static RgbColor ColorAt(int index)
    {
        var bytes = PalettePng.Palette.AsSpan(3 * index, 3);
        return new(bytes[0], bytes[1], bytes[2]);
    }
}
