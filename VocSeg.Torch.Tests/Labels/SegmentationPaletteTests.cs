namespace VocSeg.Torch.Tests.Labels;

public sealed class SegmentationPaletteTests
{
    private static readonly SegmentationPalette TwoClasses = new([new(0, 0, 0), new(10, 20, 30)], ["road", "car"]);

    [Theory]
    [InlineData("background", 0, 0, 0, 0)]
    [InlineData("aeroplane", 1, 128, 0, 0)]
    [InlineData("bird", 3, 128, 128, 0)]
    [InlineData("car", 7, 128, 128, 128)]
    [InlineData("cat", 8, 64, 0, 0)]
    [InlineData("person", 15, 192, 128, 128)]
    [InlineData("potted plant", 16, 0, 64, 0)]
    [InlineData("tv/monitor", 20, 0, 64, 128)]
    public void Voc_has_the_official_names_and_colours(string name, int index, int red, int green, int blue)
    {
        Assert.Equal(name, SegmentationPalette.Voc.ClassNames[index]);
        Assert.Equal(new RgbColor((byte)red, (byte)green, (byte)blue), SegmentationPalette.Voc.Colors[index]);
        Assert.Equal(21, SegmentationPalette.Voc.ClassCount);
    }

    [Fact]
    public void Voc_ignores_the_border_and_unknown_colours_where_that_is_wanted()
    {
        var lenient = SegmentationPalette.Voc with { UnknownColor = UnknownColor.Ignore };
        Assert.True(lenient.TryGetClassIndex(new(224, 224, 192), out var border));
        Assert.True(lenient.TryGetClassIndex(new(1, 2, 3), out var unknown));
        Assert.Equal((255, 255), (border, unknown));
    }

    [Fact]
    public void Textbook_counts_border_and_unknown_colours_as_background()
    {
        Assert.True(SegmentationPalette.VocTextbook.TryGetClassIndex(new(224, 224, 192), out var border));
        Assert.True(SegmentationPalette.VocTextbook.TryGetClassIndex(new(1, 2, 3), out var unknown));
        Assert.Equal((0, 0), (border, unknown));
    }

    [Fact]
    public void Voc_knows_border_but_no_other_colour()
    {
        var strict = SegmentationPalette.Voc;
        Assert.True(strict.TryGetClassIndex(new(224, 224, 192), out var border));
        Assert.Equal(255, border);
        Assert.False(strict.TryGetClassIndex(new(1, 2, 3), out _));
    }

    [Fact]
    public void Table_agrees_with_a_search_for_every_known_colour_and_its_neighbours()
    {
        var palette = TwoClasses with
        {
            IgnoreColors = [new(255, 255, 255)],
            IgnoreIndex = 7,
            UnknownColor = UnknownColor.Ignore,
        };
        var table = palette.BuildTable();
        Assert.Equal(1 << 24, table.Length);
        Assert.Equal(0, table[0]);
        Assert.Equal(1, table[10 + 20 * 256 + 30 * 65536]);
        Assert.Equal(7, table[(1 << 24) - 1]);
        Assert.Equal((1 << 24) - 2, table.Count(value => value == 7));
    }

    [Fact]
    public void Marker_of_unknown_colours_is_no_value_that_a_pixel_may_have()
    {
        foreach (var ignoreIndex in new byte[] { 2, 254, 255 })
        {
            var strict = TwoClasses with { UnknownColor = UnknownColor.Error, IgnoreIndex = ignoreIndex };
            Assert.NotEqual(ignoreIndex, strict.UnknownMarker);
            Assert.True(strict.UnknownMarker >= SegmentationPalette.MaxClasses);
        }
    }

    [Fact]
    public void Palettes_with_the_same_content_are_equal()
    {
        var same = new SegmentationPalette([new(0, 0, 0), new(10, 20, 30)], ["road", "car"]);
        Assert.Equal(TwoClasses, same);
        Assert.Equal(TwoClasses.GetHashCode(), same.GetHashCode());
        Assert.NotEqual(TwoClasses, same with { IgnoreIndex = 9 });
        Assert.NotEqual(TwoClasses, same with { UnknownColor = UnknownColor.Background });
        Assert.NotEqual(TwoClasses, same with { IgnoreColors = [new(1, 1, 1)] });
        Assert.NotEqual(TwoClasses, same with { FurtherColors = [(new(1, 1, 1), 1)] });
        Assert.NotEqual(TwoClasses, same with { LabelEncoding = LabelEncoding.Indices });
        var mapped = TwoClasses with { IndexMap = IndexMap.FromPairs((0, 0), (255, 1)) };
        Assert.NotEqual(TwoClasses, mapped);
        Assert.NotEqual(mapped, same with { IndexMap = IndexMap.FromPairs((0, 0), (254, 1)) });
        Assert.Equal(mapped, same with { IndexMap = IndexMap.FromPairs((255, 1), (0, 0)) });
        Assert.Equal(mapped.GetHashCode(), (same with { IndexMap = IndexMap.FromPairs((255, 1), (0, 0)) }).GetHashCode());
        Assert.Equal(TwoClasses, mapped with { IndexMap = null });
        Assert.Equal(
            TwoClasses with { FurtherColors = [(new(1, 1, 1), 1)] }, same with { FurtherColors = [(new(1, 1, 1), 1)] });
    }

