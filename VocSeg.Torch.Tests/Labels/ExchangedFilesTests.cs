namespace VocSeg.Torch.Tests.Labels;

/// <summary>Images and labels that were given in each other's place are said to be.</summary>
public sealed class ExchangedFilesTests : IDisposable
{
    private const string Hint = "if image and label have changed places";
    private static readonly SegmentationPalette Palette = SegmentationPalette.FromNames("a", "b", "c");
    private readonly PairFolder set = new();

    public void Dispose() => set.Dispose();

    [Theory]
    [InlineData("images/1.jpg", true)]
    [InlineData("images/1.png", true)]
    [InlineData("images/1.jpg", false)]
    [InlineData("images/1.png", false)]
    public void Whoever_reads_them_says_so_and_names_both(string image, bool isGray)
    {
        Add(image, "labels/1.png", isGray);
        var catalog = SampleCatalog.FromPairs([("1", set["labels/1.png"], set[image])]);
        AssertHint(Assert.Throws<DatasetException>(() => catalog.Samples[0].ReadClassIndex(Palette)).Message);
        AssertHint(Assert.Single(catalog.Verify(Palette).Findings).Message);
        using var dataset = new VocSegDataset(
            catalog, new() { Transforms = [new RandomCrop(new(20, 30))], Palette = Palette });
        AssertHint(Assert.Throws<DatasetException>(() => dataset.GetTensor(0)).Message);
        foreach (var cache in new[] { SampleCache.None, SampleCache.Host })
        {
            using var loader = new VocSegDataLoader(dataset, new() { BatchSize = 1, Cache = cache });
            var error = Assert.Throws<DatasetException>(() => loader.Count());
            AssertHint(error.Message);
            Assert.Equal(("1", set[image]), (error.SampleId, error.Path));
        }

        void AssertHint(string message)
        {
            Assert.StartsWith(set[image], message, StringComparison.Ordinal);
            Assert.Contains(Hint, message, StringComparison.Ordinal);
            Assert.Contains(set["labels/1.png"], message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("images/1.jpg", "images/2.jpg")]
    [InlineData("images/1.png", "images/2.png")]
    [InlineData("images/1.png", "labels/2.png")]
    [InlineData("labels/1.png", "labels/2.png")]
    public void Where_it_is_not_sure_nothing_is_said_of_it(string image, string label)
    {
        Add("images/1.jpg", "labels/1.png", isGray: true);
        Add("images/1.png", "labels/1.png", isGray: true);
        Add("images/2.jpg", "labels/2.png", isGray: true, value: 7);
        Add("images/2.png", "labels/2.png", isGray: true, value: 7);
        var catalog = SampleCatalog.FromPairs([("1", set[image], set[label])]);
        var error = Assert.Throws<DatasetException>(() => catalog.Samples[0].ReadClassIndex(Palette));
        Assert.DoesNotContain(Hint, error.Message, StringComparison.Ordinal);
    }

    /// <summary>An image of very many colours, and a label of very few.</summary>
    private void Add(string image, string label, bool isGray, int value = 2)
    {
        set.Add(image, height: 40, width: 60);
        if (isGray)
        {
            set.Label(label, 40, 60, (row, column) => (row + column) % (value + 1));
            return;
        }
        int[] values = [.. Enumerable.Range(0, 40 * 60).Select(at => at % 3)];
        set.Bytes(label, PngWriter.Write(60, 40, PngWriter.Palette, 8, values, [0, 0, 0, 1, 1, 1, 2, 2, 2]));
    }
}
