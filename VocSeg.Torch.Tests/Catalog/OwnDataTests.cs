namespace VocSeg.Torch.Tests.Catalog;

/// <summary>
/// Follows the section "Catalogs" of docs/own-data.md to the letter, on small sets of the same shapes.
/// </summary>
public sealed class OwnDataTests : IDisposable
{
    private static readonly SegmentationPalette palette = new(
        Enumerable.Range(0, 34)
            .Select(index => new RgbColor((byte)index, 100, 200)), Enumerable
            .Range(0, 34)
            .Select(index => $"class {index}"))
    {
        LabelEncoding = LabelEncoding.Indices,
    };

    private readonly PairFolder set = new();

    public void Dispose() => set.Dispose();

    [Fact]
    public void CamVid()
    {
        string[] ids = ["0001TP_006690", "0001TP_006720", "Seq05VD_f00000"];
        for (var number = 0; number < ids.Length; number++)
            set.Add(
                $"CamVid/train/{ids[number]}.png",
                $"CamVid/trainannot/{ids[number]}_L.png",
                number,
                12,
                16,
                classes: 12);

        var camVid = SampleCatalog.FromFolders(In("CamVid/train/{id}.png"), In("CamVid/trainannot/{id}_L.png"));

        RequireExact(camVid, ids, classes: 12);
    }

    [Fact]
    public void Cityscapes()
    {
        string[] ids = ["aachen/aachen_000000_000019", "aachen/aachen_000001_000019", "bochum/bochum_000000_000313"];
        for (var number = 0; number < ids.Length; number++)
            set.Add(
                $"leftImg8bit/train/{ids[number]}_leftImg8bit.png",
                $"gtFine/train/{ids[number]}_gtFine_labelIds.png",
                number,
                8,
                16,
                classes: 34);
        set.Bytes("gtFine/train/aachen/aachen_000000_000019_gtFine_polygons.json", "{}"u8.ToArray());
        set.Label("gtFine/train/aachen/aachen_000000_000019_gtFine_instanceIds.png", 8, 16, (_, _) => 0);
        set.Histogram[0] -= 8 * 16;

        var cityscapes = SampleCatalog.FromFolders(
            In("leftImg8bit/train/{id}_leftImg8bit.png"), In("gtFine/train/{id}_gtFine_labelIds.png"));

        RequireExact(cityscapes, ids, classes: 34);

        set.Add(
            "leftImg8bit/val/lindau/lindau_000000_000019_leftImg8bit.png",
            "gtFine/val/lindau/lindau_000000_000019_gtFine_labelIds.png");
        var everySplit = SampleCatalog.FromFolders(
            In("leftImg8bit/*/{id}_leftImg8bit.png"), In("gtFine/*/{id}_gtFine_labelIds.png"));
        var validation = everySplit.Where(sample => sample.Id.StartsWith("val/", StringComparison.Ordinal));
        Assert.Equal(
            [.. ids.Select(id => "train/" + id), "val/lindau/lindau_000000_000019"],
            everySplit.Samples.Select(sample => sample.Id));
        Assert.Equal(
            set["gtFine/val/lindau/lindau_000000_000019_gtFine_labelIds.png"],
            Assert.Single(validation.Samples).LabelPath);
    }

    [Fact]
    public void Ade20K()
    {
        string[] ids = ["ADE_train_00000001", "ADE_train_00000002"];
        for (var number = 0; number < ids.Length; number++)
            set.Add(
                $"images/training/{ids[number]}.jpg",
                $"annotations/training/{ids[number]}.png",
                number,
                9,
                13,
                classes: 30);
        set.Add("images/validation/ADE_val_00000001.jpg");

        var ade20k = SampleCatalog.FromFolders(In("images/training/{id}.jpg"), In("annotations/training/{id}.png"));

        RequireExact(ade20k, ids, classes: 30);
        Assert.Equal(2, SampleCatalog.FromFolders(In("images/training"), In("annotations/training")).Samples.Count);
    }

