using System.IO.Compression;

namespace VocSeg.Torch.Tests.Labels;

public sealed class LabelDecoderTests : IDisposable
{
    private static readonly SegmentationPalette Lenient =
        SegmentationPalette.Voc with { UnknownColor = UnknownColor.Ignore };
    private static readonly byte[] VocColors =
    [
        .. Enumerable.Range(0, 256).SelectMany(i => Bytes(VocSeg.Torch.VocColors.ColorOf(i))),
    ];

    private readonly LoadedFiles files = new();

    public void Dispose() => files.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(8)]
    public void Every_size_depth_and_filter_gives_what_skia_and_the_table_give(int depth)
    {
        var random = new Random(depth);
        var levels = Enum.GetValues<CompressionLevel>();
        for (var width = 1; width <= 40; width++)
        {
            var size = new ImageSize(1 + width * 7 % 40, width);
            var samples = RandomLabel(random, size, depth);
            foreach (var filter in Enumerable.Range(0, 6))
            {
                foreach (var colors in new[] { VocColors[..(3 << depth)], VocColors[..6], [] })
                {
                    var bytes = FilteredPng.Write(
                        size, depth, samples, colors, y => filter == 5 ? (y + 1) % 5 : filter,
                        levels[width % levels.Length], chunk: 1 + width * 20);
                    // Skia takes the last colour of the palette for a sample that has none.
                    var hasNoColor = colors.Length > 0
                        ? samples.Select(sample => 3 * sample >= colors.Length).ToArray()
                        : null;
                    AssertAsBySkia(bytes, size, Lenient with { LabelEncoding = LabelEncoding.Colors }, hasNoColor);
                }
            }
        }
    }

    [Theory]
    [InlineData(PngWriter.Rgb, 8, 3)]
    [InlineData(PngWriter.Rgb, 16, 3)]
    [InlineData(PngWriter.Rgba, 8, 4)]
    [InlineData(PngWriter.GrayAlpha, 8, 2)]
    [InlineData(PngWriter.Gray, 16, 1)]
    public void Other_kinds_of_png_give_what_skia_and_the_table_give(int colorType, int depth, int channels)
    {
        var random = new Random(5);
        var size = new ImageSize(9, 13);
        var samples = Enumerable.Range(0, 9 * 13 * channels)
            .Select(_ => random.Next(2) * 128 * (depth == 16 ? 257 : 1))
            .ToArray();

        var bytes = PngWriter.Write(13, 9, colorType, depth, samples);
        AssertAsBySkia(bytes, size, Lenient with { LabelEncoding = LabelEncoding.Colors });
    }

    [Fact]
    public void Transparency_does_not_change_colors()
    {
        var samples = Enumerable.Range(0, 64).Select(i => i % 4).ToArray();
        var bytes = PngWriter.Write(8, 8, PngWriter.Palette, 8, samples, VocColors.AsSpan(0, 12), [0, 128, 255]);
        AssertAsBySkia(bytes, new(8, 8), SegmentationPalette.Voc);
    }

    [Fact]
    public void Real_labels_give_what_skia_and_the_table_give()
    {
        var folder = Path.Combine(RealVoc.Require(), "SegmentationClass");
        foreach (var path in Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal).Take(60))
        {
            foreach (var palette in new[] { SegmentationPalette.Voc, SegmentationPalette.VocTextbook })
                AssertAsBySkia(File.ReadAllBytes(path), ImageHeader.Read(path, long.MaxValue).Size, palette);
        }
    }

    [Fact]
    public void A_decoder_goes_from_palette_to_palette()
    {
        var decoder = new LabelDecoder(Lenient);
        var size = new ImageSize(1, 4);
        byte[] swapped = [.. VocColors[3..6], .. VocColors[..3], .. VocColors[6..]];
        byte[] first = FilteredPng.Write(size, 8, [0, 1, 2, 255], VocColors, _ => 0);
        byte[] second = FilteredPng.Write(size, 8, [0, 1, 2, 255], swapped, _ => 0);
        byte[] gray = FilteredPng.Write(size, 8, [0, 1, 128, 255], [], _ => 0);

        Assert.Equal([0, 1, 2, 255], Decode(decoder, first, size));
        Assert.Equal([1, 0, 2, 255], Decode(decoder, second, size));
        Assert.Equal([0, 1, 255, 255], Decode(decoder, gray, size)); // class indices
        Assert.Equal([0, 1, 2, 255], Decode(decoder, first, size));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_unknown_color_names_file_row_column_and_color(bool asPalette)
    {
        var size = new ImageSize(12, 40);
        var samples = new byte[size.Pixels];
        samples[7 * 40 + 33] = 21;
        var bytes = asPalette
            ? FilteredPng.Write(size, 8, samples, VocColors, _ => 0)
            : PngWriter.Write(
                40,
                12,
                PngWriter.Rgb,
                8,
                [.. samples.SelectMany(i => VocColors[(3 * i)..(3 * i + 3)]).Select(value => (int)value)]);
        var decoder = new LabelDecoder(SegmentationPalette.Voc);
        var file = files.Load(bytes);
        var classIndex = new byte[size.Pixels];

        var error = Assert.Throws<DatasetException>(() => decoder.DecodeClassIndex(file, size, 3, 9, classIndex));
        Assert.Equal(files.Path, error.Path);
        Assert.Contains($"row 7, column 33 has the colour {VocSeg.Torch.VocColors.ColorOf(21)}", error.Message);
        Assert.Equal(
            error.Message,
            Assert.Throws<DatasetException>(
                () => decoder.DecodeColors(file, size, 0, size.Height, new byte[size.Pixels * 4])).Message);

        decoder.DecodeClassIndex(file, size, 0, 7, classIndex);
        decoder.DecodeClassIndex(file, size, 8, 4, classIndex);
    }

    [Fact]
    public void Labels_that_are_cut_short_before_the_end_of_their_rows_are_refused_whatever_rows_are_wanted()
    {
        var size = new ImageSize(30, 44);
        var samples = RandomLabel(new(4), size, 8);
        var bytes = FilteredPng.Write(size, 8, samples, VocColors, y => y % 5, chunk: 300);
        for (var length = 1; length < bytes.Length - 12; length++)
        {
            Assert.True(IsRefused(bytes[..length], size, samples), $"{length} of {bytes.Length} bytes");
            var file = files.Load(bytes.AsSpan(0, length));
            Assert.Throws<DatasetException>(
                () => new LabelDecoder(Lenient).DecodeClassIndex(file, size, 0, 1, new byte[44]));
        }
        for (var length = bytes.Length - 12; length <= bytes.Length; length++)
            Assert.False(IsRefused(bytes[..length], size, samples), "the end marker does not count");
    }

    [Fact]
    public void No_wrong_byte_gives_a_wrong_label()
    {
        var size = new ImageSize(30, 44);
        var samples = RandomLabel(new(4), size, 8);
        var bytes = FilteredPng.Write(size, 8, samples, VocColors, y => y % 5);
        var text = bytes.AsSpan().IndexOf("tEXt"u8) - 4;
        for (var at = 0; at < bytes.Length - 12; at++)
        {
            if (at >= text && at < text + 15)
                continue;
            var broken = bytes.ToArray();
            broken[at] ^= 0x10;
            IsRefused(broken, size, samples);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4)]
    public void A_wrong_or_missing_checksum_of_the_rows_is_found_whatever_rows_are_wanted(int missing)
    {
        var size = new ImageSize(10, 10);
        var samples = Enumerable.Range(0, 100).Select(i => (byte)(i % 21)).ToArray();
        var bytes = FilteredPng.Write(size, 8, samples, VocColors, _ => 0);
        var data = bytes.AsSpan().IndexOf("IDAT"u8);
        var compressed = bytes[(data + 4)..^16];
        if (missing == 0)
            compressed[^1] ^= 1;
        using var broken = new MemoryStream();
        broken.Write(bytes.AsSpan(0, data - 4));
        PngWriter.WriteChunk(broken, "IDAT"u8, compressed.AsSpan(0, compressed.Length - missing));
        broken.Write(bytes.AsSpan()[^12..]);

        AssertRefused(broken.ToArray(), size);
        var file = files.Load(broken.ToArray());
        Assert.Throws<DatasetException>(
            () => new LabelDecoder(Lenient).DecodeClassIndex(file, size, 2, 3, new byte[30]));
    }

    [Fact]
    public void Another_size_than_expected_is_an_error()
    {
        var bytes = FilteredPng.Write(new(4, 6), 8, new byte[24], VocColors, _ => 0);
        Assert.Contains("4x6", AssertRefused(bytes, new(6, 4)).Message);
    }

    [Fact]
    public void A_label_allocates_no_more_than_its_decompressor()
    {
        var size = new ImageSize(375, 500);
        var decoder = new LabelDecoder(Lenient);
        var file = files.Load(FilteredPng.Write(size, 8, RandomLabel(new(1), size, 8), VocColors, _ => 0));
        var classIndex = new byte[size.Pixels];
        decoder.DecodeClassIndex(file, size, 0, 375, classIndex);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 10; i++)
            decoder.DecodeClassIndex(file, size, 20, 320, classIndex);
        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / 10, 0, 400);
    }

    [Fact]
    public void A_palette_has_one_table_and_a_copy_with_other_rules_has_its_own()
    {
        var palette = SegmentationPalette.Voc with { IgnoreIndex = 200 };
        Assert.Same(palette.HostTable, palette.HostTable);
        Assert.Equal(200, (palette with { UnknownColor = UnknownColor.Ignore }).HostTable[^1]);
        Assert.Equal(0, (palette with { UnknownColor = UnknownColor.Background }).HostTable[^1]);
    }

    /// <summary>Runs of some classes and border, and now and then any sample.</summary>
    private static byte[] RandomLabel(Random random, ImageSize size, int depth)
    {
        var samples = new byte[size.Pixels];
        for (var at = 0; at < samples.Length;)
        {
            var run = Math.Min(random.Next(1, 90), samples.Length - at);
            var sample = random.Next(4) switch { 0 => 255, 1 => random.Next(256), _ => random.Next(21) };
            samples.AsSpan(at, run).Fill((byte)(sample & ((1 << depth) - 1)));
            at += run;
        }
        return samples;
    }

    private void AssertAsBySkia(byte[] bytes, ImageSize size, SegmentationPalette palette, bool[]? hasNoColor = null)
    {
        var file = files.Load(bytes);
        var rgba = new byte[size.Pixels * 4];
        new SkiaDecoder().DecodeRows(file, size, 0, size.Height, rgba);
        var expected = ColorLookups.ClassIndex(palette, rgba);
        for (var pixel = 0; pixel < hasNoColor?.Length; pixel++)
            expected[pixel] = hasNoColor[pixel] ? byte.MaxValue : expected[pixel];

        var decoder = new LabelDecoder(palette);
        Assert.Equal(expected, Decode(decoder, bytes, size));
        var (whole, third, half) = (size.Height, size.Height / 3, (size.Height + 1) / 2);
        foreach (var (top, rows) in new[] { (0, whole), (0, 1), (third, half), (whole - 1, 1) })
        {
            var part = new byte[rows * size.Width];
            decoder.DecodeClassIndex(file, size, top, rows, part);
            Assert.Equal(expected.Skip(top * size.Width).Take(part.Length), part);
            var colors = new byte[part.Length * 4];
            decoder.DecodeColors(file, size, top, rows, colors);
            Assert.Equal(part, ColorLookups.ClassIndex(palette, colors));
        }
    }

    private byte[] Decode(LabelDecoder decoder, byte[] bytes, ImageSize size)
    {
        var classIndex = new byte[size.Pixels];
        decoder.DecodeClassIndex(files.Load(bytes), size, 0, size.Height, classIndex);
        return classIndex;
    }

    /// <summary>Whether it is refused; where it is not, the label must be right.</summary>
    private bool IsRefused(byte[] bytes, ImageSize size, byte[] samples)
    {
        try
        {
            Assert.Equal(
                samples.Select(sample => sample < 21 ? sample : byte.MaxValue), Decode(new(Lenient), bytes, size));
            return false;
        }
        catch (DatasetException error)
        {
            Assert.Equal(files.Path, error.Path);
            return true;
        }
    }

    private DatasetException AssertRefused(byte[] bytes, ImageSize size)
    {
        var error = Assert.Throws<DatasetException>(() => Decode(new(SegmentationPalette.Voc), bytes, size));
        Assert.Equal(files.Path, error.Path);
        return error;
    }

    private static byte[] Bytes(RgbColor color) => [color.Red, color.Green, color.Blue];
}
