namespace VocSeg.Torch.Tests.Catalog;

public sealed class CatalogStatisticsTests : IDisposable
{
    private static readonly SegmentationPalette Palette = new(
        [new(0, 0, 0), new(1, 1, 1), new(2, 2, 2), new(3, 3, 3)], ["sky", "road", "car", "never"])
    {
        LabelEncoding = LabelEncoding.Indices,
    };

    private readonly PairFolder set = new();
    private readonly SampleCatalog catalog;

    public CatalogStatisticsTests()
    {
        set
            .Add("i/a.png", "l/a.png", 1, 6, 8)
            .Add("i/b.jpg", "l/b.png", 2, 17, 9, classes: 2)
            .Add("i/c.png", "l/c.png", 3, 5, 31);
        set.Label("l/c.png", 5, 31, (row, _) => row == 0 ? 255 : 2);
        catalog = SampleCatalog.FromFolders(set["i"], set["l"]);
    }

    public void Dispose() => set.Dispose();

    [Fact]
    public void They_equal_plain_loops_over_whole_images_regions_tiles_and_repeats()
    {
        SampleCatalog[] catalogs =
        [
            catalog,
            catalog.Repeat(3),
            catalog.Tiles((4, 5), (2, 3)),
            catalog.Select(sample => sample with { Region = new(2, 3, (4, 100)) }),
        ];
        foreach (var each in catalogs)
            RequireEqual(each, CatalogStatistics.Measure(each, Palette));
    }

    [Fact]
    public void Tiles_without_overlap_give_the_statistics_of_the_whole()
    {
        var (whole, tiles) = (
            CatalogStatistics.Measure(catalog, Palette), CatalogStatistics.Measure(catalog.Tiles((4, 4)), Palette));
        Assert.Equal(whole.Pixels, tiles.Pixels);
        Assert.Equal(whole.Mean, tiles.Mean);
        Assert.Equal(whole.Std, tiles.Std);
        Assert.Equal(whole.ClassPixels, tiles.ClassPixels);
    }

    [Fact]
    public void Any_number_of_threads_gives_the_same_numbers()
    {
        var one = CatalogStatistics.Measure(
            SampleCatalog.FromFolders(set["i"], set["l"], null, new() { Parallelism = 1 }), Palette);
        var many = CatalogStatistics.Measure(
            SampleCatalog.FromFolders(set["i"], set["l"], null, new() { Parallelism = 7 }), Palette);
        Assert.Equal(one.Mean, many.Mean);
        Assert.Equal(one.Std, many.Std);
    }

    [Fact]
    public void A_normalization_follows_from_them()
    {
        var statistics = CatalogStatistics.Measure(catalog, Palette);
        Assert.Equal(
            new Normalization(statistics.Mean.Select(mean => (float)mean), statistics.Std.Select(std => (float)std)),
            statistics.Normalization);

        set.Bytes("flat.png", PngWriter.Write(2, 2, PngWriter.Gray, 8, [7, 7, 7, 7]));
        var flat = CatalogStatistics.Measure(SampleCatalog.FromPairs([("flat", set["flat.png"], null)]));
        Assert.Equal([0.0, 0.0, 0.0], flat.Std);
        Assert.Equal(7 / 255.0, flat.Mean[0]);
        Assert.Contains(
            "same value",
            Assert.Throws<InvalidOperationException>(() => flat.Normalization).Message,
            StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => flat.GrayNormalization);
    }

