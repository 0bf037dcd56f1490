using TorchSharp;

namespace VocSeg.Torch.Tests.Transforms;

public sealed class TransformedSampleTests
{
    private static readonly SampleTransform[][] Chains =
    [
        [new RandomCrop((20, 30))],
        [new RandomScale(), new PadIfSmaller((32, 48)), new RandomCrop((32, 48), 0.75), new RandomHorizontalFlip()],
        [new RandomRotation(40), new RandomCrop((20, 30)) { MinForeground = 0.3 }, new PhotometricDistortion()],
        [new ColorJitter(0.4, 0.4, 0.4, 0.1), new Whole()],
    ];

    [Fact]
    public void It_has_the_pixels_that_a_data_set_gives()
    {
        using var tree = new VocTree();
        foreach (var (id, height, width) in new[] { ("a", 40, 60), ("b", 57, 41), ("c", 33, 64) })
        {
            tree.Add(
                id,
                height,
                width,
                (row, column) => SegmentationPalette.Voc.Colors[(row / 9 + column / 11) % 5],
                (row, column) => new((byte)(4 * row), (byte)(3 * column), (byte)(row * column)));
        }
        foreach (var chain in Chains)
        {
            using var dataset = new VocSegDataset(tree.Open(), new() { Transforms = [.. chain], Seed = 6 });
            for (var epoch = 0; epoch < 5; epoch++)
            {
                for (var index = 0; index < dataset.Count; index++)
                {
                    var read = TransformedSample.Read(dataset.Samples[index], chain, 6, epoch, index);
                    Assert.Equal(dataset.GeometryOf(index, epoch), read.Geometry);
                    using var scope = torch.NewDisposeScope();
                    var tensors = dataset.GetTensor(index, epoch);
                    var label = tensors["label"].data<long>().ToArray();
                    Assert.Equal(label.Select(value => (byte)value), read.ClassIndex);
                    var image = tensors["image"].data<float>().ToArray();
                    Assert.Equal(4 * label.Length, read.Rgba.Length);
                    for (var at = 0; at < image.Length; at++)
                    {
                        var (channel, pixel) = (at / label.Length, at % label.Length);
                        var normalization = Normalization.ImageNet;
                        var level = (image[at] * normalization.Std[channel] + normalization.Mean[channel]) * 255;
                        Assert.Equal(level, read.Rgba[4 * pixel + channel], 0.501);
                        Assert.Equal(255, read.Rgba[4 * pixel + 3]);
                    }
                }
            }
        }
    }

    [Fact]
    public void A_sample_that_is_too_small_is_named()
    {
        using var tree = new VocTree().Add("small", 10, 10);
        var sample = tree.Open().Samples[0];
        var error = Assert.Throws<ArgumentException>(
            () => TransformedSample.Read(sample, [new RandomCrop((20, 30))], seed: 1, epoch: 0, index: 0));
        Assert.Contains("small", error.Message, StringComparison.Ordinal);
    }
}
