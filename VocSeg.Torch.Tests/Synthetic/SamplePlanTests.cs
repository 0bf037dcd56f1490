using SyntheticVoc;

namespace VocSeg.Torch.Tests.Synthetic;

public class SamplePlanTests
{
    /// <summary>Officially 1114 of 1464, or 0.761, hold the crop.</summary>
    [Theory]
    [InlineData(1464, 0.755, 0.767)]
    [InlineData(96, 0.72, 0.80)]
    [InlineData(20, 0.65, 0.85)]
    public void As_many_images_as_in_voc_hold_the_usual_crop(int count, double least, double most)
    {
        var options = new SyntheticVocOptions { Train = count, Val = count };
        var train = Enumerable.Range(0, count).Select(index => SamplePlan.For(options, index).Size).ToArray();
        var val = Enumerable.Range(count, count).Select(index => SamplePlan.For(options, index).Size);

        Assert.InRange(train.Count(size => size is { Height: >= 320, Width: >= 480 }) / (double)count, least, most);
        Assert.Equal(train, val);
    }

    [Fact]
    public void A_small_set_keeps_to_six_classes_and_a_large_one_has_all()
    {
        Assert.Equal(6, MainClasses(48).Distinct().Count());
        Assert.Equal(Enumerable.Range(1, 20), MainClasses(1000).Distinct().Order());
    }

    private static IEnumerable<int> MainClasses(int count)
    {
        var options = new SyntheticVocOptions { Train = count, Val = 0 };
        return Enumerable.Range(0, count).Select(index => (int)SamplePlan.For(options, index).Main.Index);
    }
}
