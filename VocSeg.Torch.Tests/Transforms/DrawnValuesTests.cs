namespace VocSeg.Torch.Tests.Transforms;

/// <summary>What is drawn is distributed as the documentation says, and one draw tells nothing of another.</summary>
public sealed class DrawnValuesTests
{
    private const int Draws = 20_000;
    private const double ThirdLog = 1.0986122886681098;

    // So large that rounding to whole pixels does not show.
    private static readonly ImageSize Large = new(30_000, 30_000);

    [Theory]
    [InlineData(0)]
    [InlineData(0.1)]
    [InlineData(0.5)]
    [InlineData(1)]
    public void Flips_and_grays_come_as_often_as_asked_for(double probability)
    {
        var deviation = Math.Sqrt(probability * (1 - probability) / Draws);
        (SampleTransform, Func<SampleGeometry, ColorMatrix, bool>)[] cases =
        [
            (new RandomHorizontalFlip(probability), (map, _) => map.XX == -1),
            (new RandomVerticalFlip(probability), (map, _) => map.YY == -1),
            (new RandomGrayscale(probability), (_, color) => color == ColorMatrix.Saturation(0)),
        ];
        foreach (var (transform, isDone) in cases)
        {
            var done = Each([transform, new Whole()]).Count(drawn => isDone(drawn.Geometry, drawn.Color));
            Assert.InRange(done / (double)Draws, probability - 5 * deviation, probability + 5 * deviation);
        }
    }

    [Fact]
    public void Scales_are_uniform_and_the_same_for_both_sides()
    {
        var maps = Each([new RandomScale(0.5, 2), new Whole()]).Select(drawn => drawn.Geometry).ToArray();
        Assert.All(maps, map => Assert.Equal(map.Output.Height, map.Output.Width));
        ChiSquare.RequireUniform([.. maps.Select(map => Unit(map.Output.Width / (double)Large.Width, 0.5, 2))]);
    }

    [Fact]
    public void Angles_are_uniform_in_both_directions() =>
        ChiSquare.RequireUniform(
            [.. Each([new RandomRotation(40), new Whole()]).Select(drawn => Unit(Angle(drawn.Geometry), -40, 40))]);

    [Fact]
    public void All_parts_of_an_affine_map_are_uniform_and_independent()
    {
        var maps = Each([new RandomAffine(30, (0.2, 0.1), (0.5, 1.5), (0, 0)), new Whole()])
            .Select(drawn => drawn.Geometry).ToArray();
        double[] angles = [.. maps.Select(map => Unit(-Angle(map), -30, 30))];
        double[] scales = [.. maps.Select(map => Unit(1 / Math.Sqrt(map.XX * map.YY - map.XY * map.YX), 0.5, 1.5))];
        var middle = Large.Width / 2.0;
        var moved = maps.Select(map => map.ToOutput(middle, middle)).ToArray();
        double[] columns = [.. moved.Select(place => Unit((place.Column - middle) / Large.Width, -0.2, 0.2))];
        double[] rows = [.. moved.Select(place => Unit((place.Row - middle) / Large.Height, -0.1, 0.1))];
        double[][] all = [angles, scales, columns, rows];
        foreach (var values in all)
            ChiSquare.RequireUniform(values);
        for (var first = 0; first < all.Length; first++)
        {
            for (var second = 0; second < first; second++)
                ChiSquare.RequireIndependent(all[first].Zip(all[second]));
        }
        var shears = Each([new RandomAffine(0) { Shear = (20, 10) }, new Whole()]).Select(drawn => drawn.Geometry);
        ChiSquare.RequireIndependent(shears.Select(map => (
            // A shear along columns moves a row by its column, one along rows a column by its row.
            Unit(Math.Atan(map.YX) * 180 / Math.PI, -10, 10),
            Unit(Math.Atan(map.XY) * 180 / Math.PI, -20, 20))));
    }

    [Fact]
    public void A_resized_crop_has_the_area_the_ratio_and_the_place_that_are_asked_for()
    {
        var crop = new RandomResizedCrop(new(64, 64), (0.1, 0.3), (1.0 / 3, 3));
        var maps = Each([crop]).Select(drawn => drawn.Geometry).ToArray();
        var parts = maps.Select(map => (Height: map.YY * 64, Width: map.XX * 64)).ToArray();
        // The widest part of the largest area just lies within the sample, so that none is drawn again.
        double[] areas = [.. parts.Select(part => Unit(part.Height * part.Width / Large.Pixels, 0.1, 0.3))];
        double[] ratios = [.. parts.Select(part => Unit(Math.Log(part.Width / part.Height), -ThirdLog, ThirdLog))];
        double[] tops = [.. maps.Zip(parts, (map, part) => Unit(map.Y0 / (Large.Height - part.Height), 0, 1))];
        double[] lefts = [.. maps.Zip(parts, (map, part) => Unit(map.X0 / (Large.Width - part.Width), 0, 1))];
        double[][] all = [areas, ratios, tops, lefts];
        foreach (var values in all)
            ChiSquare.RequireUniform(values);
        ChiSquare.RequireIndependent(areas.Zip(ratios));
        ChiSquare.RequireIndependent(tops.Zip(lefts));
        ChiSquare.RequireIndependent(ratios.Zip(tops));
    }

