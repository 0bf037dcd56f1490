namespace VocSeg.Torch.Tests.Transforms;

/// <summary>Where each transform takes its pixels from, by numbers that were worked out by hand.</summary>
public sealed class TransformGeometryTests
{
    private static readonly SegmentationSample Sample = new("a", "a.jpg", "a.png", new(40, 60));

    public static TheoryData<string> Names => [.. All.Keys];

    private static Dictionary<string, SampleTransform[]> All => new()
    {
        ["horizontal flip"] = [new RandomHorizontalFlip(), new Whole()],
        ["vertical flip"] = [new RandomVerticalFlip(), new Whole()],
        ["scale"] = [new RandomScale(), new Whole()],
        ["rotation"] = [new RandomRotation(180), new Whole()],
        ["affine"] = [new RandomAffine(45, (0.2, 0.3), (0.5, 2), (30, 20)), new Whole()],
        ["resize"] = [new Resize(new(33, 91)), new Whole()],
        ["letterbox"] = [new Letterbox(new(33, 91)), new Whole()],
        ["resized crop"] = [new RandomResizedCrop(new(33, 91))],
        ["pad and crop"] = [new PadIfSmaller(new(50, 50)), new RandomCrop(new(50, 50))],
        ["center crop"] = [new CenterCrop(new(21, 31))],
        ["strong"] =
        [
            new RandomScale(), new PadIfSmaller(new(32, 32)), new RandomCrop(new(32, 32), 0.75),
            new RandomHorizontalFlip(), new RandomRotation(10), new PhotometricDistortion(),
        ],
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void The_way_to_the_source_and_the_way_back_are_inverse(string name)
    {
        var chain = new TransformChain([.. All[name]]);
        for (var index = 0; index < 200; index++)
        {
            var map = chain.Draw(Sample, 1, 0, index).Geometry;
            foreach (var (row, column) in new[] { (0.0, 0.0), (0.5, 7.5), (31.25, 3), (-4, 90) })
            {
                var there = map.ToSource(row, column);
                var back = map.ToOutput(there.Row, there.Column);
                Assert.Equal(row, back.Row, 1e-9);
                Assert.Equal(column, back.Column, 1e-9);
            }
            Assert.Equal(Sample.Size, map.Source);
        }
    }

    [Fact]
    public void A_flip_takes_the_first_pixel_from_the_other_end()
    {
        var map = Draw(new RandomHorizontalFlip(1), new Whole());
        Assert.Equal(((0.5, 59.5), (39.5, 0.5)), (map.ToSource(0.5, 0.5), map.ToSource(39.5, 59.5)));
        map = Draw(new RandomVerticalFlip(1), new Whole());
        Assert.Equal(((39.5, 0.5), (0.5, 59.5)), (map.ToSource(0.5, 0.5), map.ToSource(39.5, 59.5)));
        map = Draw(new RandomHorizontalFlip(1), new RandomVerticalFlip(1), new Whole());
        Assert.Equal((38.5, 57.5), map.ToSource(1.5, 2.5));
        map = Draw(new RandomHorizontalFlip(1), new RandomHorizontalFlip(1), new Whole());
        Assert.Equal((1.5, 2.5), map.ToSource(1.5, 2.5));
    }

    [Theory]
    [InlineData(2, 80, 120)]
    [InlineData(0.5, 20, 30)]
    [InlineData(0.26, 10, 16)]
    [InlineData(0.0125, 1, 1)]
    [InlineData(0.01, 1, 1)]
    public void A_scale_rounds_both_sides_to_whole_pixels_and_keeps_the_borders(double factor, int height, int width)
    {
        var map = Draw(new RandomScale(factor, factor), new Whole());
        Assert.Equal(new(height, width), map.Output);
        Assert.Equal((0, 0), map.ToSource(0, 0));
        var (row, column) = map.ToSource(height, width);
        Assert.Equal(40, row, 1e-9);
        Assert.Equal(60, column, 1e-9);
    }

    [Fact]
    public void A_resize_fills_its_size_and_a_letterbox_keeps_the_ratio_in_the_middle()
    {
        var map = Draw(new Resize(new(80, 30)), new Whole());
        Assert.Equal(new(80, 30), map.Output);
        Assert.Equal((0.25, 1), map.ToSource(0.5, 0.5));
        // 40x60 becomes 20x30, with 5 rows above and 6 below.
        map = Draw(new Letterbox(new(31, 30)), new Whole());
        Assert.Equal(new(31, 30), map.Output);
        Assert.Equal(((-10, 0), (0, 0), (40, 60)), (map.ToSource(0, 0), map.ToSource(5, 0), map.ToSource(25, 30)));
        // 40x60 becomes 20x30, with 5 columns to the left and 5 to the right.
        map = Draw(new Letterbox(new(20, 40)), new Whole());
        Assert.Equal(((0, -10), (0, 0), (40, 60)), (map.ToSource(0, 0), map.ToSource(0, 5), map.ToSource(20, 35)));
    }

    [Theory]
    [InlineData(90, 30, 30)]
    [InlineData(-90, 10, 30)]
    [InlineData(180, 20, 20)]
    public void An_affine_map_turns_clockwise_about_the_middle(double degrees, double row, double column)
    {
        // What lies ten columns to the right of the middle goes below it, above it or to its left.
        var map = Move(degrees, 0, 0, 1, (0, 0));
        Near((row, column), map.ToOutput(20, 40));
        Near((20, 40), map.ToSource(row, column));
    }

    [Fact]
    public void An_affine_map_shears_first_then_scales_and_then_moves_by_whole_pixels()
    {
        // Twice as large: what lay one pixel from the middle lies two from it, and all moves by (3, -4).
        var map = Move(0, 3, -4, 2, (0, 0));
        Near((21, 31), map.ToSource(20 + 2 - 4, 30 + 2 + 3));
        // A shear of 45 degrees along rows moves what lies a row below the middle a column to the left.
        map = Move(0, 0, 0, 1, (45, 0));
        Near((21, 30), map.ToSource(21, 29));
        Near((20, 37), map.ToSource(20, 37));
        // Along columns it moves what lies a column to the right of the middle a row up.
        map = Move(0, 0, 0, 1, (0, 45));
        Near((20, 31), map.ToSource(19, 31));
        // Both, and then a quarter turn clockwise: column and row (0, 1) of the middle go left to (-1, 1), then down to
        // (-1, 2), and by the turn to (-2, -1).
        map = Move(90, 0, 0, 1, (45, 45));
        Near((21, 30), map.ToSource(20 - 1, 30 - 2));
        RandomAffine moved = new(0) { Translate = (0.3, 0.3) };
        Assert.All(
            Enumerable.Range(0, 100).Select(index => Draw(index, moved, new Whole())),
            map => Assert.True(
                map is { IsMoved: true, XX: 1, YY: 1 } && Math.Abs(map.X0) <= 18 && Math.Abs(map.Y0) <= 12));
    }

    [Fact]
    public void A_rotation_turns_counter_clockwise_where_its_angle_is_above_0()
    {
        // Of all draws about half turn what lies to the right of the middle up.
        RandomRotation turn = new(90);
        var up = Enumerable.Range(0, 400).Count(index => Draw(index, turn, new Whole()).ToOutput(20, 40).Row < 20);
        Assert.InRange(up, 150, 250);
        var angle = new SampleRandom(1, 0, 7, 0, SampleRandom.StreamOf(nameof(RandomRotation), 0)).Between(-90, 90);
        var place = Draw(7, turn, new Whole()).ToOutput(20, 40);
        var (sin, cos) = Math.SinCos(angle * Math.PI / 180);
        Near((20 - 10 * sin, 30 + 10 * cos), place);
    }

    [Fact]
    public void A_chain_is_the_maps_of_its_transforms_one_after_another()
    {
        var map = Draw(
            new RandomScale(2, 2), new RandomHorizontalFlip(1), new PadIfSmaller(new(100, 100)),
            new CenterCrop(new(20, 20)), new RandomVerticalFlip(1));
        Assert.Equal(new(20, 20), map.Output);
        // Row 1 from below of the crop is row 18, of the padded sample 40 + 18, of the scaled one the same, half of it.
        Near(((40 + 18) / 2.0, (120 - (50 + 3)) / 2.0), map.ToSource(2, 3));
    }

    [Fact]
    public void What_a_transform_makes_is_never_smaller_or_larger_than_it_says()
    {
        foreach (var transforms in All.Values)
        {
            var chain = new TransformChain([.. transforms]);
            foreach (var size in new ImageSize[] { new(40, 60), new(60, 40), new(50, 50), new(77, 200) })
            {
                if (!chain.CanTake(size))
                    continue;
                for (var index = 0; index < 100; index++)
                {
                    var output = chain.Draw(Sample with { Size = size }, 1, 0, index).Geometry.Output;
                    Assert.True(chain.Largest(size).Holds(output));
                    Assert.True(output.Holds(transforms.Aggregate(size, (least, next) => next.Smallest(least))));
                }
            }
        }
    }

    private static SampleGeometry Draw(params SampleTransform[] transforms) => Draw(0, transforms);

    private static SampleGeometry Draw(long index, params SampleTransform[] transforms) =>
        SampleGeometry.Draw(Sample, transforms, seed: 1, epoch: 0, index);

    private static SampleGeometry Move(
        double degrees, double moveX, double moveY, double scale, (double, double) shear) =>
        RandomAffine.Move(SampleGeometry.Of(Sample), degrees, moveX, moveY, scale, shear);

    private static void Near((double Row, double Column) expected, (double Row, double Column) actual)
    {
        Assert.Equal(expected.Row, actual.Row, 1e-9);
        Assert.Equal(expected.Column, actual.Column, 1e-9);
    }
}
