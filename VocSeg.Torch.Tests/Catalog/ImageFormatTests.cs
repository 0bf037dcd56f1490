namespace VocSeg.Torch.Tests.Catalog;

/// <summary>What becomes of the pixels of each kind of image.</summary>
public sealed class ImageFormatTests : IDisposable
{
    private readonly PairFolder set = new();

    public void Dispose() => set.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(8)]
    public void Gray_becomes_three_equal_channels(int bits)
    {
        var most = (1 << bits) - 1;
        int[] values = [0, most, most / 2, 1, most / 3, most - 1];
        Assert.Equal(
            values.SelectMany(value => Enumerable.Repeat((byte)(value * 255 / most), 3)),
            Read(PngWriter.Write(3, 2, PngWriter.Gray, bits, values)));
    }

    [Fact]
    public void Gray_jpegs_become_three_equal_channels()
    {
        var colors = Read(TinyJpegs.Gray, new(16, 32));
        Assert.All(colors.Chunk(3), color => Assert.Equal((color[0], color[0]), (color[1], color[2])));
        Assert.NotEqual(colors[0], colors[^1]);
    }

    [Fact]
    public void Alpha_is_dropped_and_colors_are_as_stored_under_it()
    {
        int[] rgba = [200, 100, 50, 255, 200, 100, 50, 128, 200, 100, 50, 1, 200, 100, 50, 0, 3, 2, 1, 0, 255, 255, 255, 7];
        Assert.Equal(rgba.Chunk(4).SelectMany(pixel => pixel[..3].Select(value => (byte)value)), Read(PngWriter.Write(3, 2, PngWriter.Rgba, 8, rgba)));
        int[] grayAlpha = [200, 255, 200, 128, 200, 1, 200, 0, 3, 0, 255, 7];
        Assert.Equal(grayAlpha.Chunk(2).SelectMany(pixel => Enumerable.Repeat((byte)pixel[0], 3)), Read(PngWriter.Write(3, 2, PngWriter.GrayAlpha, 8, grayAlpha)));
    }

    [Fact]
    public void A_palette_is_looked_up_and_its_transparency_dropped()
    {
        byte[] palette = [10, 20, 30, 40, 50, 60];
        var png = PngWriter.Write(3, 2, PngWriter.Palette, 8, [0, 1, 0, 1, 1, 0], palette, [0, 128]);
        byte[] first = [10, 20, 30], second = [40, 50, 60];
        Assert.Equal([.. first, .. second, .. first, .. second, .. second, .. first], Read(png));
    }

    [Fact]
    public void Of_16_bits_the_upper_8_are_taken()
    {
        int[] values = [0, 255, 256, 0x12FF, 0xFF00, 0xFFFF];
        Assert.Equal(values.SelectMany(value => Enumerable.Repeat((byte)(value >> 8), 3)), Read(PngWriter.Write(3, 2, PngWriter.Gray, 16, values)));
        int[] rgb = [.. values.SelectMany(value => new[] { value, 0xFFFF - value, 0x8080 })];
        Assert.Equal(rgb.Select(value => (byte)(value >> 8)), Read(PngWriter.Write(3, 2, PngWriter.Rgb, 16, rgb)));
    }

    [Fact]
    public void Webp_and_bmp_are_read_as_stored()
    {
        var size = new ImageSize(5, 7);
        var files = OtherFormats.Images(size).ToArray();
        var webp = Read(files[1].Bytes, size);
        var bmp = Read(files[2].Bytes, size);
        for (var row = 0; row < size.Height; row++)
        {
            for (var column = 0; column < size.Width; column++)
            {
                var at = 3 * (row * size.Width + column);
                Assert.Equal([(byte)(37 * column), (byte)(53 * row), (byte)(column * row)], webp[at..(at + 3)]);
                // Rows from the bottom, 24 bytes each, blue first.
                var stored = 54 + 24 * (size.Height - 1 - row) + 3 * column;
                Assert.Equal([(byte)((stored + 2) * 31), (byte)((stored + 1) * 31), (byte)(stored * 31)], bmp[at..(at + 3)]);
            }
        }
    }

    /// <summary>The colours of an image that a catalog of one has.</summary>
    private byte[] Read(byte[] file, ImageSize? size = null)
    {
        set.Bytes("image.any", file);
        var sample = Assert.Single(SampleCatalog.FromPairs([("a", set["image.any"], null)]).Samples);
        Assert.Equal(size ?? new ImageSize(2, 3), sample.Size);
        return Decoders.Colors(sample.ReadImage());
    }
}
