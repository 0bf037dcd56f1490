namespace VocSeg.Torch.Tests.Labels;

/// <summary>What numbers in label files mean by a map, against a dictionary, and what a map refuses.</summary>
public sealed class IndexMapTests
{
    private const int Width = 50;

    private static readonly SegmentationPalette Classes = SegmentationPalette.FromNames(
        Enumerable.Range(0, 40).Select(i => $"class {i}"));

    public static TheoryData<string> Kinds => [.. IndexFiles.Kinds];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_kind_of_file_is_read_as_a_dictionary_says(string kind)
    {
        var random = new Random(7);
        for (var round = 0; round < 6; round++)
        {
            var most = IndexFiles.IsWide(kind) ? 65536 : 256;
            var dictionary = new Dictionary<int, int>();
            while (dictionary.Count < 60)
                dictionary[random.Next(most)] = random.Next(IndexMap.Ignore, 40);
            dictionary[most - 1] = round % 40;
            var ignoreIndex = (byte)(round % 2 == 0 ? 255 : 40 + random.Next(215));
            var palette = Classes with { IndexMap = MapOf(dictionary), IgnoreIndex = ignoreIndex };
            int[] known = [.. dictionary.Keys];
            int[] values = [.. Enumerable.Range(0, 40 * Width).Select(_ => known[random.Next(known.Length)])];
            byte Expected(int value, byte unknown) =>
                !dictionary.TryGetValue(
                    value, out var index) ? unknown : index == IndexMap.Ignore ? ignoreIndex : (byte)index;

            var expected = values.Select(value => Expected(value, 0));
            Assert.Equal(
                expected, DecodedLabels.Decode(palette, IndexFiles.Write(kind, Width, values, round % 3 == 0), Width));

            var (other, place) = (random.Next(most), random.Next(values.Length));
            while (dictionary.ContainsKey(other))
                other = random.Next(most);
            values[place] = other;
            var file = IndexFiles.Write(kind, Width, values);
            Assert.Contains(
                $"row {place / Width}, column {place % Width} has the value {other}, which",
                DecodedLabels.Fault(palette, file, Width),
                StringComparison.Ordinal);
            foreach (
                var (
                    unknown, index) in new[] { (UnknownColor.Ignore, ignoreIndex), (UnknownColor.Background, (byte)0) })
                Assert.Equal(
                    values.Select(value => Expected(value, index)),
                    DecodedLabels.Decode(palette with { UnknownColor = unknown }, file, Width));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void Few_bits_are_mapped_too(int depth)
    {
        var top = (1 << depth) - 1;
        int[] values = [.. Enumerable.Range(0, 2 * Width).Select(i => i % 2 * top)];
        var file = PngWriter.Write(Width, 2, PngWriter.Gray, depth, values);
        var palette = Classes with { IndexMap = IndexMap.FromPairs((0, 3), (top, IndexMap.Ignore)) };
        Assert.Equal(values.Select(value => (byte)(value == 0 ? 3 : 255)), DecodedLabels.Decode(palette, file, Width));
    }

    [Fact]
    public void With_a_map_255_is_what_the_map_says()
    {
        int[] mask = [.. Enumerable.Range(0, 2 * Width).Select(i => i % 2 * 255)];
        var file = IndexFiles.Write("gray8", Width, mask);
        var crack = SegmentationPalette.FromNames("background", "crack") with
        {
            IndexMap = IndexMap.FromPairs((0, 0), (255, 1)),
        };
        Assert.Equal(mask.Select(value => (byte)(value / 255)), DecodedLabels.Decode(crack, file, Width));
        Assert.Equal(
            mask.Select(value => (byte)(value / 255)),
            DecodedLabels.Decode(crack with { IgnoreIndex = 2 }, file, Width));
        Assert.Equal(
            mask.Select(value => (byte)(value / 255)),
            DecodedLabels.Decode(crack with { LabelEncoding = LabelEncoding.Auto }, file, Width));
        Assert.Contains(
            "the value 255, which",
            DecodedLabels.Fault(crack with { IndexMap = IndexMap.FromPairs((0, 0)) }, file, Width),
            StringComparison.Ordinal);
    }

    [Fact]
    public void With_auto_the_map_is_for_8_bit_gray_and_colours_stay_colours()
    {
        var map = IndexMap.FromPairs((0, 5), (1, IndexMap.Ignore), (255, 1));
        var palette = SegmentationPalette.Voc with { IndexMap = map };
        int[] values = [0, 1, 255, 0];
        Assert.Equal([5, 255, 1, 5], DecodedLabels.Decode(palette, IndexFiles.Write("gray8", 2, values), 2));
        Assert.Equal([0, 1, 255, 0], DecodedLabels.Decode(palette, IndexFiles.Write("palette", 2, values), 2));
        // Without the map this one is black and white.
        var both = SegmentationPalette.Binary with { LabelEncoding = LabelEncoding.Auto };
        Assert.Equal([0, 1], DecodedLabels.Decode(both, IndexFiles.Write("gray8", 2, [0, 255]), 2));
        Assert.Equal(
            [1, 0],
            DecodedLabels.Decode(
                both with { IndexMap = IndexMap.FromPairs((0, 1), (255, 0)) },
                IndexFiles.Write("gray8", 2, [0, 255]),
                2));
        Assert.Contains(
            "LabelEncoding.Indices",
            DecodedLabels.Fault(palette, IndexFiles.Write("gray16", 2, values), 2),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_palette_that_takes_unknown_values_for_background_still_ignores_what_the_map_ignores()
    {
        var palette = Classes with
        {
            IndexMap = IndexMap.FromPairs((1, 1), (7, IndexMap.Ignore)),
            UnknownColor = UnknownColor.Background,
        };
        Assert.Equal([1, 255, 0, 0], DecodedLabels.Decode(palette, IndexFiles.Write("gray8", 2, [1, 7, 8, 255]), 2));
    }

    [Fact]
    public void The_remedy_fits_the_file()
    {
        var mapped = SegmentationPalette.Cityscapes;
        // Train ids where label ids were meant: only 255 tells.
        Assert.Contains(
            "set IndexMap = null",
            DecodedLabels.Fault(mapped, IndexFiles.Write("gray8", 2, [8, 18, 255, 0]), 2),
            StringComparison.Ordinal);
        Assert.Contains(
            "IndexMap.Ignore in the map",
            DecodedLabels.Fault(mapped, IndexFiles.Write("gray8", 2, [8, 18, 200, 0]), 2),
            StringComparison.Ordinal);
        var colors = PngWriter.Write(2, 1, PngWriter.Rgb, 8, [128, 64, 128, 0, 0, 0]);
        Assert.Contains(
            "set IndexMap = null and LabelEncoding = LabelEncoding.Colors",
            DecodedLabels.Fault(mapped, colors, 2),
            StringComparison.Ordinal);
        Assert.Equal(
            [0, 255],
            DecodedLabels.Decode(mapped with { IndexMap = null, LabelEncoding = LabelEncoding.Colors }, colors, 2));
        Assert.Contains(
            "by an IndexMap",
            DecodedLabels.Fault(Classes, IndexFiles.Write("gray16", 2, [1000, 0]), 2),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gray8")]
    [InlineData("rgb")]
    public void Shades_of_gray_between_black_and_white_are_split_by_ranges(string kind)
    {
        var file = IndexFiles.Write(kind, 2, [0, 255, 8, 200]);
        Assert.Contains(
            "with { IndexMap = IndexMap.FromRanges((0, 127, 0), (128, 255, 1)) }",
            DecodedLabels.Fault(SegmentationPalette.Binary, file, 2),
            StringComparison.Ordinal);
        var split = SegmentationPalette.FromNames("background", "foreground") with
        {
            IndexMap = IndexMap.FromRanges((0, 127, 0), (128, 255, 1)),
        };
        Assert.Equal([0, 1, 0, 1], DecodedLabels.Decode(split, file, 2));
    }

    [Fact]
    public void Ranges_are_not_advised_where_shades_are_not_the_indices()
    {
        byte[][] files =
        [
            PngWriter.Write(2, 2, PngWriter.Palette, 8, [0, 1, 2, 3], [0, 0, 0, 255, 255, 255, 8, 8, 8, 200, 200, 200]),
            PngWriter.Write(2, 2, PngWriter.Palette, 8, [0, 1, 2, 3], [0, 0, 0, 1, 7, 7, 2, 2, 9, 3, 3, 3]),
            PngWriter.Write(2, 2, PngWriter.Gray, 4, [0, 15, 3, 12]),
            PngWriter.Write(2, 2, PngWriter.Gray, 16, [0, 65535, 257 * 8, 257 * 200]),
        ];
        foreach (var file in files)
        {
            var message = DecodedLabels.Fault(SegmentationPalette.Binary, file, 2);
            Assert.Contains("SegmentationPalette(colors, names)", message, StringComparison.Ordinal);
            Assert.DoesNotContain("FromRanges", message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Foreground_is_what_the_map_makes_of_the_file()
    {
        var palette = Classes with { IndexMap = IndexMap.FromPairs((9, 0), (10, IndexMap.Ignore), (0, 1)) };
        using var files = new LoadedFiles();
        var decoder = new LabelDecoder(palette);
        decoder.DecodeClassIndex(files.Load(IndexFiles.Write("gray8", 2, [9, 10])), new(1, 2), 0, 1, new byte[2]);
        Assert.False(decoder.SawForeground);
        decoder.DecodeClassIndex(files.Load(IndexFiles.Write("gray8", 2, [9, 0])), new(1, 2), 0, 1, new byte[2]);
        Assert.True(decoder.SawForeground);
    }

    [Fact]
    public void Ranges_and_pairs_that_say_the_same_are_the_same_map()
    {
        var ranges = IndexMap.FromRanges((0, 2, 1), (3, 3, 1), (24000, 24999, 11), (5, 6, IndexMap.Ignore));
        var pairs = IndexMap.FromPairs(
            [
                (5, IndexMap.Ignore), (6, IndexMap.Ignore),
                .. Enumerable.Range(0, 4).Select(i => (i, 1)),
                .. Enumerable.Range(24000, 1000).Select(i => (i, 11)),
            ]);
        Assert.Equal(ranges, pairs);
        Assert.Equal(ranges.GetHashCode(), pairs.GetHashCode());
        Assert.Equal([(0, 3, 1), (5, 6, IndexMap.Ignore), (24000, 24999, 11)], pairs.Ranges);
        Assert.Equal("0-3 -> 1, 5-6 -> ignore, 24000-24999 -> 11", pairs.ToString());
        Assert.NotEqual(ranges, IndexMap.FromRanges((0, 3, 1), (24000, 24999, 11)));
        Assert.True(ranges.TryGetClassIndex(24500, out var index));
        Assert.Equal(11, index);
        foreach (var unnamed in new[] { -1, 4, 23999, 25000, 65535, int.MaxValue, int.MinValue })
            Assert.False(ranges.TryGetClassIndex(unnamed, out _));
    }

    [Fact]
    public void The_rest_may_be_named_at_once()
    {
        var map = IndexMap.FromPairs((7, 0), (65535, 1)).WithRest(IndexMap.Ignore);
        Assert.Equal([(0, 6, IndexMap.Ignore), (7, 7, 0), (8, 65534, IndexMap.Ignore), (65535, 65535, 1)], map.Ranges);
        Assert.Equal(map, map.WithRest(3));
    }

    [Fact]
    public void Wrong_maps_fail_when_they_are_made()
    {
        string Fault(Func<object> make) => Assert.Throws<ArgumentException>(() => make()).Message;
        Assert.Contains("at least one", Fault(() => IndexMap.FromPairs()), StringComparison.Ordinal);
        Assert.Contains("65536", Fault(() => IndexMap.FromPairs((65536, 0))), StringComparison.Ordinal);
        Assert.Contains("-1", Fault(() => IndexMap.FromPairs((-1, 0))), StringComparison.Ordinal);
        Assert.Contains("5-4", Fault(() => IndexMap.FromRanges((5, 4, 0))), StringComparison.Ordinal);
        Assert.Contains("becomes 254", Fault(() => IndexMap.FromPairs((0, 254))), StringComparison.Ordinal);
        Assert.Contains("becomes -2", Fault(() => IndexMap.FromPairs((0, -2))), StringComparison.Ordinal);
        Assert.Contains("becomes 300", Fault(() => IndexMap.FromPairs((0, 0)).WithRest(300)), StringComparison.Ordinal);
        Assert.Contains(
            "value 7 is named twice", Fault(() => IndexMap.FromRanges((0, 7, 0), (7, 9, 0))), StringComparison.Ordinal);
        Assert.Contains(
            "value 3 becomes class 40",
            Fault(() => Classes with { IndexMap = IndexMap.FromPairs((3, 40)) }),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_map_beside_colours_fails_when_the_palette_is_made()
    {
        var map = IndexMap.FromPairs((0, 0));
        Assert.Contains(
            "IndexMap = null",
            Assert.Throws<ArgumentException>(() => SegmentationPalette.Binary with { IndexMap = map }).Message,
            StringComparison.Ordinal);
        var mapped = Classes with { IndexMap = map };
        Assert.Contains(
            "IndexMap = null",
            Assert.Throws<ArgumentException>(() => mapped with { LabelEncoding = LabelEncoding.Colors }).Message,
            StringComparison.Ordinal);
        Assert.Null((mapped with { IndexMap = null, LabelEncoding = LabelEncoding.Colors }).IndexMap);
    }

    private static IndexMap MapOf(Dictionary<int, int> dictionary) =>
        IndexMap.FromPairs(dictionary.Select(pair => (pair.Key, pair.Value)));
}
