using SkiaSharp;
using VocSeg.Torch.Tests.Data;

namespace VocSeg.Torch.Tests.SystemBackend.Skia;

public class PngColors
{
    private const int Width = 5;
    private const int Height = 3;
    private static readonly byte[] Colors = [224, 224, 192, 128, 0, 0, 0, 128, 0, 1, 2, 3];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(8)]
    public void APaletteGivesItsColorsExactly(int bitDepth)
    {
        var count = Math.Min(4, 1 << bitDepth);
        var indices = Samples(Width * Height, count - 1);
        var decoded = Decoded.From(PngWriter.Write(Width, Height, PngWriter.Palette, bitDepth, indices, Colors.AsSpan(0, 3 * count)));

        Assert.Equal(SKCodecResult.Success, decoded.Result);
        Assert.Equal(indices.SelectMany(i => Colors.Skip(3 * i).Take(3).Append((byte)255)), decoded.Pixels);
    }

    [Fact]
    public void EveryEntryOfAPaletteOf256ColorsComesOutExactly()
    {
        var palette = Enumerable.Range(0, 768).Select(i => (byte)((i * 89) + (i / 3))).ToArray();
        var indices = Enumerable.Range(0, 256).Select(i => (byte)i).ToArray();
        var decoded = Decoded.From(PngWriter.WriteLabels(16, 16, indices, palette));

        Assert.Equal(SKCodecResult.Success, decoded.Result);
        Assert.Equal(palette.Chunk(3).SelectMany(c => c.Append((byte)255)), decoded.Pixels);
    }

    [Fact]
    public void AnIndexBehindThePaletteGivesItsLastColor()
    {
        var decoded = Decoded.From(PngWriter.WriteLabels(2, 1, [1, 200], [9, 8, 7, 6, 5, 4]));

        Assert.Equal([6, 5, 4, 255, 6, 5, 4, 255], decoded.Pixels);
    }

    [Fact]
    public void APaletteCanHaveAlpha()
    {
        var file = PngWriter.Write(2, 1, PngWriter.Palette, 8, [0, 1], [200, 100, 50, 4, 5, 6], transparency: [128]);

        Assert.Equal([200, 100, 50, 128, 4, 5, 6, 255], Decoded.From(file).Pixels);
        Assert.Equal([100, 50, 25, 128, 4, 5, 6, 255], Decoded.From(file, alpha: SKAlphaType.Premul).Pixels);
    }

    [Theory]
    [InlineData(1, 255)]
    [InlineData(2, 85)]
    [InlineData(4, 17)]
    [InlineData(8, 1)]
    public void GraySpansTheWholeRange(int bitDepth, int step)
    {
        var samples = Samples(Width * Height, (1 << bitDepth) - 1);
        var file = PngWriter.Write(Width, Height, PngWriter.Gray, bitDepth, samples);
        var grays = samples.Select(s => (byte)(s * step)).ToArray();

        Assert.Equal(grays.SelectMany(g => new byte[] { g, g, g, 255 }), Decoded.From(file).Pixels);
        Assert.Equal(grays, Decoded.From(file, SKColorType.Gray8, SKAlphaType.Opaque).Pixels);
    }

    [Fact]
    public void AGrayCanStandForTransparent()
    {
        var file = PngWriter.Write(3, 1, PngWriter.Gray, 8, [10, 77, 255], transparency: [0, 77]);

        Assert.Equal([10, 10, 10, 255, 77, 77, 77, 0, 255, 255, 255, 255], Decoded.From(file).Pixels);
    }

    [Fact]
    public void GrayAlphaKeepsBoth()
    {
        var file = PngWriter.Write(2, 1, PngWriter.GrayAlpha, 8, [10, 0, 200, 130]);

        Assert.Equal([10, 10, 10, 0, 200, 200, 200, 130], Decoded.From(file).Pixels);
    }

    [Theory]
    [InlineData(SKColorType.Rgba8888)]
    [InlineData(SKColorType.Bgra8888)]
    public void RgbIsExactInBothOrders(SKColorType order)
    {
        var samples = Samples(Width * Height * 3, 255);
        var decoded = Decoded.From(PngWriter.Write(Width, Height, PngWriter.Rgb, 8, samples), order);

        Assert.Equal(SKCodecResult.Success, decoded.Result);
        Assert.Equal(samples.Chunk(3).SelectMany(c => InOrder(order, c[0], c[1], c[2], 255)), decoded.Pixels);
    }

    [Fact]
    public void AColorCanStandForTransparent()
    {
        var file = PngWriter.Write(2, 1, PngWriter.Rgb, 8, [1, 2, 3, 4, 5, 6], transparency: [0, 4, 0, 5, 0, 6]);

        Assert.Equal([1, 2, 3, 255, 4, 5, 6, 0], Decoded.From(file).Pixels);
    }

    [Theory]
    [InlineData(SKColorType.Rgba8888)]
    [InlineData(SKColorType.Bgra8888)]
    public void RgbaKeepsColorsUnderTransparency(SKColorType order)
    {
        var samples = Samples(Width * Height * 4, 255);
        var decoded = Decoded.From(PngWriter.Write(Width, Height, PngWriter.Rgba, 8, samples), order);

        Assert.Equal(SKCodecResult.Success, decoded.Result);
        Assert.Equal(samples.Chunk(4).SelectMany(c => InOrder(order, c[0], c[1], c[2], c[3])), decoded.Pixels);
    }

    [Theory]
    [InlineData(PngWriter.Gray, 1)]
    [InlineData(PngWriter.Rgb, 3)]
    [InlineData(PngWriter.GrayAlpha, 2)]
    [InlineData(PngWriter.Rgba, 4)]
    public void OfSixteenBitsTheUpperEightAreTaken(int colorType, int channels)
    {
        var samples = Samples(Width * Height * channels, 255);
        var wide = samples.Select(s => (s << 8) | (255 - s)).ToArray();

        var eight = Decoded.From(PngWriter.Write(Width, Height, colorType, 8, samples));
        var sixteen = Decoded.From(PngWriter.Write(Width, Height, colorType, 16, wide));

        Assert.Equal(SKCodecResult.Success, sixteen.Result);
        Assert.Equal(eight.Pixels, sixteen.Pixels);
    }

    [Theory]
    [InlineData(PngWriter.Gray, 1, SKAlphaType.Opaque)]
    [InlineData(PngWriter.Rgb, 3, SKAlphaType.Opaque)]
    [InlineData(PngWriter.GrayAlpha, 2, SKAlphaType.Unpremul)]
    [InlineData(PngWriter.Rgba, 4, SKAlphaType.Unpremul)]
    public void TheInfoTellsWhetherThereIsAlpha(int colorType, int channels, SKAlphaType alpha)
    {
        using var codec = Decoded.Codec(PngWriter.Write(Width, Height, colorType, 8, Samples(Width * Height * channels, 255)));

        Assert.Equal(SKEncodedImageFormat.Png, codec.EncodedFormat);
        Assert.Equal(new SKSizeI(Width, Height), codec.Info.Size);
        Assert.Equal(alpha, codec.Info.AlphaType);
        Assert.Equal(colorType == PngWriter.Gray ? SKColorType.Gray8 : SKImageInfo.PlatformColorType, codec.Info.ColorType);
    }

    private static int[] Samples(int count, int max) => [.. Enumerable.Range(0, count).Select(i => i * 37 % (max + 1))];

    private static byte[] InOrder(SKColorType order, int r, int g, int b, int a) =>
        order == SKColorType.Rgba8888 ? [(byte)r, (byte)g, (byte)b, (byte)a] : [(byte)b, (byte)g, (byte)r, (byte)a];
}