    [Fact]
    public void Pairs_from_a_csv_with_parts_tiles_and_statistics()
    {
        var lines = new List<string> { "id,image,label" };
        for (var number = 0; number < 40; number++)
        {
            set.Add(
                $"scans/{number}.png", number == 39 ? null : $"drawn/{number}-mask.png", number, 10, 14, classes: 5);
            var label = number == 39 ? "" : set[$"drawn/{number}-mask.png"];
            lines.Add($"scan {number:00},{set[$"scans/{number}.png"]},{label}");
        }
        set.List("pairs.csv", [.. lines]);

        var pairs = File.ReadLines(In("pairs.csv"))
            .Skip(1) // id,image,label
            .Select(line => line.Split(','))
            .Select(cells => (cells[0], cells[1], cells[2].Length > 0 ? cells[2] : null));
        var catalog = SampleCatalog.FromPairs(pairs!);

        RequireExact(
            catalog, [.. Enumerable.Range(0, 40).Select(number => $"scan {number:00}")], classes: 5, unlabelled: 1);

        var parts = catalog.Split(seed: 7, 0.8, 0.2);
        var (training, held) = (parts[0], parts[1]);
        Assert.Equal(
            catalog.Samples,
            training.Samples.Concat(held.Samples).OrderBy(sample => sample.Id, StringComparer.Ordinal));
        Assert.InRange(training.Samples.Count, 22, 39);

        var tiles = catalog.Tiles((512, 512));
        var overlapping = catalog.Tiles((512, 512), stride: (384, 384));
        Assert.Equal(catalog.Samples.Select(sample => sample.Id + "@0,0"), tiles.Samples.Select(sample => sample.Id));
        Assert.Equal(tiles.Samples, overlapping.Samples);
        Assert.Equal(
            ["scan 00@0,0", "scan 00@0,8", "scan 00@8,0", "scan 00@8,8"],
            catalog.Tiles((8, 8)).Samples.Take(4).Select(sample => sample.Id));

        var statistics = CatalogStatistics.Measure(training, palette);
        float[] weights = statistics.MedianFrequencyWeights();
        var options = new VocSegDatasetOptions { Normalization = statistics.Normalization, Palette = palette };
        Assert.Equal((34, training.Samples.Count * 140L), (weights.Length, statistics.Pixels));
        Assert.Equal((float)statistics.Mean[1], options.Normalization.Mean[1]);
    }

    [Fact]
    public void Tiles_that_show_a_class_are_kept()
    {
        set.Add("i/a.png", "l/a.png", height: 10, width: 14);
        set.Label("l/a.png", 10, 14, (row, column) => row < 5 && column > 10 ? 1 : 0);
        var tiles = SampleCatalog.FromFolders(set["i"], set["l"]).Tiles((5, 5));

        var statistics = CatalogStatistics.Measure(tiles, palette);
        var kept = tiles.Where(tile => statistics.PixelsOf(tile)[1] > 0); // tiles with a pixel of class 1
        Assert.Equal(["a@0,10"], kept.Samples.Select(tile => tile.Id));
    }

    [Fact]
    public void The_section_shows_the_lines_that_are_tested_here()
    {
        var section = File.ReadAllText(RepositoryFile.Require("docs/own-data.md"))
            .Split("\n## ")
            .Single(text => text.StartsWith("Catalogs", StringComparison.Ordinal));
        var source = File.ReadAllText(RepositoryFile.Require("VocSeg.Torch.Tests/Catalog/OwnDataTests.cs"));
        var tested = source.Split('\n').Select(Plain).ToHashSet(StringComparer.Ordinal);
        string[] shown =
        [
            .. section.Split("```").Where(block => block.StartsWith("csharp\n", StringComparison.Ordinal))
                .SelectMany(block => block.Split('\n').Skip(1))
                .Select(Plain)
                .Where(line => line.Length > 0 && !line.StartsWith("//", StringComparison.Ordinal)),
        ];
        Assert.InRange(shown.Length, 18, 40);
        Assert.Empty(shown.Except(tested));

        // Without the test's folder around a path.
        static string Plain(string line) =>
            line.Trim().Replace("In(", "", StringComparison.Ordinal).Replace(")", "", StringComparison.Ordinal);
    }

    /// <summary>The ids, every pixel of every image and label, and the classes that were written, counted.</summary>
    private void RequireExact(SampleCatalog catalog, string[] ids, int classes, int unlabelled = 0)
    {
        Assert.Equal(ids, catalog.Samples.Select(sample => sample.Id));
        for (var number = 0; number < ids.Length; number++)
        {
            var sample = catalog.Samples[number];
            var (height, width) = (sample.Size.Height, sample.Size.Width);
            if (sample.ImagePath.EndsWith(".png", StringComparison.Ordinal))
                Assert.Equal(
                    Decoders.Colors(PairFolder.Pixels(number, height, width)), Decoders.Colors(sample.ReadImage()));
            if (sample.LabelPath is not null)
                Assert.Equal(
                    Enumerable.Range(0, height * width).Select(
                        at => (byte)PairFolder.Value(number, at / width, at % width, classes)),
                    sample.ReadClassIndex(palette));
        }
        Assert.Equal(unlabelled, catalog.Samples.Count(sample => sample.LabelPath is null));
        Assert.True(catalog.Verify(palette).IsSound);
        var statistics = CatalogStatistics.Measure(catalog, palette);
        Assert.Equal(set.Histogram[..34], statistics.ClassPixels);
        Assert.Equal(set.Histogram[255], statistics.IgnoredPixels);
    }

    /// <summary>A path of the documentation, in the test's folder.</summary>
    private string In(string path) => set[path];
}
