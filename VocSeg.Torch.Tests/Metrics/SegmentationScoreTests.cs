namespace VocSeg.Torch.Tests.Metrics;

public sealed class SegmentationScoreTests
{
    // Class 0: 6 right of 8, 1 taken for it: 6/9. Class 1: 3 of 4, 2 taken for it: 3/6. Class 2 occurs in no label and
    // no prediction.
    private static readonly SegmentationScore Score = new(new long[,] { { 6, 2, 0 }, { 1, 3, 0 }, { 0, 0, 0 } });

    [Fact]
    public void A_case_worked_by_hand()
    {
        Assert.Equal(12, Score.Pixels);
        Assert.Equal(0.75, Score.PixelAccuracy);
        Assert.Equal([6 / 9.0, 0.5, null], Score.ClassIoU);
        Assert.Equal((6 / 9.0 + 0.5) / 2, Score.MeanIoU, 1e-12);
        Assert.Equal(8, Score.LabelPixels(0));
        Assert.Equal(2, Score[0, 1]);
    }

    [Fact]
    public void A_class_that_is_only_predicted_counts_as_wholly_wrong()
    {
        var score = new SegmentationScore(new long[,] { { 3, 1 }, { 0, 0 } });
        Assert.Equal([0.75, 0.0], score.ClassIoU);
        Assert.Equal(0.375, score.MeanIoU);
    }

    [Fact]
    public void What_a_single_class_would_score()
    {
        var always = Score.IfAlways(0);
        Assert.Equal(8 / 12.0, always.PixelAccuracy);
        Assert.Equal([8 / 12.0, 0, null], always.ClassIoU);
    }

    [Fact]
    public void Nothing_counted_is_not_a_number()
    {
        var score = new SegmentationScore(new long[2, 2]);
        Assert.Equal(double.NaN, score.PixelAccuracy);
        Assert.Equal(double.NaN, score.MeanIoU);
        Assert.Throws<ArgumentException>(() => new SegmentationScore(new long[2, 3]));
    }
}
