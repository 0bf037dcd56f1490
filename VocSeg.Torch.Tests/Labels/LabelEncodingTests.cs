namespace VocSeg.Torch.Tests.Labels;

/// <summary>
/// What the values of a label mean, kind of file by kind of file: the right class, or an error that helps.
/// </summary>
public sealed class LabelEncodingTests : IDisposable
{
    private const int Width = 40;
    private const int Height = 4;
    private static readonly byte[] Classes = [
        .. Enumerable.Range(0, Width * Height).Select(i => (byte)(i % 7 == 6 ? 255 : i % 21)),
    ];
    private static readonly int[] Values = [.. Classes.Select(value => (int)value)];
    private static readonly byte[] Colors = IndexFiles.VocColormap;
    private static readonly byte[] Ramp = IndexFiles.Ramp;
    private static readonly SegmentationPalette Auto = SegmentationPalette.Voc;
    private static readonly SegmentationPalette Indices = Auto with { LabelEncoding = LabelEncoding.Indices };
    private static readonly SegmentationPalette ByColor = Auto with { LabelEncoding = LabelEncoding.Colors };
    private static readonly SegmentationPalette BlackWhite =
        new([new(0, 0, 0), new(255, 255, 255)], ["background", "foreground"]);

    private readonly LoadedFiles files = new();

    public static TheoryData<string> Kinds => [.. IndexFiles.Kinds];