    [Theory]
    [InlineData(10, 1000, 10, 13, 0, 493)]
    [InlineData(1000, 10, 13, 10, 493, 0)]
    public void A_resized_crop_that_finds_no_place_takes_the_middle(
        int height, int width, int partHeight, int partWidth, int top, int left)
    {
        // The area is never small enough for the ratio.
        var crop = new RandomResizedCrop(new(8, 8)) { Scale = (0.9, 1) };
        foreach (var (map, _) in Each([crop], new(height, width)).Take(50))
            Assert.Equal((partHeight, partWidth, top, left), (map.YY * 8, map.XX * 8, map.Y0, map.X0));
    }

    [Fact]
    public void The_four_changes_of_a_jitter_are_uniform_and_come_in_every_order()
    {
        var brightness = Colors(new ColorJitter(Brightness: 0.4)).Select(color => (double)color.Red.R);
        var contrast = Colors(new ColorJitter(Contrast: 0.4)).Select(color => (double)color.Red.R);
        var saturation = Colors(new ColorJitter(Saturation: 0.4)).Select(SaturationOf);
        double[][] all = [.. new[] { brightness, contrast, saturation }
            .Select(values => values.Select(value => Unit(value, 0.6, 1.4)).ToArray())];
        foreach (var values in all)
            ChiSquare.RequireUniform(values);
        ChiSquare.RequireIndependent(all[0].Zip(all[1]));
        ChiSquare.RequireIndependent(all[1].Zip(all[2]));

        // Contrast before or after brightness: as often the one as the other.
        var both = Colors(new ColorJitter(Brightness: 0.4, Contrast: 0.4)).Select((color, at) => (Color: color, at));
        var isContrastLast = both.Count(pair =>
        {
            var factor = (float)(0.6 + 0.8 * all[1][pair.at]);
            return Math.Abs(pair.Color.Constant.R - 128 * (1 - factor)) < 1e-2;
        });
        Assert.InRange(isContrastLast, Draws / 2 - 5 * Math.Sqrt(Draws) / 2, Draws / 2 + 5 * Math.Sqrt(Draws) / 2);
    }

    [Fact]
    public void A_distortion_does_each_of_its_four_changes_to_half_of_the_samples()
    {
        var none = (1.0, 1.0);
        PhotometricDistortion nothing = new() { Brightness = 0, Contrast = none, Saturation = none, HueDegrees = 0 };
        Assert.All(Colors(nothing).Take(100), color => Assert.True(color.IsIdentity));
        PhotometricDistortion all = new();
        PhotometricDistortion[] cases =
        [
            nothing with { Brightness = all.Brightness }, nothing with { Contrast = all.Contrast },
            nothing with { Saturation = all.Saturation }, nothing with { HueDegrees = all.HueDegrees },
        ];
        var changes = cases.Select(transform => Colors(transform).ToArray()).ToArray();
        var half = (Draws / 2 - 5 * Math.Sqrt(Draws) / 2, Draws / 2 + 5 * Math.Sqrt(Draws) / 2);
        foreach (var colors in changes)
            Assert.InRange(colors.Count(color => !color.IsIdentity), half.Item1, half.Item2);
        // All sixteen combinations come alike.
        var combinations = new int[16];
        for (var at = 0; at < Draws; at++)
            combinations[Enumerable.Range(0, 4).Sum(change => changes[change][at].IsIdentity ? 0 : 1 << change)]++;
        ChiSquare.RequireEqual(combinations);
        ChiSquare.RequireUniform(Changed(0, color => Unit(color.Constant.R, -32, 32)));
        ChiSquare.RequireUniform(Changed(1, color => Unit(color.Red.R, 0.5, 1.5)));
        ChiSquare.RequireUniform(Changed(2, color => Unit(SaturationOf(color), 0.5, 1.5)));
        ChiSquare.RequireUniform(Changed(3, color => Unit(DegreesOf(color), 0, 36.0001)));

        double[] Changed(int change, Func<ColorMatrix, double> value) =>
            [.. changes[change].Where(color => !color.IsIdentity).Select(value)];

        // The trace of a turn is 1 + 2 cos.
        static double DegreesOf(ColorMatrix color) =>
            Math.Acos(Math.Min(1, (color.Red.R + color.Green.G + color.Blue.B - 1) / 2)) * 180 / Math.PI;
    }