    [Fact]
    public void Wrong_palettes_fail_when_they_are_made()
    {
        Assert.Contains(
            "1 to 254",
            Assert.Throws<ArgumentException>(() => new SegmentationPalette([], [])).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "class names",
            Assert.Throws<ArgumentException>(() => new SegmentationPalette([new(0, 0, 0)], [])).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "(1, 1, 1)",
            Assert.Throws<ArgumentException>(
                () => new SegmentationPalette([new(1, 1, 1), new(1, 1, 1)], ["a", "b"])).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "'car'",
            Assert.Throws<ArgumentOutOfRangeException>(() => TwoClasses with { IgnoreIndex = 1 }).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "class 1",
            Assert.Throws<ArgumentException>(() => TwoClasses with { IgnoreColors = [new(10, 20, 30)] }).Message,
            StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => TwoClasses with { UnknownColor = (UnknownColor)9 });
    }

    [Fact]
    public void Names_are_there_and_differ()
    {
        RgbColor[] colors = [new(0, 0, 0), new(1, 1, 1)];
        Assert.Contains("'car'", Assert.Throws<ArgumentException>(() => new SegmentationPalette(colors, ["car", "car"])).Message, StringComparison.Ordinal);
        Assert.Contains("Class 1", Assert.Throws<ArgumentException>(() => new SegmentationPalette(colors, ["car", " "])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Further_colours_belong_to_one_class_and_are_not_ignored()
    {
        var palette = TwoClasses with { IgnoreColors = [new(9, 9, 9)], FurtherColors = [(new(1, 1, 1), 1), (new(2, 2, 2), 0)] };
        Assert.True(palette.TryGetClassIndex(new(1, 1, 1), out var index));
        Assert.Equal(1, index);
        Assert.Equal((0, 1), (palette.BuildTable()[0x020202], palette.BuildTable()[0x010101]));
        string Fault(Func<SegmentationPalette> make) => Assert.Throws<ArgumentException>(() => make()).Message;
        Assert.Contains("(1, 1, 1) is class 1", Fault(() => palette with { IgnoreColors = [new(1, 1, 1)] }), StringComparison.Ordinal);
        Assert.Contains("(9, 9, 9) is class 0", Fault(() => palette with { FurtherColors = [(new(9, 9, 9), 0)] }), StringComparison.Ordinal);
        Assert.Contains("(10, 20, 30)", Fault(() => palette with { FurtherColors = [(new(10, 20, 30), 0)] }), StringComparison.Ordinal);
        Assert.Contains("(3, 3, 3)", Fault(() => palette with { FurtherColors = [(new(3, 3, 3), 0), (new(3, 3, 3), 1)] }), StringComparison.Ordinal);
        Assert.Contains("class 2", Fault(() => palette with { FurtherColors = [(new(3, 3, 3), 2)] }), StringComparison.Ordinal);
    }

    [Fact]
    public void Names_alone_make_a_palette_of_indices_with_colours_that_differ()
    {
        var palette = SegmentationPalette.FromNames("road", "car", "tree");
        Assert.Equal(["road", "car", "tree"], palette.ClassNames);
        Assert.Equal(LabelEncoding.Indices, palette.LabelEncoding);
        Assert.Equal(palette, SegmentationPalette.FromNames(["road", "car", "tree"]));
        var most = SegmentationPalette.FromNames(Enumerable.Range(0, 254).Select(i => $"class {i}"));
        Assert.Equal(254, most.Colors.Distinct().Count());
        Assert.Equal(SegmentationPalette.Voc.Colors, most.Colors[..21]);
    }

    [Fact]
    public void Wrong_names_are_said_as_names()
    {
        string Fault(params string[] names) => Assert.Throws<ArgumentException>(() => SegmentationPalette.FromNames(names)).Message;
        Assert.Contains("0 names", Fault(), StringComparison.Ordinal);
        Assert.Contains("255 names", Fault([.. Enumerable.Range(0, 255).Select(i => $"{i}")]), StringComparison.Ordinal);
        Assert.Contains("'a'", Fault("a", "b", "a"), StringComparison.Ordinal);
        Assert.Contains("Class 1", Fault("a", ""), StringComparison.Ordinal);
    }
}
