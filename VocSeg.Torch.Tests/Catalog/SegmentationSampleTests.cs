namespace VocSeg.Torch.Tests.Catalog;

public sealed class SegmentationSampleTests
{
    [Fact]
    public void Photo_and_label_are_decoded_whole()
    {
        using var tree = new VocTree().Add("a", 30, 50);
        var sample = Assert.Single(tree.Open().Samples);
        var image = sample.ReadImage();
        Assert.Equal(30 * 50 * 4, image.Length);
        var gradient = VocTree.Gradient(30, 50);
        Assert.InRange(image[(29 * 50 + 49) * 4] - gradient(29, 49).Red, -12, 12);
        var classes = sample.ReadClassIndex();
        for (var row = 0; row < 30; row++)
        {
            for (var column = 0; column < 50; column++)
            {
                Assert.True(SegmentationPalette.Voc.TryGetClassIndex(VocTree.Stripes(row, column), out var expected));
                Assert.Equal(expected, classes[row * 50 + column]);
            }
        }
    }

    [Fact]
    public void Of_a_tile_its_own_pixels_are_decoded_and_ignored_beyond_the_image()
    {
        using var set = new PairFolder();
        set.Add("i/a.png", "l/a.png", height: 6, width: 8);
        var palette = SegmentationPalette.FromNames("a", "b", "c") with { IgnoreIndex = 200 };
        var whole = SampleCatalog.FromFolders(set["i"], set["l"]).Samples[0];
        foreach (var part in (SampleRegion[])[new(1, 2, (3, 4)), new(4, 5, (9, 7)), new(0, 0, (6, 8))])
        {
            var tile = whole with { Region = part };
            var (rgba, classes) = (tile.ReadImage(), tile.ReadClassIndex(palette));
            var (allRgba, all) = (whole.ReadImage(), whole.ReadClassIndex(palette));
            Assert.Equal((part.Size.Pixels * 4, part.Size.Pixels), (rgba.Length, classes.Length));
            for (var at = 0; at < classes.Length; at++)
            {
                var (row, column) = (part.Top + at / part.Size.Width, part.Left + at % part.Size.Width);
                var isInside = row < 6 && column < 8;
                Assert.Equal(isInside ? all[row * 8 + column] : 200, classes[at]);
                for (var channel = 0; channel < 3; channel++)
                    Assert.Equal(isInside ? allRgba[4 * (row * 8 + column) + channel] : 0, rgba[4 * at + channel]);
            }
            Assert.All((tile with { LabelPath = null }).ReadClassIndex(palette), index => Assert.Equal(200, index));
        }
    }

    [Fact]
    public void A_gray_label_holds_class_indices()
    {
        using var tree = new VocTree().Add("a", 2, 3);
        File.WriteAllBytes(tree.LabelPath("a"), PngWriter.Write(3, 2, PngWriter.Gray, 8, [0, 1, 20, 255, 2, 200]));
        var sample = Assert.Single(tree.Open().Samples);
        Assert.Equal(
            [0, 1, 20, 255, 2, 255],
            sample.ReadClassIndex(SegmentationPalette.Voc with { UnknownColor = UnknownColor.Ignore }));
        Assert.Contains(
            "class index 200",
            Assert.Throws<DatasetException>(() => sample.ReadClassIndex()).Message,
            StringComparison.Ordinal);
        // The textbook ignores nothing.
        Assert.Equal([0, 1, 20, 0, 2, 0], sample.ReadClassIndex(SegmentationPalette.VocTextbook));
    }

    [Fact]
    public void Faults_name_file_and_sample()
    {
        using var tree = new VocTree().Add("a", 8, 8);
        var sample = Assert.Single(tree.Open().Samples);
        VocTree.WriteLabel(tree.LabelPath("a"), 8, 8, (_, _) => new(1, 2, 3));
        var strict = SegmentationPalette.Voc with { UnknownColor = UnknownColor.Error };
        var unknown = Assert.Throws<DatasetException>(() => sample.ReadClassIndex(strict));
        Assert.Equal((tree.LabelPath("a"), "a"), (unknown.Path, unknown.SampleId));
        File.WriteAllText(tree.ImagePath("a"), "no picture");
        var broken = Assert.Throws<DatasetException>(() => sample.ReadImage());
        Assert.Equal((tree.ImagePath("a"), "a"), (broken.Path, broken.SampleId));
    }
}
