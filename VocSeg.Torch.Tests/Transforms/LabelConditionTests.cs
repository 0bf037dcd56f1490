namespace VocSeg.Torch.Tests.Transforms;

/// <summary>Crops that are drawn again where their label is not as it should be.</summary>
[Collection(LiveTensors.Name)]
public sealed class LabelConditionTests : IDisposable
{
    private readonly VocTree tree = new();

    // Class 1 is a patch in one corner.
    public LabelConditionTests()
    {
        for (var number = 0; number < 6; number++)
        {
            var corner = number;
            tree.Add($"s{number}", 60, 80, (row, column) =>
                row < 20 + corner && column < 25
                    ? SegmentationPalette.Voc.Colors[1]
                    : SegmentationPalette.Voc.Colors[0]);
        }
    }

    public void Dispose() => tree.Dispose();

    [Fact]
    public void Foreground_is_looked_for_in_ten_places_and_the_same_one_is_found_on_every_way()
    {
        var plain = Share(new RandomCrop((24, 24)));
        var asked = Share(new RandomCrop((24, 24)) { MinForeground = 0.1 });
        // A tenth of the crop is rare by chance, and rarely missed in ten draws.
        Assert.InRange(plain, 0.05, 0.5);
        Assert.InRange(asked, 0.85, 1);
    }

    [Fact]
    public void A_class_that_fills_the_crop_is_rarer_with_a_bound_on_its_share()
    {
        // About one place in ten shows enough of both classes; ten draws find one in two cases of three.
        var unbounded = Share(new RandomCrop((24, 24)), least: 0.25);
        var bounded = Share(new RandomCrop((24, 24)) { CatMaxRatio = 0.75 }, least: 0.25);
        Assert.InRange(unbounded, 0.05, 0.2);
        Assert.InRange(bounded, 0.55, 0.8);
    }

    [Fact]
    public void The_condition_follows_the_rule_that_it_names()
    {
        var crop = new RandomCrop((10, 10)) { CatMaxRatio = 0.75 };
        Assert.True(crop.IsMetBy([74, 26]));
        Assert.False(crop.IsMetBy([75, 25]));
        Assert.False(crop.IsMetBy([0, 0]));
        Assert.True(new RandomCrop((10, 10)) { MinForeground = 0.2 }.IsMetBy([80, 20]));
        Assert.False(new RandomCrop((10, 10)) { MinForeground = 0.2 }.IsMetBy([20, 19]));
        Assert.Throws<ArgumentOutOfRangeException>(() => crop with { CatMaxRatio = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => crop with { MinForeground = 1.1 });
    }

    /// <summary>The share of crops of which at least so much is foreground; the same on every way to a batch.</summary>
    private double Share(RandomCrop crop, double least = 0.1)
    {
        using var dataset = new VocSegDataset(tree.Open(), new() { Transforms = [crop], Seed = 11 });
        var shares = new List<double>();
        foreach (var onHost in new[] { true, false })
        {
            foreach (var cache in Caches.All)
            {
                using var loader = new VocSegDataLoader(dataset, new() { BatchSize = 3, Cache = cache }, onHost);
                var met = 0;
                for (var epoch = 0; epoch < 40; epoch++)
                {
                    foreach (var batch in loader)
                    {
                        var labels = batch.Label.Values<long>().Chunk(24 * 24).ToArray();
                        met += labels.Count(label => label.Count(index => index == 1) >= least * label.Length);
                        if (epoch == 0)
                            Assert.Equal(dataset.GeometryOf(batch.Indices[0], 0), batch.Geometries[0]);
                    }
                }
                shares.Add(met / 240.0);
            }
        }
        return Assert.Single(shares.Distinct());
    }
}
