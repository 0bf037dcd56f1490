namespace VocSeg.Torch.Tests.Catalog;

public sealed class CatalogPartsTests : IDisposable
{
    private readonly PairFolder set = new();
    private readonly SampleCatalog first;
    private readonly SampleCatalog second;

    public CatalogPartsTests()
    {
        set.Add("one/a.png", "l/a.png").Add("one/b.png", "l/b.png").Add("two/b.png").Add("two/c.png", height: 20, width: 30);
        first = SampleCatalog.FromFolders(set["one"], set["l"]);
        second = SampleCatalog.FromFolders(set["two/{id}.png"], null);
    }

    public void Dispose() => set.Dispose();

    [Fact]
    public void Concatenated_catalogs_stand_one_after_another()
    {
        var named = second.Select(sample => sample with { Id = "two/" + sample.Id });
        var all = first.Concat(named);
        Assert.Equal(["a", "b", "two/b", "two/c"], Ids(all));
        Assert.Equal([.. first.Samples, .. named.Samples], all.Samples);
        Assert.Equal($"{first.Name} + {named.Name}", all.Name);
        Assert.Equal((set.Path, all.Name), (all.Root, all.ListFile));
        Assert.Equal(first.Samples, first.Concat().Samples);
    }

    [Fact]
    public void An_id_of_two_samples_is_an_error_that_names_both()
    {
        var error = Assert.Throws<DatasetException>(() => first.Concat(second));
        Assert.Equal(("b", DatasetFault.List), (error.SampleId, error.Fault));
        Assert.Contains(set["one/b.png"], error.Message, StringComparison.Ordinal);
        Assert.Contains(set["two/b.png"], error.Message, StringComparison.Ordinal);
        Assert.Throws<DatasetException>(() => first.Repeat(2).Concat(second));
        Assert.Throws<DatasetException>(() => first.Repeat(2).Concat(first.Select(sample => sample with { Region = new(1, 1, (2, 2)) })));
    }

    [Fact]
    public void The_same_sample_may_come_again_where_repeats_are_allowed()
    {
        Assert.Contains("Repeats = true", Assert.Throws<DatasetException>(() => first.Concat(first)).Message, StringComparison.Ordinal);
        Assert.Equal(["a", "b", "a", "b", "b"], Ids(first.Repeat(2).Concat(first.Where(sample => sample.Id == "b"))));
        var lenient = SampleCatalog.FromFolders(set["one"], set["l"], null, new() { Repeats = true });
        Assert.Equal(["a", "b", "a", "b"], Ids(first.Concat(lenient)));
    }

    [Fact]
    public void A_condition_keeps_order_and_ids_and_at_least_one_sample()
    {
        var large = second.Where(sample => sample.Size.Holds((10, 10)));
        Assert.Equal(["c"], Ids(large));
        Assert.Equal((set["two"], $"{second.Name} (selected)"), (large.Root, large.Name));
        var error = Assert.Throws<DatasetException>(() => second.Where(sample => sample.LabelPath is not null));
        Assert.Contains("none of the 2 samples", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Repeats_come_catalog_after_catalog()
    {
        Assert.Equal(["a", "b", "a", "b", "a", "b"], Ids(first.Repeat(3)));
        Assert.Equal(first.Samples, first.Repeat(1).Samples);
        Assert.Throws<ArgumentOutOfRangeException>(() => first.Repeat(0));
    }

    [Fact]
    public void A_change_may_set_ids_and_regions_and_nothing_that_is_outside()
    {
        var changed = second.Select(sample => sample with { Region = sample.Id == "c" ? new(19, 29, (64, 64)) : null });
        Assert.Equal([null, new SampleRegion(19, 29, (64, 64))], changed.Samples.Select(sample => sample.Region));
        Assert.Equal(["b", "c"], changed.Samples.Select(sample => sample.Group));
        foreach (var region in new SampleRegion[] { new(20, 0, (1, 1)), new(0, 30, (1, 1)), new(-1, 0, (1, 1)), new(0, 0, default) })
            Assert.Throws<ArgumentException>(() => second.Select(sample => sample with { Region = region }));
        Assert.Throws<DatasetException>(() => second.Select(sample => sample with { Id = "same" }));
    }

    [Fact]
    public void A_list_file_is_kept_by_what_is_made_of_one_catalog()
    {
        var listed = SampleCatalog.FromFolders(set["one"], set["l"], set.List("list.txt", "b", "a")["list.txt"]);
        var derived = listed.Where(_ => true).Repeat(2).Tiles((3, 3));
        Assert.Equal(set["list.txt"], derived.ListFile);
        Assert.Equal(set["list.txt"] + " (selected) (2 times) (tiles of 3x3)", derived.Name);
    }

    private static IEnumerable<string> Ids(SampleCatalog catalog) => catalog.Samples.Select(sample => sample.Id);
}
