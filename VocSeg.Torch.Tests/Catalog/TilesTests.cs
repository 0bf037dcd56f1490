namespace VocSeg.Torch.Tests.Catalog;

public sealed class TilesTests : IDisposable
{
    private static readonly ImageSize[] ImageSizes =
        [new(1, 1), new(3, 9), new(4, 4), new(5, 8), new(8, 8), new(13, 7), new(17, 31)];

    private readonly PairFolder set = new();
    private readonly SampleCatalog catalog;

    public TilesTests()
    {
        foreach (var size in ImageSizes)
            set.Add($"i/{size}.png", $"l/{size}.png", height: size.Height, width: size.Width);
        catalog = SampleCatalog.FromFolders(set["i"], set["l"]);
    }

    public void Dispose() => set.Dispose();

    [Theory]
    [InlineData(1, 1)]
    [InlineData(4, 4)]
    [InlineData(4, 8)]
    [InlineData(5, 3)]
    [InlineData(100, 100)]
    public void Without_a_stride_they_cover_every_pixel_exactly_once(int height, int width) =>
        Assert.All(
            Coverage(catalog.Tiles((height, width))).Values,
            image => Assert.All(image, times => Assert.Equal(1, times)));

    [Theory]
    [InlineData(4, 4, 2, 2)]
    [InlineData(4, 4, 3, 1)]
    [InlineData(5, 7, 4, 7)]
    [InlineData(9, 9, 2, 5)]
    public void With_a_smaller_stride_they_cover_every_pixel_and_none_is_needless(
        int height, int width, int down, int right)
    {
        var tiles = catalog.Tiles((height, width), (down, right));
        Assert.All(Coverage(tiles).Values, image => Assert.All(image, times => Assert.InRange(times, 1, int.MaxValue)));
        foreach (var image in tiles.Samples.GroupBy(tile => tile.Group, StringComparer.Ordinal))
        {
            var (rows, columns) = (
                image.Select(tile => tile.Region!.Value.Top).Distinct().ToArray(),
                image.Select(tile => tile.Region!.Value.Left).Distinct().ToArray());
            Assert.Equal(Enumerable.Range(0, rows.Length).Select(index => index * down), rows);
            Assert.Equal(Enumerable.Range(0, columns.Length).Select(index => index * right), columns);
            // Without the last row or column of tiles, something would be left out.
            var size = image.First().Size;
            Assert.True(rows.Length == 1 || rows[^2] + height < size.Height);
            Assert.True(columns.Length == 1 || columns[^2] + width < size.Width);
        }
    }

    [Fact]
    public void They_are_named_by_where_they_begin_and_stand_together_row_after_row()
    {
        var tiles = catalog.Where(sample => sample.Size == new ImageSize(5, 8)).Tiles((4, 4)).Samples;
        Assert.Equal(["5x8@0,0", "5x8@0,4", "5x8@4,0", "5x8@4,4"], tiles.Select(tile => tile.Id));
        Assert.All(
            tiles,
            tile =>
                Assert.Equal(
                    ("5x8", new ImageSize(5, 8), new ImageSize(4, 4)),
                    (tile.Group, tile.Size, tile.Region!.Value.Size)));
        var small = Assert.Single(catalog.Where(sample => sample.Size == new ImageSize(3, 9)).Tiles((10, 10)).Samples);
        Assert.Equal(("3x9@0,0", new SampleRegion(0, 0, (10, 10))), (small.Id, small.Region!.Value));
    }

    [Fact]
    public void A_part_of_an_image_is_cut_within_itself()
    {
        var part = catalog
            .Where(sample => sample.Size == new ImageSize(17, 31))
            .Select(sample => sample with { Region = new(10, 20, (5, 100)) });
        Assert.Equal(
            [new(10, 20, (4, 8)), new(10, 28, (4, 3)), new(14, 20, (1, 8)), new(14, 28, (1, 3))],
            part.Tiles((4, 8)).Samples.Select(tile => tile.Region!.Value));
        // What lies around it in the image, and may not be labelled, is in no batch.
        using var dataset = new VocSegDataset(
            part.Tiles((4, 8)),
            new() { Transforms = [new Whole()], Palette = SegmentationPalette.FromNames("a", "b", "c") });
        using var loader = new VocSegDataLoader(dataset, new() { BatchSize = 4 });
        foreach (var batch in loader)
            Assert.Equal(5 * 11, batch.Label.Values<long>().Count(value => value != 255));
    }

    [Fact]
    public void A_part_of_the_largest_size_is_not_taken_for_one_within_its_image()
    {
        var part = catalog
            .Where(sample => sample.Size == new ImageSize(17, 31))
            .Select(sample => sample with { Region = new(1, 1, (int.MaxValue, int.MaxValue)) });
        using var dataset = new VocSegDataset(part, new() { Transforms = [new RandomCrop((4, 4))], Seed = 1 });
        Assert.False(dataset.Source.OnlyCrops);
    }

    [Fact]
    public void A_stride_that_leaves_gaps_or_does_not_move_is_refused()
    {
        Assert.Throws<ArgumentException>(() => catalog.Tiles((4, 4), (5, 4)));
        Assert.Throws<ArgumentException>(() => catalog.Tiles((4, 4), (4, 5)));
        Assert.Throws<ArgumentException>(() => catalog.Tiles((4, 4), default(ImageSize)));
        Assert.Throws<ArgumentException>(() => catalog.Tiles(default));
    }

    /// <summary>How often each pixel of each image lies in a tile, by plain loops.</summary>
    private static Dictionary<string, int[]> Coverage(SampleCatalog tiles)
    {
        var times = new Dictionary<string, int[]>(StringComparer.Ordinal);
        foreach (var tile in tiles.Samples)
        {
            if (!times.TryGetValue(tile.ImagePath, out var image))
                times.Add(tile.ImagePath, image = new int[tile.Size.Height * tile.Size.Width]);
            var region = tile.Region!.Value;
            for (var row = region.Top; row < region.Top + region.Size.Height; row++)
            {
                for (var column = region.Left; column < region.Left + region.Size.Width; column++)
                {
                    if (row < tile.Size.Height && column < tile.Size.Width)
                        image[row * tile.Size.Width + column]++;
                }
            }
        }
        Assert.Equal(ImageSizes.Length, times.Count);
        return times;
    }
}
