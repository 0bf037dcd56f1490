namespace VocSeg.Torch.Tests.Transforms;

/// <summary>What a condition on the label does to the crops of a loader's epochs.</summary>
public sealed class CatMaxRatioTests : IDisposable
{
    private const int Crop = 16, Epochs = 60;
    private readonly PairFolder folder = new();

    public CatMaxRatioTests()
    {
        // A small square of class 1 amid class 0: most crops show class 0 alone.
        for (var number = 0; number < 16; number++)
        {
            folder.Add($"images/{number:00}.png", null, number, 64, 64)
                .Label($"labels/{number:00}.png", 64, 64, ClassOf);
        }

        static int ClassOf(int row, int column) =>
            row is >= 24 and < 40 && column is >= 24 and < 40 ? 1 : row + column == 0 ? 255 : 0;
    }

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("none", true)]
    [InlineData("host", true)]
    [InlineData("device", false)]
    public void Crops_of_almost_one_class_come_as_often_as_ten_draws_leave_them(string cache, bool onHost)
    {
        const double Ratio = 0.75;
        var first = ShareAbove(new RandomCrop(new(Crop, Crop)), Ratio, cache, onHost);
        var chosen = ShareAbove(new RandomCrop(new(Crop, Crop), Ratio), Ratio, cache, onHost);
        // What ten draws in a row leave, within five deviations.
        var expected = Math.Pow(Exact(Ratio), 10);
        var deviation = Math.Sqrt(expected * (1 - expected) / (16 * Epochs));
        Assert.InRange(first, Exact(Ratio) - 0.05, Exact(Ratio) + 0.05);
        Assert.InRange(chosen, expected - 5 * deviation, expected + 5 * deviation);
        Assert.True(chosen < first / 2);
    }

    [Fact]
    public void A_least_share_of_foreground_is_kept_in_the_same_way()
    {
        using var dataset = Dataset(new RandomCrop(new(Crop, Crop)) { MinForeground = 0.1 });
        using var loader = new VocSegDataLoader(dataset, new() { BatchSize = 16 });
        var (met, all) = (0, 0);
        for (var epoch = 0; epoch < Epochs; epoch++)
        {
            foreach (var (_, label) in loader)
            {
                foreach (var crop in label.Values<long>().Chunk(Crop * Crop))
                {
                    all++;
                    met += crop.Count(value => value == 1) >= 0.1 * Crop * Crop ? 1 : 0;
                }
            }
        }
        var one = Places().Count(shown => shown >= 0.1 * Crop * Crop) / (double)Places().Count();
        var expected = 1 - Math.Pow(1 - one, 10);
        Assert.InRange(met / (double)all, expected - 5 * Math.Sqrt(expected * (1 - expected) / all), 1);
    }

    private double ShareAbove(RandomCrop crop, double ratio, string cache, bool onHost)
    {
        using var dataset = Dataset(crop);
        using var loader = new VocSegDataLoader(dataset, new() { BatchSize = 16, Cache = Caches.Of(cache) }, onHost);
        var (above, all) = (0, 0);
        for (var epoch = 0; epoch < Epochs; epoch++)
        {
            foreach (var (_, label) in loader)
            {
                foreach (var classes in label.Values<long>().Chunk(Crop * Crop))
                {
                    var counted = classes.Count(value => value != 255);
                    var most = classes.CountBy(value => value).Max(pair => pair.Value);
                    all++;
                    above += most >= ratio * counted ? 1 : 0;
                }
            }
        }
        return above / (double)all;
    }

    private VocSegDataset Dataset(RandomCrop crop) => new(
        SampleCatalog.FromFolders(folder["images"], folder["labels"]),
        new() { Transforms = [crop], Palette = SegmentationPalette.FromNames("ground", "square"), Seed = 3 });

    /// <summary>The share of all places of a crop where one class reaches a ratio.</summary>
    private static double Exact(double ratio) => Places()
        .Count(shown => Math.Max(shown, Crop * Crop - shown) >= ratio * Crop * Crop) / (double)Places().Count();

    /// <summary>The pixels of class 1 at every place of a crop.</summary>
    private static IEnumerable<int> Places() =>
        from top in Enumerable.Range(0, 64 - Crop + 1)
        from left in Enumerable.Range(0, 64 - Crop + 1)
        select Overlap(top) * Overlap(left);

    private static int Overlap(int start) => Math.Max(0, Math.Min(start + Crop, 40) - Math.Max(start, 24));
}
