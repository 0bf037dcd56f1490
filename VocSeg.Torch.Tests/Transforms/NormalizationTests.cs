namespace VocSeg.Torch.Tests.Transforms;

public sealed class NormalizationTests
{
    [Fact]
    public void Scale_and_bias_give_the_formula_to_within_a_millionth()
    {
        var imageNet = Normalization.ImageNet;
        double[] mean = [0.485, 0.456, 0.406], std = [0.229, 0.224, 0.225];
        for (var channel = 0; channel < 3; channel++)
        {
            for (var value = 0; value < 256; value++)
            {
                var expected = (value / 255.0 - mean[channel]) / std[channel];
                Assert.Equal(expected, value * imageNet.Scale[channel] + imageNet.Bias[channel], 1e-6);
            }
        }
    }

    [Fact]
    public void Wrong_numbers_fail_when_it_is_made()
    {
        Assert.Throws<ArgumentException>(() => new Normalization([0, 0], [1, 1, 1]));
        Assert.Throws<ArgumentException>(() => new Normalization([0, 0, float.NaN], [1, 1, 1]));
        Assert.Throws<ArgumentException>(() => new Normalization([0, 0, 0], [1, 0, 1]));
        Assert.Equal(Normalization.ImageNet, new([0.485f, 0.456f, 0.406f], [0.229f, 0.224f, 0.225f]));
    }
}