    [Fact]
    public void Samples_that_show_a_class_are_selected_by_its_pixels()
    {
        var tiles = catalog.Tiles((4, 4));
        var statistics = CatalogStatistics.Measure(tiles, Palette);
        var shown = tiles.Where(tile => statistics.PixelsOf(tile)[1] > 0);
        Assert.InRange(shown.Samples.Count, 1, tiles.Samples.Count - 1);
        Assert.Equal(
            tiles.Samples.Where(tile => tile.ReadClassIndex(Palette).Contains((byte)1)).Select(tile => tile.Id),
            shown.Samples.Select(tile => tile.Id));
        Assert.Contains(
            "'a'",
            Assert.Throws<ArgumentException>(() => statistics.PixelsOf(catalog.Samples[0])).Message,
            StringComparison.Ordinal);
        // Another part has another number of pixels, under the same id.
        var first = tiles.Samples[0];
        foreach (var other in new[] { first with { Region = null }, first with { Region = new(0, 0, (1, 1)) } })
        {
            Assert.Contains(
                "another part",
                Assert.Throws<ArgumentException>(() => statistics.PixelsOf(other)).Message,
                StringComparison.Ordinal);
        }
        var unlabelled = SampleCatalog.FromFolders(set["i"], null);
        Assert.Equal([0, 0, 0, 0], CatalogStatistics.Measure(unlabelled, Palette).PixelsOf(unlabelled.Samples[0]));
    }

    [Fact]
    public void Class_weights_follow_their_formulas()
    {
        using var own = new PairFolder();
        // Two images of 8 pixels: class 0 has 6 + 2 of them, class 1 has 2, class 2 has 4, and 2 are ignored.
        own.Add("i/a.png", null, 1, 2, 4).Add("i/b.png", null, 2, 2, 4);
        own.Label("l/a.png", 2, 4, (row, column) => row == 1 && column > 1 ? 1 : 0);
        own.Label("l/b.png", 2, 4, (row, column) => row == 0 ? 2 : column < 2 ? 0 : 255);
        var statistics = CatalogStatistics.Measure(SampleCatalog.FromFolders(own["i"], own["l"]), Palette);
        Assert.Equal([8, 2, 4, 0], statistics.ClassPixels);
        Assert.Equal(2, statistics.IgnoredPixels);
        Assert.Equal([14 / (3 * 8f), 14 / (3 * 2f), 14 / (3 * 4f), 0], statistics.InverseFrequencyWeights());
        // Frequencies among the labelled pixels of the images that show a class: 8 of 14, 2 of 8, 4 of 6. The median is
        // 8 / 14.
        double median = 8 / 14.0;
        Assert.Equal([1, (float)(median / 0.25), (float)(median / (4 / 6.0)), 0], statistics.MedianFrequencyWeights());
        Assert.Equal(
            14,
            statistics.InverseFrequencyWeights().Zip(statistics.ClassPixels, (weight, pixels) => weight * pixels).Sum(),
            1e-5);
    }

    [Fact]
    public void The_median_of_an_even_number_of_classes_lies_between_the_middle_two()
    {
        using var own = new PairFolder();
        own.Add("i/a.png", null, 1, 2, 4).Label("l/a.png", 2, 4, (row, column) => row == 1 && column > 1 ? 1 : 0);
        var statistics = CatalogStatistics.Measure(SampleCatalog.FromFolders(own["i"], own["l"]), Palette);
        Assert.Equal([(float)(0.5 / 0.75), 2, 0, 0], statistics.MedianFrequencyWeights());
    }

    [Fact]
    public void Sizes_are_those_of_samples_or_regions()
    {
        var statistics = CatalogStatistics.Measure(
            catalog.Concat(catalog.Where(sample => sample.Id == "a").Select(sample => sample with { Id = "again" })),
            Palette);
        Assert.Equal([(new ImageSize(5, 31), 1), (new(6, 8), 2), (new(17, 9), 1)], statistics.Sizes);
        Assert.Equal(((ImageSize)(5, 8), (ImageSize)(17, 31)), (statistics.Smallest, statistics.Largest));
        Assert.Equal(
            (3, 1, 0),
            (statistics.CountHolding((6, 8)), statistics.CountHolding((5, 30)), statistics.CountHolding((18, 1))));
        Assert.Equal(4, statistics.CountHolding(statistics.Smallest));
        Assert.Equal(
            [((ImageSize)(4, 4), 20)],
            CatalogStatistics.Measure(catalog.Where(sample => sample.Id != "b").Tiles((4, 4)), Palette).Sizes);
    }

