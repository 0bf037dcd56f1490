namespace VocSeg.Torch.Tests.Labels;

/// <summary>The palettes that come with the library, each on small labels as its data set has them.</summary>
public sealed class BuiltInPaletteTests
{
    private const byte Ignored = 255;

    public static TheoryData<string, int> BuiltIn => new()
    {
        { nameof(SegmentationPalette.Voc), 21 },
        { nameof(SegmentationPalette.VocTextbook), 21 },
        { nameof(SegmentationPalette.Binary), 2 },
        { nameof(SegmentationPalette.Cityscapes), 19 },
        { nameof(SegmentationPalette.CamVid), 11 },
        { nameof(SegmentationPalette.Ade20k), 150 },
    };

    [Theory]
    [MemberData(nameof(BuiltIn))]
    public void Every_one_has_its_number_of_classes_and_each_colour_comes_back_by_the_lookup(string name, int classes)
    {
        var palette = (SegmentationPalette)typeof(SegmentationPalette).GetProperty(name)!.GetValue(null)!;
        Assert.Equal(classes, palette.ClassCount);
        var colors = palette.ColorOfClass.SelectMany(color => BitConverter.GetBytes(color)).ToArray();
        var back = ColorLookups.ClassIndex(palette, colors);
        Assert.Equal(Enumerable.Range(0, classes).Select(index => (byte)index), back[..classes]);
        if (palette.MayIgnore)
            Assert.All(back[classes..], index => Assert.Equal(palette.IgnoreIndex, index));
        Assert.Equal(palette, palette with { });
    }

    [Fact]
    public void Binary_makes_0_and_255_the_classes_0_and_1_in_every_kind_of_file()
    {
        var binary = SegmentationPalette.Binary;
        byte[] expected = [0, 1, 1, 0, 1, 0];
        int[] mask = [.. expected.Select(index => 255 * index)];
        foreach (var kind in new[] { "gray8", "gray8+alpha", "rgb", "rgba", "ramp palette" })
            Assert.Equal(expected, DecodedLabels.Decode(binary, IndexFiles.Write(kind, 3, mask), 3));
        foreach (var kind in new[] { "gray16", "gray16+alpha", "rgb16" })
            Assert.Equal(expected, DecodedLabels.Decode(binary, IndexFiles.Write(kind, 3, [.. mask.Select(value => 257 * value)]), 3));
        int[] bits = [.. expected];
        Assert.Equal(expected, DecodedLabels.Decode(binary, PngWriter.Write(3, 2, PngWriter.Gray, 1, bits), 3));
        Assert.Equal(expected, DecodedLabels.Decode(binary, PngWriter.Write(3, 2, PngWriter.Palette, 1, bits, [0, 0, 0, 255, 255, 255]), 3));
        Assert.Equal(expected.Select(index => (byte)(1 - index)), DecodedLabels.Decode(binary, PngWriter.Write(3, 2, PngWriter.Palette, 1, bits, [255, 255, 255, 0, 0, 0]), 3));
    }

    [Fact]
    public void Binary_refuses_masks_of_0_and_1_and_names_the_option_that_reads_them()
    {
        var file = IndexFiles.Write("gray8", 3, [0, 1, 255]);
        var message = DecodedLabels.Fault(SegmentationPalette.Binary, file, 3);
        Assert.Contains("column 1 has the colour (1, 1, 1)", message, StringComparison.Ordinal);
        Assert.Contains("set LabelEncoding = LabelEncoding.Indices", message, StringComparison.Ordinal);
        Assert.Equal([0, 1, Ignored], DecodedLabels.Decode(SegmentationPalette.Binary with { LabelEncoding = LabelEncoding.Indices }, file, 3));
    }

    [Fact]
    public void Shades_of_gray_are_split_by_ranges()
    {
        var split = SegmentationPalette.Binary with
        {
            LabelEncoding = LabelEncoding.Indices,
            IndexMap = IndexMap.FromRanges((0, 127, 0), (128, 255, 1)),
        };
        Assert.Equal([0, 0, 1, 1], DecodedLabels.Decode(split, IndexFiles.Write("gray8", 2, [0, 127, 128, 255]), 2));
    }

    [Fact]
    public void Cityscapes_label_ids_become_its_train_ids()
    {
        // Id after id from 0 to 33, as the data set's own table has them.
        byte[] trainIds =
        [
            255, 255, 255, 255, 255, 255, 255, 0, 1, 255, 255, 2, 3, 4, 255, 255, 255, 5, 255, 6, 7, 8, 9, 10, 11, 12, 13,
            14, 15, 255, 255, 16, 17, 18,
        ];
        var file = IndexFiles.Write("gray8", 17, [.. Enumerable.Range(0, 34)]);
        Assert.Equal(trainIds, DecodedLabels.Decode(SegmentationPalette.Cityscapes, file, 17));
        Assert.Equal("road", SegmentationPalette.Cityscapes.ClassNames[0]);
        Assert.Equal("bicycle", SegmentationPalette.Cityscapes.ClassNames[18]);
        Assert.Equal(new RgbColor(0, 80, 100), SegmentationPalette.Cityscapes.Colors[16]);
        Assert.Contains("the value 34, which", DecodedLabels.Fault(SegmentationPalette.Cityscapes, IndexFiles.Write("gray8", 1, [34]), 1), StringComparison.Ordinal);
        var trained = SegmentationPalette.Cityscapes with { IndexMap = null };
        Assert.Equal([0, 18, Ignored], DecodedLabels.Decode(trained, IndexFiles.Write("gray8", 3, [0, 18, 255]), 3));
    }

