namespace VocSeg.Torch.Tests.Transforms;

/// <summary>What the changes of colour do to colours whose results are known.</summary>
public sealed class ColorTransformTests
{
    [Fact]
    public void Gray_stays_gray_under_saturation_and_hue()
    {
        for (var degrees = -180; degrees <= 180; degrees += 15)
            Near((77, 77, 77), ColorMatrix.Hue(degrees), (77, 77, 77));
        Near((77, 77, 77), ColorMatrix.Saturation(1.7), (77, 77, 77));
    }

    [Fact]
    public void Brightness_multiplies_contrast_spreads_about_128_and_saturation_about_luma()
    {
        Near((15, 30, 45), ColorMatrix.Brightness(1.5), (10, 20, 30));
        Near((128 + 2 * 72, 128, 128 - 2 * 28), ColorMatrix.Contrast(2), (200, 128, 100));
        var luma = Luma(200, 100, 50);
        Near((luma, luma, luma), ColorMatrix.Saturation(0), (200, 100, 50));
        Near((2 * 200 - luma, 2 * 100 - luma, 2 * 50 - luma), ColorMatrix.Saturation(2), (200, 100, 50));
        Near((42, 52, 62), ColorMatrix.Offset(32), (10, 20, 30));
    }

    [Fact]
    public void Hue_turns_red_towards_green_keeps_luma_and_comes_round()
    {
        var turned = Apply(ColorMatrix.Hue(60), (200, 100, 100));
        Assert.True(turned.G > turned.B && turned.R < 200);
        turned = Apply(ColorMatrix.Hue(-60), (200, 100, 100));
        Assert.True(turned.B > turned.G && turned.R < 200);
        for (var degrees = -180; degrees <= 180; degrees += 30)
        {
            turned = Apply(ColorMatrix.Hue(degrees), (10, 130, 220));
            Assert.Equal(Luma(10, 130, 220), Luma(turned.R, turned.G, turned.B), 1e-3);
            Near((10, 130, 220), ColorMatrix.Hue(degrees).Then(ColorMatrix.Hue(-degrees)), (10, 130, 220));
        }
        Assert.True(ColorMatrix.Hue(0).IsIdentity);
        Near((10, 130, 220), ColorMatrix.Hue(360), (10, 130, 220));
    }

    [Fact]
    public void Changes_follow_one_another_in_their_order()
    {
        var (twice, more) = (ColorMatrix.Brightness(2), ColorMatrix.Offset(30));
        Near((2 * 10 + 30, 2 * 20 + 30, 2 * 40 + 30), twice.Then(more), (10, 20, 40));
        Near((2 * 40, 2 * 50, 2 * 70), more.Then(twice), (10, 20, 40));
    }

    [Fact]
    public void What_no_amount_is_given_for_changes_nothing()
    {
        var sample = new SegmentationSample("a", "a.png", "b.png", new(8, 8));
        TransformChain jitter = new([new ColorJitter(), new RandomGrayscale(0), new Whole()]);
        for (var index = 0; index < 100; index++)
            Assert.True(jitter.Draw(sample, 1, 0, index).Color.IsIdentity);
    }

    private static double Luma(double red, double green, double blue) => 0.299 * red + 0.587 * green + 0.114 * blue;

    private static void Near(
        (double R, double G, double B) expected, ColorMatrix change, (double R, double G, double B) color)
    {
        var actual = Apply(change, color);
        Assert.Equal(expected.R, actual.R, 1e-3);
        Assert.Equal(expected.G, actual.G, 1e-3);
        Assert.Equal(expected.B, actual.B, 1e-3);
    }

    private static (double R, double G, double B) Apply(ColorMatrix change, (double R, double G, double B) color)
    {
        var constant = change.Constant;
        return (Row(change.Red) + constant.R, Row(change.Green) + constant.G, Row(change.Blue) + constant.B);

        double Row((float R, float G, float B) weights) =>
            weights.R * color.R + weights.G * color.G + weights.B * color.B;
    }
}
