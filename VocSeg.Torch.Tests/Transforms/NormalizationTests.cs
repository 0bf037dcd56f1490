using TorchSharp;

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

    [Theory]
    [InlineData(ImageChannels.Rgb)]
    [InlineData(ImageChannels.Gray)]
    public void An_image_in_memory_becomes_what_a_data_set_makes_of_it(ImageChannels channels)
    {
        using var set = new PairFolder();
        set.Add("i/a.png", height: 17, width: 23);
        var catalog = SampleCatalog.FromFolders(set["i"], null);
        using var dataset = new VocSegDataset(
            catalog, new() { Transforms = [new Whole()], Channels = channels });
        using var scope = torch.NewDisposeScope();
        var expected = dataset.GetTensor(0)["image"];
        var rgba = catalog.Samples[0].ReadImage();
        var rgb = rgba.Where((_, at) => at % 4 < 3).ToArray();
        foreach (var pixels in (byte[][])[rgba, rgb])
        {
            var input = dataset.Options.Normalization.ToTensor(pixels, (17, 23), channels);
            Assert.Equal([1, .. expected.shape], input.shape);
            Assert.Equal(expected.Values<float>(), input.Values<float>());
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(11)]
    [InlineData(13)]
    [InlineData(20)]
    public void Bytes_that_are_no_image_of_the_size_are_refused(int bytes) =>
        Assert.Contains(
            "2x2",
            Assert.Throws<ArgumentException>(() => Normalization.None.ToTensor(new byte[bytes], (2, 2))).Message,
            StringComparison.Ordinal);

    [Fact]
    public void Wrong_numbers_fail_when_it_is_made()
    {
        Assert.Throws<ArgumentException>(() => new Normalization([0, 0], [1, 1, 1]));
        Assert.Throws<ArgumentException>(() => new Normalization([0, 0, float.NaN], [1, 1, 1]));
        Assert.Throws<ArgumentException>(() => new Normalization([0, 0, 0], [1, 0, 1]));
        Assert.Equal(Normalization.ImageNet, new([0.485f, 0.456f, 0.406f], [0.229f, 0.224f, 0.225f]));
    }
}
