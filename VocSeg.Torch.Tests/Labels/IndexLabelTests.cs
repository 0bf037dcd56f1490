
namespace VocSeg.Torch.Tests.Labels;

/// <summary>Labels whose samples are class indices, as those of SBD: told by the file, which is 8-bit gray.</summary>
public sealed class IndexLabelTests
{
    private static readonly int[] Samples = [.. Enumerable.Range(0, 21), 255, 21, 128];
    private static readonly SegmentationPalette Lenient =
        SegmentationPalette.Voc with { UnknownColor = UnknownColor.Ignore };
    private static readonly SegmentationPalette Strict = SegmentationPalette.Voc;

    [Fact]
    public void The_samples_are_the_classes_and_255_is_ignored()
    {
        Assert.Equal(
            [.. Enumerable.Range(0, 21).Select(value => (byte)value), 255, 255, 255], Decode(Lenient, Samples));
        Assert.Equal(
            [.. Enumerable.Range(0, 21).Select(value => (byte)value), 0, 0, 0],
            Decode(SegmentationPalette.VocTextbook, Samples));
        Assert.Equal(
            [.. Enumerable.Range(0, 21).Select(value => (byte)value), 99, 99, 99],
            Decode(Lenient with { IgnoreIndex = 99 }, Samples));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_unknown_index_is_an_error_where_an_unknown_color_is(bool asColors)
    {
        var error = Assert.Throws<DatasetException>(() => Decode(Strict, Samples, asColors));
        Assert.Contains("row 3, column 4 has the class index 21", error.Message, StringComparison.Ordinal);
        Assert.Equal(255, Decode(Strict, [.. Samples[..22], 0, 0], asColors)[21]);
    }

    [Fact]
    public void As_colors_they_mean_the_same_to_the_table()
    {
        foreach (var palette in new[] { Lenient, SegmentationPalette.VocTextbook, Lenient with { IgnoreIndex = 99 } })
            Assert.Equal(Decode(palette, Samples), Decode(palette, Samples, asColors: true));
    }

    [Fact]
    public void A_file_of_colors_is_read_by_its_colors_with_the_same_decoder()
    {
        var decoder = new LabelDecoder(SegmentationPalette.Voc);
        var gray = PngWriter.Write(6, 4, PngWriter.Gray, 8, [.. Samples[..21], 0, 0, 7]);
        var colors = PngWriter.WriteLabels(6, 4, [.. new byte[23], 1], [0, 0, 0, 128, 128, 128]);
        // (128, 128, 128) is class 7.
        Assert.Equal(7, Decode(decoder, gray)[23]);
        Assert.Equal(7, Decode(decoder, colors)[23]);
        Assert.Equal(7, Decode(decoder, gray)[23]);
        Assert.Equal(1, Decode(decoder, gray)[1]);
    }

    [Fact]
    public void An_interlaced_file_of_indices_is_one_too()
    {
        var file = PngWriter.Write(1, 1, PngWriter.Gray, 8, [7]);
        using var header = new MemoryStream();
        PngWriter.WriteChunk(header, "IHDR"u8, [.. file[16..28], 1]);
        header.ToArray().CopyTo(file, 8);
        var classIndex = new byte[1];
        var colors = new byte[4];
        WithFile(file, read =>
        {
            new LabelDecoder(SegmentationPalette.Voc).DecodeClassIndex(read, new(1, 1), 0, 1, classIndex);
            new LabelDecoder(SegmentationPalette.Voc).DecodeColors(read, new(1, 1), 0, 1, colors);
        });
        Assert.Equal(7, classIndex[0]);
        Assert.Equal(SegmentationPalette.Voc.Colors[7], new RgbColor(colors[0], colors[1], colors[2]));
    }

    [Fact]
    public void A_split_with_its_own_labels_is_loaded()
    {
        using var tree = new VocTree().Add("a", 4, 6).WriteList("trainaug", ["a"]);
        Catalog.VerifyTests.WriteIndexLabel(tree, "a", Samples);
        // The usual folder need not be there.
        Directory.Delete(Path.Combine(tree.Root, "SegmentationClass"), recursive: true);
        var catalog = SampleCatalog.FromVoc(tree.Root, "trainaug", new() { LabelFolder = "SegmentationClassAug" });
        Assert.Equal(
            Path.Combine(tree.Root, "SegmentationClassAug", "a.png"), Assert.Single(catalog.Samples).LabelPath);
    }

    [Fact]
    public void A_label_folder_that_is_not_there_is_named()
    {
        using var tree = new VocTree().Add("a", 4, 6);
        var error = Assert.Throws<DatasetException>(
            () => SampleCatalog.FromVoc(tree.Root, "train", new() { LabelFolder = "SegmentationClassAug" }));
        Assert.Contains("SegmentationClassAug", error.Message, StringComparison.Ordinal);
    }

    private static byte[] Decode(SegmentationPalette palette, int[] samples, bool asColors = false)
    {
        var file = PngWriter.Write(6, 4, PngWriter.Gray, 8, samples);
        if (!asColors)
            return Decode(new LabelDecoder(palette), file);
        var colors = new byte[6 * 4 * 4];
        WithFile(file, read => new LabelDecoder(palette).DecodeColors(read, new(4, 6), 0, 4, colors));
        return ColorLookups.ClassIndex(palette, colors);
    }

    private static byte[] Decode(LabelDecoder decoder, byte[] file)
    {
        var classIndex = new byte[24];
        WithFile(file, read => decoder.DecodeClassIndex(read, new(4, 6), 0, 4, classIndex));
        return classIndex;
    }

    private static void WithFile(byte[] bytes, Action<EncodedFile> use)
    {
        using var folder = new TempFolder();
        File.WriteAllBytes(folder["label.png"], bytes);
        var file = new EncodedFile();
        file.Read(folder["label.png"]);
        use(file);
    }
}