    [Fact]
    public void Samples_epochs_and_seeds_tell_nothing_of_each_other()
    {
        double Scale(long seed, long epoch, long index) => Unit(
            new TransformChain([new RandomScale(0.5, 2), new Whole()])
                .Draw(Sample(Large), seed, epoch, index).Geometry.Output.Width / (double)Large.Width, 0.5, 2);
        var places = Enumerable.Range(0, 5000);
        ChiSquare.RequireIndependent(places.Select(at => (Scale(1, 0, at), Scale(1, 0, at + 1))));
        ChiSquare.RequireIndependent(places.Select(at => (Scale(1, 0, at), Scale(1, 1, at))));
        ChiSquare.RequireIndependent(places.Select(at => (Scale(1, 0, at), Scale(2, 0, at))));
    }

    [Fact]
    public void Two_transforms_of_a_kind_draw_by_themselves()
    {
        RandomAffine turn = new(30), scale = new(0) { Scale = (0.5, 1.5) };
        var maps = Each([turn, scale, turn, new Whole()]).Select(drawn => drawn.Geometry).ToArray();
        // The sum of two independent uniform angles falls into its outer halves in a quarter of all draws.
        var outer = maps.Count(map => Math.Abs(Angle(map)) > 30);
        var deviation = Math.Sqrt(Draws * 0.25 * 0.75);
        Assert.InRange(outer, Draws * 0.25 - 5 * deviation, Draws * 0.25 + 5 * deviation);
    }

    [Fact]
    public void Another_transform_beside_it_changes_no_draw()
    {
        SampleTransform[] all =
        [
            new RandomScale(), new RandomHorizontalFlip(), new RandomVerticalFlip(), new RandomRotation(20),
            new RandomAffine(10, (0.1, 0.1), (0.9, 1.1), (5, 5)), new Resize(new(50, 60)), new Letterbox(new(40, 70)),
            new PadIfSmaller(new(80, 80)), new ColorJitter(0.2, 0.2, 0.2, 0.1), new PhotometricDistortion(),
            new RandomGrayscale(),
        ];
        foreach (var own in all)
        {
            TransformChain alone = new([own, new Whole()]);
            foreach (var other in all.Where(other => other.GetType() != own.GetType()))
            {
                TransformChain before = new([other, own, new Whole()]), after = new([own, other, new Whole()]);
                for (var index = 0; index < 20; index++)
                {
                    Assert.Equal(Steps(alone, index)[0], Steps(before, index)[1]);
                    Assert.Equal(Steps(alone, index)[0], Steps(after, index)[0]);
                }
            }
        }

        // What each transform of a chain makes of the same sample.
        static (SampleGeometry, ColorMatrix)[] Steps(TransformChain chain, long index) =>
        [
            .. Enumerable.Range(0, chain.Transforms.Length).Select(place =>
            {
                var (geometry, color) = (new SampleGeometry(new(37, 53), new(37, 53)), ColorMatrix.Identity);
                chain.Draw(place, ref geometry, ref color, 5, 2, index);
                return (geometry, color);
            }),
        ];
    }

    private static IEnumerable<(SampleGeometry Geometry, ColorMatrix Color)> Each(
        IReadOnlyList<SampleTransform> transforms, ImageSize? size = null)
    {
        var (chain, sample) = (new TransformChain([.. transforms]), Sample(size ?? Large));
        for (var index = 0; index < Draws; index++)
            yield return chain.Draw(sample, seed: 11, epoch: 3, index);
    }

    private static IEnumerable<ColorMatrix> Colors(SampleTransform transform) =>
        Each([transform, new Whole()]).Select(drawn => drawn.Color);

    private static double SaturationOf(ColorMatrix color) => color.Red.R - color.Green.R;

    private static SegmentationSample Sample(ImageSize size) => new("a", "a.jpg", "a.png", size);

    private static double Angle(SampleGeometry map) => Math.Atan2(map.YX, map.XX) * 180 / Math.PI;

    /// <summary>A number between bounds as one between 0 and 1; what is out of the bounds fails.</summary>
    private static double Unit(double value, double low, double high)
    {
        var unit = (value - low) / (high - low);
        Assert.InRange(unit, -1e-3, 1 + 1e-3);
        return Math.Clamp(unit, 0, 1 - 1e-9);
    }
}
