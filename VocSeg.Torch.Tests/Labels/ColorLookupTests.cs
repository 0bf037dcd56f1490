using TorchSharp;

namespace VocSeg.Torch.Tests.Labels;

[Collection(LiveTensors.Name)]
public sealed class LookupTableTests
{
    [Theory]
    [InlineData(UnknownColor.Ignore)]
    [InlineData(UnknownColor.Background)]
    public void Every_one_of_the_16777216_colours_becomes_its_class_index(UnknownColor unknown)
    {
        var palette = SegmentationPalette.Voc with { UnknownColor = unknown };
        var expected = palette.Colors
            .Select((color, index) => (color, index))
            .ToDictionary(pair => pair.color, pair => (long)pair.index);
        expected.Add(new(224, 224, 192), 255);
        var fallback = unknown == UnknownColor.Ignore ? 255L : 0L;

        using var scope = torch.NewDisposeScope();
        using var lookup = ColorLookup.Acquire(palette);
        // One image of 4096x4096 holds each colour once: its row and column spell it.
        var rgb = new byte[4096 * 4096 * 3];
        for (var color = 0; color < 1 << 24; color++)
        {
            rgb[color * 3] = (byte)(color >> 16);
            rgb[color * 3 + 1] = (byte)(color >> 8);
            rgb[color * 3 + 2] = (byte)color;
        }
        var classIndex = lookup.ToClassIndex(torch.tensor(rgb, torch.uint8).view(1, 4096, 4096, 3));

        Assert.Equal([1, 4096, 4096], classIndex.shape);
        Assert.Equal(torch.int64, classIndex.dtype);
        using var found = classIndex.data<long>();
        var values = found.ToArray();
        for (var color = 0; color < 1 << 24; color++)
        {
            var key = new RgbColor((byte)(color >> 16), (byte)(color >> 8), (byte)color);
            if (values[color] != expected.GetValueOrDefault(key, fallback))
                Assert.Fail($"{key} became {values[color]}");
        }
    }

    [Fact]
    public void Alpha_does_not_count()
    {
        using var scope = torch.NewDisposeScope();
        using var lookup = ColorLookup.Acquire(SegmentationPalette.Voc);
        var rgba = torch.tensor(new byte[] { 192, 128, 128, 255, 192, 128, 128, 0 }, torch.uint8).view(1, 2, 4);
        Assert.Equal([15L, 15L], lookup.ToClassIndex(rgba).data<long>().ToArray());
    }

    [Fact]
    public void Table_is_shared_while_it_is_held_and_freed_with_its_last_holder()
    {
        var before = torch.Tensor.TotalCount;
        var first = ColorLookup.Acquire(SegmentationPalette.Voc);
        var second = ColorLookup.Acquire(SegmentationPalette.Voc with { }, torch.CPU);
        Assert.Same(first, second);
        Assert.Equal(before + 1, torch.Tensor.TotalCount);
        Assert.Equal([1L << 24], first.Table.shape);
        Assert.Equal(torch.uint8, first.Table.dtype);
        using (var other = ColorLookup.Acquire(SegmentationPalette.VocTextbook))
            Assert.NotSame(first, other);
        first.Dispose();
        Assert.Equal(1L << 24, second.Table.numel());
        second.Dispose();
        Assert.Equal(before, torch.Tensor.TotalCount);
    }

    [Fact]
    public void Other_types_and_shapes_are_refused()
    {
        using var scope = torch.NewDisposeScope();
        using var lookup = ColorLookup.Acquire(SegmentationPalette.Voc);
        Assert.Contains(
            "(2, 2)",
            Assert.Throws<ArgumentException>(() => lookup.ToClassIndex(torch.zeros(2, 2, torch.uint8))).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "Float32",
            Assert.Throws<ArgumentException>(() => lookup.ToClassIndex(torch.zeros(2, 3))).Message,
            StringComparison.Ordinal);
    }
}
