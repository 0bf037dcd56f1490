namespace VocSeg.Torch.Tests.Catalog;

public sealed class SampleCatalogTests
{
    [Fact]
    public void Samples_stand_in_the_order_of_the_list_with_paths_and_sizes()
    {
        using var tree = new VocTree().Add("b", 20, 30).Add("a", 40, 10);
        var catalog = tree.Open();
        Assert.Equal(tree.Root, catalog.Root);
        Assert.Equal(tree.ListPath("train"), catalog.ListFile);
        Assert.Equal(
            [
                new SegmentationSample("b", tree.ImagePath("b"), tree.LabelPath("b"), new(20, 30)),
                new SegmentationSample("a", tree.ImagePath("a"), tree.LabelPath("a"), new(40, 10)),
            ],
            catalog.Samples);
    }

    [Fact]
    public void A_split_may_be_any_list_of_the_set_or_a_list_file_elsewhere()
    {
        using var tree = new VocTree().Add("a", 8, 8).Add("b", 8, 8).Add("c", 8, 8).WriteList("mine", ["c"]);
        var elsewhere = Path.Combine(tree.Parent, "some list.txt");
        File.WriteAllText(elsewhere, "\r\n  b \r\n\r\na 1\r\n");
        Assert.Equal(["c"], tree.Open("mine").Samples.Select(sample => sample.Id));
        Assert.Equal(["b", "a"], tree.Open(elsewhere).Samples.Select(sample => sample.Id));
    }

    [Fact]
    public void A_missing_list_is_named_beside_those_that_are_there()
    {
        using var tree = new VocTree().Add("a", 8, 8).WriteList("val", ["a"]);
        var error = Assert.Throws<DatasetException>(() => tree.Open("test"));
        Assert.Equal(tree.ListPath("test"), error.Path);
        Assert.Contains("there are: train, val", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_list_that_cannot_be_read_is_named()
    {
        using var tree = new VocTree().Add("a", 8, 8);
        using var taken = new FileStream(tree.ListPath("train"), FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        var error = Assert.Throws<DatasetException>(() => tree.Open());
        Assert.Equal(tree.ListPath("train"), error.Path);
        Assert.Contains("cannot be read", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_list_is_an_error()
    {
        using var tree = new VocTree().WriteList("train", ["", "  "]);
        Assert.Contains("empty", Assert.Throws<DatasetException>(() => tree.Open()).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../secret")]
    [InlineData("a/b")]
    [InlineData("..")]
    public void An_id_that_leads_elsewhere_is_refused_with_its_line(string id)
    {
        using var tree = new VocTree().Add("a", 8, 8).WriteList("train", ["a", id]);
        Assert.Contains("line 2", Assert.Throws<DatasetException>(() => tree.Open()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_id_that_stands_twice_is_refused_with_both_lines()
    {
        using var tree = new VocTree().Add("a", 8, 8).WriteList("train", ["a", "b", "a"]);
        var error = Assert.Throws<DatasetException>(() => tree.Open());
        Assert.Contains("line 1 and again in line 3", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Ids_without_image_or_label_are_counted_and_named()
    {
        using var tree = new VocTree().Add("a", 8, 8).WriteList("train", ["a", "x", "y"]);
        var both = Assert.Throws<DatasetException>(() => tree.Open());
        Assert.Contains("2 of the 3 samples", both.Message, StringComparison.Ordinal);
        string[] paths = [tree.ImagePath("x"), tree.LabelPath("x"), tree.ImagePath("y"), tree.LabelPath("y")];
        foreach (var path in paths)
            Assert.Contains(path, both.Message, StringComparison.Ordinal);
        Assert.Equal(("x", DatasetFault.NotFound), (both.SampleId, both.Fault));

        tree.WriteList("train", ["a"]);
        File.Delete(tree.LabelPath("a"));
        var label = Assert.Throws<DatasetException>(() => tree.Open());
        Assert.Equal(tree.LabelPath("a"), label.Path);
        Assert.Contains("'a' has no label here", label.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Image_and_label_of_different_sizes_are_an_error_that_names_both()
    {
        using var tree = new VocTree().Add("good", 8, 8).Add("bad", 20, 30);
        VocTree.WriteLabel(tree.LabelPath("bad"), 30, 20, VocTree.Stripes);
        var error = Assert.Throws<DatasetException>(() => tree.Open());
        Assert.Equal("bad", error.SampleId);
        Assert.Contains("30x20", error.Message, StringComparison.Ordinal);
        Assert.Contains("20x30", error.Message, StringComparison.Ordinal);
        Assert.Contains(tree.ImagePath("bad"), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Files_that_are_no_images_are_all_named_in_the_order_of_the_list()
    {
        using var tree = new VocTree();
        for (var i = 0; i < 20; i++)
            tree.Add($"s{i:00}", 8, 8);
        File.WriteAllText(tree.ImagePath("s17"), "not an image");
        File.WriteAllText(tree.LabelPath("s05"), "");
        var error = Assert.Throws<DatasetException>(() => tree.Open());
        Assert.Equal(tree.LabelPath("s05"), error.Path);
        Assert.Contains("empty", error.Message, StringComparison.Ordinal);
        Assert.Contains(tree.ImagePath("s17"), error.Message, StringComparison.Ordinal);
        Assert.Contains("2 of the 20 samples", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Progress_comes_to_the_end_and_cancellation_stops()
    {
        using var tree = new VocTree().Add("a", 8, 8).Add("b", 8, 8).Add("c", 8, 8);
        var seen = new Recorder();
        SampleCatalog.FromVoc(tree.Root, "train", new() { Parallelism = 1 }, seen);
        Assert.Equal([new(1, 3), new(2, 3), new(3, 3)], seen.Reports);

        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(
            () => SampleCatalog.FromVoc(tree.Root, "train", new(), cancellationToken: cancelled.Token));
    }

    [Fact]
    public void Real_photos_are_all_there_with_the_official_sizes()
    {
        var catalog = SampleCatalog.FromVoc(RealVoc.Require(), "trainval", new());
        Assert.Equal(156, catalog.Samples.Count);
        var official = OfficialSizes.Read().ToDictionary(row => row.Id, row => row.Size, StringComparer.Ordinal);
        Assert.All(catalog.Samples, sample => Assert.Equal(official[sample.Id], sample.Size));
    }

    private sealed class Recorder : IProgress<(int Done, int Total)>
    {
        internal List<(int Done, int Total)> Reports { get; } = [];

        public void Report((int Done, int Total) value) => Reports.Add(value);
    }
}