    [Fact]
    public void Without_labels_there_are_no_class_pixels()
    {
        var statistics = CatalogStatistics.Measure(SampleCatalog.FromFolders(set["i"], null), Palette);
        Assert.Equal((0, 0), (statistics.ClassPixels.Sum(), statistics.IgnoredPixels));
        Assert.Equal(6 * 8 + 17 * 9 + 5 * 31, statistics.Pixels);
        Assert.Equal([0, 0, 0, 0], statistics.InverseFrequencyWeights());
        Assert.Equal([0, 0, 0, 0], statistics.MedianFrequencyWeights());
    }

    [Fact]
    public void Faults_are_named_all_at_once_progress_ends_and_cancellation_stops()
    {
        var seen = new Counter();
        CatalogStatistics.Measure(catalog.Tiles((3, 3)), Palette, seen);
        Assert.Equal([(1, 3), (2, 3), (3, 3)], seen.Reports.Order());
        Assert.ThrowsAny<OperationCanceledException>(
            () => CatalogStatistics.Measure(catalog, Palette, null, new(true)));

        set.Label("l/a.png", 6, 8, (_, _) => 77);
        set.Bytes("i/c.png", [1, 2, 3]);
        var error = Assert.Throws<DatasetException>(() => CatalogStatistics.Measure(catalog, Palette));
        Assert.Contains("2 of the 3 pairs", error.Message, StringComparison.Ordinal);
        Assert.Contains("class index 77", error.Message, StringComparison.Ordinal);
        Assert.Contains(set["i/c.png"], error.Message, StringComparison.Ordinal);
        Assert.Equal("a", error.SampleId);
    }

    private static void RequireEqual(SampleCatalog catalog, CatalogStatistics statistics)
    {
        var values = new List<double>[] { [], [], [] };
        var lumas = new List<double>();
        var classes = new long[256];
        foreach (var sample in catalog.Samples)
        {
            var whole = sample with { Region = null };
            var (pixels, labels) = (whole.ReadImage(), whole.ReadClassIndex(Palette));
            var own = sample.ReadClassIndex(Palette);
            Assert.Equal(
                Enumerable.Range(0, Palette.ClassCount).Select(index => own.Count(value => value == index)),
                statistics.PixelsOf(sample));
            for (var row = 0; row < sample.Size.Height; row++)
            {
                for (var column = 0; column < sample.Size.Width; column++)
                {
                    if (
                        sample.Region is { } part && (
                            row < part.Top || row >= part.Top + part.Size.Height || column < part.Left
                                || column >= part.Left + part.Size.Width))
                        continue;
                    var at = row * sample.Size.Width + column;
                    classes[labels[at]]++;
                    for (var channel = 0; channel < 3; channel++)
                        values[channel].Add(pixels[4 * at + channel] / 255.0);
                    lumas.Add((0.299 * pixels[4 * at] + 0.587 * pixels[4 * at + 1] + 0.114 * pixels[4 * at + 2]) / 255);
                }
            }
        }
        Assert.Equal(values[0].Count, statistics.Pixels);
        Assert.Equal(classes[..Palette.ClassCount], statistics.ClassPixels);
        Assert.Equal(classes[255], statistics.IgnoredPixels);
        for (var channel = 0; channel < 3; channel++)
        {
            var mean = values[channel].Average();
            Assert.Equal(mean, statistics.Mean[channel], 1e-13);
            Assert.Equal(
                Math.Sqrt(values[channel].Average(value => (value - mean) * (value - mean))),
                statistics.Std[channel],
                1e-13);
        }
        var gray = lumas.Average();
        Assert.All(statistics.GrayNormalization.Mean, mean => Assert.Equal(gray, mean, 1e-7));
        Assert.All(statistics.GrayNormalization.Std, std => Assert.Equal(
            Math.Sqrt(lumas.Average(luma => (luma - gray) * (luma - gray))), std, 1e-7));
    }
}