    [Fact]
    public void Instance_ids_of_16_bits_become_classes_by_ranges()
    {
        var palette = SegmentationPalette.FromNames("person", "car") with
        {
            IndexMap = IndexMap.FromRanges((24, 24, 0), (24000, 24999, 0), (26, 26, 1), (26000, 26999, 1)).WithRest(IndexMap.Ignore),
        };
        var file = IndexFiles.Write("gray16", 3, [24, 24017, 26000, 26999, 7, 65535]);
        Assert.Equal([0, 0, 1, 1, Ignored, Ignored], DecodedLabels.Decode(palette, file, 3));
    }

    [Fact]
    public void Camvid_is_read_by_its_32_colours_and_by_index()
    {
        var palette = SegmentationPalette.CamVid;
        (int Red, int Green, int Blue, byte Class)[] labels =
        [
            (64, 128, 64, 9), (192, 0, 128, 1), (0, 128, 192, 10), (0, 128, 64, 1), (128, 0, 0, 1), (64, 0, 128, 8),
            (64, 0, 192, 9), (192, 128, 64, 9), (192, 192, 128, 2), (64, 64, 128, 7), (128, 0, 192, 3), (192, 0, 64, 3),
            (128, 128, 64, 6), (192, 0, 192, 10), (128, 64, 64, 8), (64, 192, 128, 4), (64, 64, 0, 9), (128, 64, 128, 3),
            (128, 128, 192, 4), (0, 0, 192, 4), (192, 128, 128, 6), (128, 128, 128, 0), (64, 128, 192, 8), (0, 0, 64, 2),
            (0, 64, 64, 6), (192, 64, 128, 8), (128, 128, 0, 5), (192, 128, 192, 8), (64, 0, 64, 1), (192, 192, 0, 5),
            (0, 0, 0, Ignored), (64, 192, 0, 1),
        ];
        var file = PngWriter.Write(8, 4, PngWriter.Rgb, 8, [.. labels.SelectMany(label => new[] { label.Red, label.Green, label.Blue })]);
        Assert.Equal(labels.Select(label => label.Class), DecodedLabels.Decode(palette, file, 8));
        Assert.Equal(["Sky", "Building", "Pole", "Road", "Pavement", "Tree", "SignSymbol", "Fence", "Car", "Pedestrian", "Bicyclist"], palette.ClassNames);
        int[] values = [.. Enumerable.Range(0, 12), 255, 0];
        Assert.Equal([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, Ignored, Ignored, 0], DecodedLabels.Decode(palette, IndexFiles.Write("gray8", 7, values), 7));
        Assert.Contains("the value 12, which", DecodedLabels.Fault(palette, IndexFiles.Write("gray8", 1, [12]), 1), StringComparison.Ordinal);
    }

    [Fact]
    public void Ade20k_ignores_0_and_counts_from_1()
    {
        var palette = SegmentationPalette.Ade20k;
        int[] values = [.. Enumerable.Range(0, 151), 0];
        var classes = DecodedLabels.Decode(palette, IndexFiles.Write("gray8", 8, values), 8);
        Assert.Equal(values.Select(value => (byte)(value - 1)), classes);
        Assert.Contains("the value 151, which", DecodedLabels.Fault(palette, IndexFiles.Write("gray8", 1, [151]), 1), StringComparison.Ordinal);
        Assert.Equal(("wall", new RgbColor(120, 120, 120)), (palette.ClassNames[0], palette.Colors[0]));
        Assert.Equal(("chest of drawers", new RgbColor(6, 51, 255)), (palette.ClassNames[44], palette.Colors[44]));
        Assert.Equal(("flag", new RgbColor(92, 0, 255)), (palette.ClassNames[149], palette.Colors[149]));
    }

    [Fact]
    public void A_folder_of_annotations_is_verified_and_read_by_its_palette()
    {
        using var tree = new VocTree().Add("a", 4, 6).WriteList("train", ["a"]);
        File.WriteAllBytes(tree.LabelPath("a"), IndexFiles.Write("gray8", 6, [.. Enumerable.Range(0, 24)]));
        var catalog = tree.Open();
        Assert.True(catalog.Verify(SegmentationPalette.Ade20k).IsSound);
        Assert.False(catalog.Verify(SegmentationPalette.CamVid).IsSound);
        Assert.Equal([Ignored, .. Enumerable.Range(0, 23).Select(index => (byte)index)], catalog.Samples[0].ReadClassIndex(SegmentationPalette.Ade20k));
    }

    [Fact]
    public void A_gallery_names_and_paints_the_classes_and_hatches_what_is_ignored()
    {
        var palette = SegmentationPalette.CamVid;
        var item = new global::Gallery.GalleryItem("a", Samples.Gray(1, 3), 1, 3) { Label = [10, 4, Ignored] };
        using var folder = new TempFolder();
        global::Gallery.GalleryPage.Write(folder["a.html"], [item], palette, "t");
        var page = File.ReadAllText(folder["a.html"]);
        Assert.Contains("""<i style="background:#0080c0"></i>Bicyclist""", page, StringComparison.Ordinal);
        Assert.Contains("""<i style="background:#0000c0"></i>Pavement""", page, StringComparison.Ordinal);
        Assert.Contains("""<i class="hatch"></i>ignored""", page, StringComparison.Ordinal);
    }
}
