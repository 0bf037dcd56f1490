using SyntheticVoc;

namespace VocSeg.Torch.Tests.Synthetic;

public class SceneTests
{
    [Fact]
    public void Labels_are_classes_and_borders_and_mostly_background()
    {
        var options = new SyntheticVocOptions { Train = 1000, Sizes = VocSizes.Fixed(120, 160) };
        var labels = Enumerable.Range(0, 60).SelectMany(index => Scene.Paint(SamplePlan.For(options, index)).Labels).ToArray();

        Assert.All(labels.Distinct(), label => Assert.True(label is <= 20 or 255));
        Assert.InRange(labels.Count(label => label == 0) / (double)labels.Length, 0.55, 0.85);
    }

    [Fact]
    public void Every_sample_shows_its_main_class()
    {
        var options = new SyntheticVocOptions { Train = 1000, Sizes = VocSizes.Fixed(240, 320) };
        Assert.All(Enumerable.Range(0, 20), index =>
        {
            var plan = SamplePlan.For(options, index);
            Assert.Contains(plan.Main.Index, Scene.Paint(plan).Labels);
        });
    }

    [Fact]
    public void A_border_of_about_five_pixels_runs_round_an_object()
    {
        var canvas = new Canvas(400, 400);
        var bus = ClassLooks.ForSetOf(1).Single(look => look.Index == 6);
        new Figure(bus, new(200, 200), 100, Stands: true).Paint(canvas, new SeededRandom(1));

        var row = canvas.Labels.AsSpan(200 * 400, 400);
        var border = row.IndexOf((byte)255);
        Assert.InRange(border, 20, 60);
        Assert.Equal(0, row[border - 1]);
        Assert.InRange(row[border..].IndexOf((byte)6), 4, 6);
    }
}