    public void Dispose() => files.Dispose();

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Indices_are_read_exactly_from_every_kind_of_file(string kind)
    {
        Assert.Equal(Classes, Decode(Indices, IndexFile(kind, Values)));
        Assert.Equal(Classes, Decode(Indices, IndexFile(kind, Values, interlaced: true)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void Indices_of_few_bits_are_not_stretched(int depth)
    {
        int[] values = [.. Values.Select(value => value & ((1 << depth) - 1))];
        Assert.Equal(values.Select(value => (byte)value), Decode(Indices, Write(PngWriter.Gray, depth, values)));
        Assert.Equal(
            values.Select(value => (byte)value),
            Decode(Indices, Write(PngWriter.Palette, depth, values, Ramp.AsSpan(0, 3 << depth))));
    }

    [Theory]
    [InlineData("gray16")]
    [InlineData("gray8+alpha")]
    [InlineData("gray16+alpha")]
    [InlineData("gray1")]
    [InlineData("gray4")]
    public void Where_the_meaning_is_not_certain_auto_asks_for_it(string kind)
    {
        int[] values = kind is "gray1" ? [.. Values.Select(value => value & 1)] : kind is "gray4" ? [
            .. Values.Select(value => value & 15),
        ] : Values;
        var file = kind.StartsWith("gray1", StringComparison.Ordinal)
            && kind.Length == 5 ? Write(PngWriter.Gray, 1, values)
            : kind is "gray4" ? Write(PngWriter.Gray, 4, values)
            : IndexFile(kind, values);
        Assert.Contains("LabelEncoding = LabelEncoding.Indices", Fault(Auto, file), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rgb")]
    [InlineData("rgba")]
    [InlineData("rgb16")]
    [InlineData("ramp palette")]
    public void Indices_in_colours_of_another_palette_are_an_error_that_names_the_option_that_fits(string kind)
    {
        var message = Fault(Auto, IndexFile(kind, Values));
        var value = kind == "rgb16" ? "the gray level or colour 1" : "the colour (1, 1, 1)";
        Assert.Contains($"row 0, column 1 has {value}", message, StringComparison.Ordinal);
        Assert.Matches(@"\d+(\.\d)? % of the label is unknown", message);
        Assert.Contains("set LabelEncoding = LabelEncoding.Indices", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Colours_are_read_from_palette_files_and_rgb_whatever_their_alpha()
    {
        int[] rgb = [.. Classes.SelectMany(value => Colors.Skip(3 * value).Take(3)).Select(value => (int)value)];
        int[] rgba =
        [
            .. Classes.SelectMany((value, i) => Colors.Skip(3 * value).Take(3).Append((byte)(i % 3 * 127)))
                .Select(value => (int)value),
        ];
        foreach (var palette in new[] { Auto, ByColor })
        {
            Assert.Equal(Classes, Decode(palette, Write(PngWriter.Rgb, 8, rgb)));
            Assert.Equal(Classes, Decode(palette, Write(PngWriter.Rgba, 8, rgba)));
            Assert.Equal(Classes, Decode(palette, Write(PngWriter.Rgb, 16, [.. rgb.Select(value => value * 257)])));
            Assert.Equal(Classes, Decode(palette, Write(PngWriter.Palette, 8, Values, Colors)));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Colours_count_and_not_their_place_in_the_palette_of_a_file(bool interlaced)
    {
        byte[] reversed = [.. Enumerable.Range(0, 256).SelectMany(i => Colors[(3 * (255 - i))..(3 * (256 - i))])];
        int[] indices = [.. Values.Select(value => 255 - value)];
        byte[] reordered = interlaced
            ? InterlacedPng.Write(Width, Height, PngWriter.Palette, 8, indices, reversed)
            : Write(PngWriter.Palette, 8, indices, reversed);
        Assert.Equal(Classes, Decode(Auto, reordered));
        // Few colours in few bits, some of them transparent.
        int[] few = [.. Values.Select(value => value % 16)];
        byte[] small = PngWriter.Write(Width, Height, PngWriter.Palette, 4, few, Colors.AsSpan(0, 48), [0, 99, 255, 0]);
        foreach (var palette in new[] { Auto, ByColor, Indices })
            Assert.Equal(few.Select(value => (byte)value), Decode(palette, small));
    }

    [Fact]
    public void Colours_of_an_annotation_tool_are_an_error_until_its_palette_is_given()
    {
        // As the list of colours that such a tool writes beside its labels.
        using var folder = new TempFolder();
        var list = Path.Combine(folder.Path, "labelmap.txt");
        File.WriteAllText(
            list, "# label:color_rgb:parts:actions\nbackground:0,0,0::\nroad:250,50,83::\ncar:51,221,255::\n");
        byte[][] colors = [[0, 0, 0], [250, 50, 83], [51, 221, 255]];
        byte[] classes = [.. Classes.Select(value => (byte)(value % 3))];
        int[] rgb = [.. classes.SelectMany(value => colors[value]).Select(value => (int)value)];
        var message = Fault(Auto, Write(PngWriter.Rgb, 8, rgb));
        Assert.Contains("row 0, column 1 has the colour (250, 50, 83)", message, StringComparison.Ordinal);
        Assert.Contains("take the palette that it was drawn with", message, StringComparison.Ordinal);
        var own = SegmentationPalette.FromFile(list);
        Assert.Equal(classes, Decode(own, Write(PngWriter.Rgb, 8, rgb)));
        byte[] palette = [.. colors.SelectMany(color => color)];
        int[] indices = [.. classes.Select(value => (int)value)];
        Assert.Equal(classes, Decode(own, Write(PngWriter.Palette, 2, indices, palette)));
    }

    [Fact]
    public void A_palette_index_without_a_colour_is_unknown_and_not_the_last_colour()
    {
        var file = Write(PngWriter.Palette, 8, Values, Colors.AsSpan(0, 63));
        var message = Fault(Auto, file);
        Assert.Contains(
            "row 0, column 6 has the palette index 255, and the file's palette has no colour for it",
            message,
            StringComparison.Ordinal);
        Assert.Contains("LabelEncoding.Indices", message, StringComparison.Ordinal);
        Assert.Equal(Classes, Decode(Auto with { UnknownColor = UnknownColor.Ignore }, file));
        Assert.Equal(Classes, Decode(Indices, file));
    }

    [Fact]
    public void Black_and_white_masks_are_alike_as_gray_palette_and_rgb()
    {
        byte[] classes = [.. Classes.Select(value => (byte)(value & 1))];
        int[] mask = [.. classes.Select(value => 255 * value)];
        Assert.Equal(classes, Decode(BlackWhite, Write(PngWriter.Gray, 8, mask)));
        Assert.Equal(
            classes,
            Decode(BlackWhite, Write(PngWriter.Rgb, 8, [.. mask.SelectMany(value => new[] { value, value, value })])));
        Assert.Equal(classes, Decode(BlackWhite, Write(PngWriter.Palette, 1, [.. classes], [0, 0, 0, 255, 255, 255])));
        Assert.Equal(
            classes,
            Decode(BlackWhite with { LabelEncoding = LabelEncoding.Colors }, Write(PngWriter.Gray, 1, [.. classes])));
    }

    [Fact]
    public void Gray_that_is_not_only_black_and_white_holds_indices_whatever_rows_are_wanted()
    {
        int[] values = [.. Classes.Select((_, i) => i < Width ? 255 * (i % 2) : i % 2)];
        var file = files.Load(Write(PngWriter.Gray, 8, values));
        var first = new byte[Width];
        new LabelDecoder(BlackWhite).DecodeClassIndex(file, new(Height, Width), 0, 1, first);
        // 255 is the ignore index, for a row further down has a 1.
        Assert.Equal(values.Take(Width).Select(value => (byte)value), first);
    }

    [Theory]
    [InlineData(PngWriter.Gray, 8, 21)]
    [InlineData(PngWriter.Gray, 16, 300)]
    [InlineData(PngWriter.Gray, 16, 65535)]
    public void An_index_beyond_the_classes_is_an_error_with_its_place(int colorType, int depth, int value)
    {
        int[] values = [.. Values];
        values[2 * Width + 33] = value;
        var message = Fault(Indices, Write(colorType, depth, values));
        Assert.Contains($"row 2, column 33 has the class index {value}", message, StringComparison.Ordinal);
        Assert.Contains(value > 255 ? "at most 255" : "21 classes", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Colours_that_are_no_indices_are_named_where_indices_are_wanted()
    {
        int[] rgb = [.. Classes.SelectMany(value => Colors.Skip(3 * value).Take(3)).Select(value => (int)value)];
        var message = Fault(Indices, Write(PngWriter.Rgb, 8, rgb));
        Assert.Contains("whose values are not equal", message, StringComparison.Ordinal);
        Assert.Contains("LabelEncoding.Colors", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Colours_of_another_palette_ask_for_it_where_indices_are_wanted()
    {
        // The first unknown pixel is gray and might be an index; the one behind it is not.
        int[] rgb = new int[3 * Width * Height];
        rgb.AsSpan(0, 3).Fill(128);
        rgb[3] = 250;
        var message = Fault(Indices, Write(PngWriter.Rgb, 8, rgb));
        Assert.Contains("row 0, column 0 has the class index 128", message, StringComparison.Ordinal);
        Assert.Contains("The file holds colours: take the palette", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_lossy_format_cannot_hold_a_label()
    {
        Assert.Contains("JPEG", Fault(Auto, TinyJpegs.Gray, new(16, 32)), StringComparison.Ordinal);
        Assert.Contains(
            "JPEG",
            Fault(Auto with { UnknownColor = UnknownColor.Ignore }, TinyJpegs.Gray, new(16, 32)),
            StringComparison.Ordinal);
        using var bitmap = new SkiaSharp.SKBitmap(8, 8);
        using var webp = bitmap.Encode(SkiaSharp.SKEncodedImageFormat.Webp, 80);
        Assert.Contains("lossy WebP", Fault(Auto, webp.ToArray(), new(8, 8)), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_way_over_colours_and_the_lookup_gives_the_same_classes_and_errors(string kind)
    {
        var size = new ImageSize(Height, Width);
        SegmentationPalette[] palettes =
            [Auto, Indices, ByColor, SegmentationPalette.VocTextbook, Indices with { IgnoreColors = [] }];
        foreach (var palette in palettes)
        {
            var file = files.Load(IndexFile(kind, Values));
            var classes = new byte[size.Pixels];
            var colors = new byte[4 * size.Pixels];
            var direct = Record.Exception(
                () => new LabelDecoder(palette).DecodeClassIndex(file, size, 0, Height, classes));
            var byColors = Record.Exception(
                () => new LabelDecoder(palette).DecodeColors(file, size, 0, Height, colors));
            Assert.Equal(direct?.Message, byColors?.Message);
            if (direct is null)
                Assert.Equal(classes, ColorLookups.ClassIndex(palette, colors));
        }
    }

    [Fact]
    public void Foreground_is_noticed_once_it_was_seen()
    {
        var decoder = new LabelDecoder(Auto);
        Decode(decoder, Write(PngWriter.Gray, 8, [.. Values.Select(value => value == 255 ? 255 : 0)]));
        Assert.False(decoder.SawForeground);
        Decode(decoder, Write(PngWriter.Gray, 8, Values));
        Assert.True(decoder.SawForeground);
    }

    private static byte[] IndexFile(string kind, int[] values, bool interlaced = false) =>
        IndexFiles.Write(kind, Width, values, interlaced);

    private static byte[] Write(int colorType, int depth, int[] samples, ReadOnlySpan<byte> palette = default) =>
        PngWriter.Write(Width, Height, colorType, depth, samples, palette);

    private byte[] Decode(SegmentationPalette palette, byte[] bytes) => Decode(new LabelDecoder(palette), bytes);

    private byte[] Decode(LabelDecoder decoder, byte[] bytes)
    {
        var classIndex = new byte[Width * Height];
        decoder.DecodeClassIndex(files.Load(bytes), new(Height, Width), 0, Height, classIndex);
        return classIndex;
    }

    private string Fault(SegmentationPalette palette, byte[] bytes, ImageSize? size = null)
    {
        var (height, width) = size is { } own ? (own.Height, own.Width) : (Height, Width);
        var error = Assert.Throws<DatasetException>(() => new LabelDecoder(palette).DecodeClassIndex(
            files.Load(bytes), new(height, width), 0, height, new byte[height * width]));
        Assert.Equal(files.Path, error.Path);
        return error.Message;
    }
}
