namespace VocSeg.Torch.Tests.Catalog;

public sealed class RandomSplitTests : IDisposable
{
    private readonly PairFolder set = new();

    public RandomSplitTests() => set.Add("a.png").Add("other/b.png");

    public void Dispose() => set.Dispose();

    [Fact]
    public void Parts_are_disjoint_and_together_the_whole_where_fractions_are_1()
    {
        var catalog = Many(1000);
        var parts = catalog.Split(7, 0.7, 0.2, 0.1);
        Assert.Equal(Ids(catalog).Order(StringComparer.Ordinal), parts.SelectMany(Ids).Order(StringComparer.Ordinal));
        Assert.Equal(1000, parts.SelectMany(Ids).Distinct().Count());
        // Five standard deviations of a draw.
        Assert.InRange(parts[0].Samples.Count, 700 - 72, 700 + 72);
        Assert.InRange(parts[1].Samples.Count, 200 - 63, 200 + 63);
        Assert.InRange(parts[2].Samples.Count, 100 - 47, 100 + 47);
        Assert.All(parts, part => Assert.Equal(Ids(part).OrderBy(int.Parse), Ids(part)));
        Assert.Equal($"{catalog.Name} (part 2 of 3: 0.2, seed 7)", parts[1].Name);
    }

    [Fact]
    public void What_fractions_leave_over_is_in_no_part()
    {
        var parts = Many(1000).Split(7, 0.5, 0.25);
        Assert.InRange(parts.Sum(part => part.Samples.Count), 750 - 68, 750 + 68);
    }

    [Fact]
    public void Parts_stay_as_they_are_for_all_time()
    {
        // By another implementation of XXH64: the first 53 bits of the hash of "2" with seed 1 lie below the half, and so on.
        Assert.Equal(["0", "1", "2", "3", "4", "5", "8", "9"], Ids(Many(10).Split(1, 0.5, 0.5)[0]));
        Assert.NotEqual(Ids(Many(100).Split(1, 0.5, 0.5)[0]), Ids(Many(100).Split(2, 0.5, 0.5)[0]));
    }

    [Fact]
    public void A_sample_stays_in_its_part_when_others_come_or_the_order_or_folder_changes()
    {
        var parts = Many(300).Split(3, 0.8, 0.2);
        var more = Many(600).Split(3, 0.8, 0.2);
        var moved = SampleCatalog.FromPairs(Numbers(300).Reverse().Select(number => ($"{number}", Link(number, "moved"), (string?)null))).Split(3, 0.8, 0.2);
        for (var part = 0; part < 2; part++)
        {
            Assert.Equal(Ids(parts[part]), Ids(more[part]).Where(id => int.Parse(id) < 300));
            Assert.Equal(Ids(parts[part]), Ids(moved[part]).Reverse());
        }
    }

    [Fact]
    public void A_larger_first_part_keeps_what_it_had()
    {
        var (small, large) = (Many(300).Split(3, 0.6, 0.4)[0], Many(300).Split(3, 0.7, 0.3)[0]);
        Assert.Empty(Ids(small).Except(Ids(large)));
    }

    [Fact]
    public void Tiles_repeats_and_parts_of_one_image_stay_together()
    {
        var catalog = Many(40);
        foreach (var whole in new[] { catalog.Tiles((2, 3)), catalog.Repeat(3), catalog.Tiles((4, 4)).Tiles((2, 2)) })
        {
            var (parts, of) = (whole.Split(5, 0.5, 0.5), catalog.Split(5, 0.5, 0.5));
            for (var part = 0; part < 2; part++)
                Assert.Equal(Ids(of[part]), Ids(parts[part]).Select(id => id.Split('@')[0]).Distinct());
        }
        var halves = SampleCatalog.FromPairs(Numbers(100).Select(number => ($"{number}", Link(number / 2, "half"), (string?)null)));
        var split = halves.Split(5, 0.5, 0.5);
        Assert.Empty(Images(split[0]).Intersect(Images(split[1])));
    }

    [Fact]
    public void Groups_stay_together_also_where_images_join_them()
    {
        var patients = Many(100).Select(sample => sample with { Group = "patient " + int.Parse(sample.Id) / 10 }).Split(4, 0.5, 0.5);
        Assert.Empty(patients[0].Samples.Select(sample => sample.Group).Intersect(patients[1].Samples.Select(sample => sample.Group)));

        // Image n belongs to the groups n and n + 1, so that all are one, and one of two parts is empty.
        var chain = SampleCatalog.FromPairs(Numbers(20).Select(number => ($"{number}", Link(number / 2, "chain"), (string?)null)))
            .Select(sample => sample with { Group = $"{(int.Parse(sample.Id) + 1) / 2}" });
        foreach (var seed in Numbers(5))
            Assert.Contains("none of the 20 samples", Assert.Throws<DatasetException>(() => chain.Split(seed, 0.5, 0.5)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => chain.Select(sample => sample with { Group = "" }));
    }

    [Fact]
    public void A_part_without_samples_is_an_error()
    {
        var error = Assert.Throws<DatasetException>(() => Many(3).Split(1, 0.999, 0.0001));
        Assert.Contains("part 2 of 2", error.Message, StringComparison.Ordinal);
        Assert.Contains("another seed", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData]
    [InlineData(0.0)]
    [InlineData(0.5, -0.1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(0.7, 0.2, 0.2)]
    public void Fractions_are_above_0_and_at_most_1_together(params double[] fractions) =>
        Assert.Throws<ArgumentException>(() => Many(3).Split(1, fractions));

    private SampleCatalog Many(int count) =>
        SampleCatalog.FromPairs(Numbers(count).Select(number => ($"{number}", Link(number, "many"), (string?)null)));

    /// <summary>A path of its own for each number; all lead to one image.</summary>
    private string Link(int number, string folder)
    {
        Directory.CreateDirectory(set[folder]);
        var path = set[$"{folder}/{number}.png"];
        if (!File.Exists(path))
            File.Copy(set["a.png"], path);
        return path;
    }

    private static IEnumerable<int> Numbers(int count) => Enumerable.Range(0, count);

    private static IEnumerable<string> Ids(SampleCatalog catalog) => catalog.Samples.Select(sample => sample.Id);

    private static IEnumerable<string> Images(SampleCatalog catalog) => catalog.Samples.Select(sample => sample.ImagePath);
}
