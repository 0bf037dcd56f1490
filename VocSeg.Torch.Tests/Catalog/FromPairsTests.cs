namespace VocSeg.Torch.Tests.Catalog;

public sealed class FromPairsTests
{
    private readonly PairFolder set = new();

    [Fact]
    public void Pairs_are_taken_in_their_order_with_sizes_and_full_paths()
    {
        using var _ = set.Add("x/1.png", "y/mask.png", 1, 5, 9).Add("x/2.jpg", null, 2, 7, 4);
        var relative = Path.GetRelativePath(".", set["x/1.png"]);
        var catalog = SampleCatalog.FromPairs([("second", set["x/2.jpg"], null), ("first", relative, set["y/mask.png"])]);
        Assert.Equal(
            [
                new SegmentationSample("second", set["x/2.jpg"], null, new(7, 4)),
                new SegmentationSample("first", set["x/1.png"], set["y/mask.png"], new(5, 9)),
            ],
            catalog.Samples);
        Assert.Equal((set["x"], set["x"], set["x"]), (catalog.Root, catalog.Name, catalog.ListFile));
    }

    [Fact]
    public void The_root_is_the_deepest_folder_of_all_images()
    {
        using var _ = set.Add("ab/c/1.png").Add("abc/1.png");
        var pairs = new (string, string, string?)[] { ("1", set["ab/c/1.png"], null), ("2", set["abc/1.png"], null) };
        Assert.Equal(set.Path, SampleCatalog.FromPairs(pairs).Root);
        Assert.Equal(set["ab/c"], SampleCatalog.FromPairs(pairs[..1]).Root);
    }

    [Fact]
    public void An_id_names_one_sample()
    {
        using var _ = set.Add("a.png").Add("b.png");
        var error = Assert.Throws<DatasetException>(() => SampleCatalog.FromPairs([("a", set["a.png"], null), ("a", set["b.png"], null)], new() { Repeats = true }));
        Assert.Equal(("a", DatasetFault.List), (error.SampleId, error.Fault));
        Assert.Contains(set["a.png"], error.Message, StringComparison.Ordinal);
        Assert.Contains(set["b.png"], error.Message, StringComparison.Ordinal);
        (string, string, string?)[] twice = [("a", set["a.png"], null), ("a", set["a.png"], null)];
        Assert.Contains("Repeats = true", Assert.Throws<DatasetException>(() => SampleCatalog.FromPairs(twice)).Message, StringComparison.Ordinal);
        Assert.Equal(2, SampleCatalog.FromPairs(twice, new() { Repeats = true }).Samples.Count);
    }

    [Fact]
    public void Missing_files_are_all_named_with_their_ids()
    {
        using var _ = set.Add("a.png", "l.png");
        var error = Assert.Throws<DatasetException>(() => SampleCatalog.FromPairs(
            [("a", set["a.png"], set["l.png"]), ("b", set["no.png"], null), ("c", set["a.png"], set["none.png"]), ("d", "x\0y", null)]));
        Assert.Contains("3 of the 4 samples", error.Message, StringComparison.Ordinal);
        Assert.Contains(set["no.png"] + ": there is no such file", error.Message, StringComparison.Ordinal);
        Assert.Contains(set["none.png"] + ": there is no such file", error.Message, StringComparison.Ordinal);
        Assert.Contains("NUL", error.Message, StringComparison.Ordinal);
        Assert.Equal("b", error.SampleId);
    }

    [Fact]
    public void Nothing_and_empty_names_are_refused()
    {
        using var _ = set.Add("a.png");
        Assert.Contains("no sample", Assert.Throws<DatasetException>(() => SampleCatalog.FromPairs([])).Message, StringComparison.Ordinal);
        foreach (var pair in new (string, string, string?)[] { ("", set["a.png"], null), ("a", "", null), ("a", set["a.png"], "") })
            Assert.Contains("Pair 1", Assert.Throws<ArgumentException>(() => SampleCatalog.FromPairs([pair])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Verify_looks_at_each_pair_of_files_once_and_asks_for_no_label()
    {
        using var _ = set.Add("a.png", "a_l.png").Add("b.png").Label("bad.png", 6, 8, (row, _) => row == 3 ? 9 : 0);
        var palette = new SegmentationPalette([new(0, 0, 0), new(1, 1, 1), new(2, 2, 2)], ["x", "y", "z"]);
        var catalog = SampleCatalog.FromPairs([("a", set["a.png"], set["a_l.png"]), ("b", set["b.png"], null), ("c", set["b.png"], set["bad.png"])]).Tiles((4, 4)).Repeat(2);
        var seen = new Counter();
        var report = catalog.Verify(palette, seen);
        Assert.Equal((catalog.Name, 3), (report.Name, report.Checked));
        Assert.Equal([(1, 3), (2, 3), (3, 3)], seen.Reports.Order());
        var finding = Assert.Single(report.Findings);
        Assert.Equal(("c@0,0", set["bad.png"]), (finding.Id, finding.Path));
        Assert.Contains("row 3, column 0 has the class index 9", finding.Message, StringComparison.Ordinal);

        File.WriteAllText(set["b.png"], "damaged");
        File.Delete(set["a.png"]);
        report = catalog.Verify(palette);
        Assert.Equal([set["a.png"], set["b.png"], set["b.png"], set["bad.png"]], report.Findings.Select(found => found.Path));
        Assert.False(report.IsSound);
    }
}
