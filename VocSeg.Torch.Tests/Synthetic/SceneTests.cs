using SkiaSharp;
using SyntheticVoc;

namespace VocSeg.Torch.Tests.Synthetic;

public class SceneTests
{
    [Fact]
    public void Labels_are_classes_and_borders_and_mostly_background()
    {
        var options = new SyntheticVocOptions { Train = 1000, Size = (120, 160) };
        var labels = Enumerable.Range(0, 60).SelectMany(index => PaintLabels(SamplePlan.For(options, index))).ToArray();

        Assert.All(labels.Distinct(), label => Assert.True(label is <= 20 or 255));
        Assert.InRange(labels.Count(label => label == 0) / (double)labels.Length, 0.55, 0.85);
    }

    [Fact]
    public void Every_sample_shows_its_main_class()
    {
        var options = new SyntheticVocOptions { Train = 1000, Size = (240, 320) };
        Assert.All(Enumerable.Range(0, 20), index =>
        {
            var plan = SamplePlan.For(options, index);
            Assert.Contains(plan.Main.Index, PaintLabels(plan));
        });
    }

    [Fact]
    public void A_border_of_about_five_pixels_runs_round_an_object()
    {
        var row = PaintFigure(classIndex: 6, scale: 100).AsSpan(200 * 400, 400);
        var border = row.IndexOf((byte)255);
        Assert.InRange(border, 20, 60);
        Assert.Equal(0, row[border - 1]);
        Assert.InRange(row[border..].IndexOf((byte)6), 4, 7);
    }

    [Fact]
    public void What_is_seen_through_an_object_is_not_its_class()
    {
        // Both wheels of a bicycle are rings; the frame is above this row.
        var row = PaintFigure(classIndex: 2, scale: 100).AsSpan(265 * 400, 400);
        Assert.Equal(0, row[200 - 95]);
        Assert.Equal(0, row[200 + 95]);
        Assert.Contains((byte)2, row.ToArray());
    }

    private static byte[] PaintFigure(byte classIndex, float scale)
    {
        using SKBitmap image = new(400, 400), indices = new(new SKImageInfo(400, 400, SKColorType.Alpha8));
        indices.Erase(SKColors.Transparent);
        using SKCanvas canvas = new(image), label = new(indices);
        var look = ClassLook.ForSetOf(1000).Single(look => look.Index == classIndex);
        new Figure(look, new(200, 200), scale, Stands: true).Paint(canvas, label, new SeededRandom(1));
        return indices.Bytes;
    }

    private static byte[] PaintLabels(SamplePlan plan)
    {
        var (image, labels) = Scene.Paint(plan);
        using (image)
            Assert.Equal(plan.Size, (image.Height, image.Width));
        return labels;
    }
}
