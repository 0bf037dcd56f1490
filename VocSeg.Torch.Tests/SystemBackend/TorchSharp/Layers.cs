using TorchSharp;
using static TorchSharp.torch;

namespace VocSeg.Torch.Tests.SystemBackend;

public sealed class Layers : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();

    public void Dispose() => scope.Dispose();

    private static float[] Values(Tensor tensor) => tensor.detach().data<float>().ToArray();

    private static void Near(double[] expected, Tensor actual)
        => Assert.All(expected.Zip(Values(actual)), pair => Assert.Equal(pair.First, pair.Second, 1e-5));

    [Fact]
    public void Linear_multiplies_and_adds()
    {
        using var linear = nn.Linear(nn.Parameter(tensor(new[,] { { 1f, 2f }, { 3f, 4f } })), nn.Parameter(tensor(new[] { 10f, 20f })));
        Assert.Equal([15f, 31f], Values(linear.call(tensor(new[] { 1f, 2f }))));
    }

    [Fact]
    public void Convolution_slides_its_kernel()
    {
        using var convolution = nn.Conv2d(1, 1, 2, bias: false);
        convolution.weight = nn.Parameter(tensor(new[] { 1f, 2f, 3f, 4f }, [1, 1, 2, 2]));
        var image = arange(9, float32).reshape(1, 1, 3, 3);
        Assert.Equal([27f, 37f, 57f, 67f], Values(convolution.call(image)));
        Assert.Throws<ArgumentException>(() => convolution.call(zeros(1, 2, 3, 3)));
    }

    [Fact]
    public void Convolution_pads_as_it_is_told()
    {
        var image = arange(1, 5, float32).reshape(1, 1, 2, 2);
        foreach (var (mode, sum) in new[] { (PaddingModes.Zeros, 10f), (PaddingModes.Replicate, 1 + 1 + 2 + 1 + 1 + 2 + 3 + 3 + 4f) })
        {
            using var convolution = nn.Conv2d(1, 1, 3, padding: 1, padding_mode: mode, bias: false);
            nn.init.ones_(convolution.weight);
            Assert.Equal(sum, Values(convolution.call(image))[0]);
        }
        using var same = nn.Conv2d(1, 1, 3, Padding.Same);
        Assert.Equal([1L, 1L, 2L, 2L], same.call(image).shape);
    }

    [Fact]
    public void Transposed_convolution_spreads_its_kernel()
    {
        using var convolution = nn.ConvTranspose2d(1, 1, 2, stride: 2, bias: false);
        convolution.weight = nn.Parameter(tensor(new[] { 1f, 2f, 3f, 4f }, [1, 1, 2, 2]));
        var image = tensor(new[] { 1f, 10f }, [1, 1, 1, 2]);
        Assert.Equal([1f, 2f, 10f, 20f, 3f, 4f, 30f, 40f], Values(convolution.call(image)));
        Assert.Equal([1L, 1L, 3L, 4L], convolution.forward(image, [3, 4]).shape);
        Assert.Throws<ArgumentException>(() => convolution.forward(image, [5, 4]));
    }

    [Fact]
    public void Batch_norm_learns_the_statistics_of_its_batches()
    {
        using var norm = nn.BatchNorm2d(1, momentum: 0.5);
        var image = tensor(new[] { 1f, 3f }, [1, 1, 1, 2]);
        Near([-1, 1], norm.call(image));
        Near([1], norm.running_mean!);
        Near([1.5], norm.running_var!);
        Assert.Equal(1, norm.num_batches_tracked!.item<long>());
        norm.eval();
        Near([0, 2 / Math.Sqrt(1.5 + 1e-5)], norm.call(image));
        Assert.Equal(1, norm.num_batches_tracked!.item<long>());
        Assert.Throws<ArgumentException>(() => norm.call(zeros(1, 2)));
    }

    [Fact]
    public void Pooling_takes_the_largest_or_the_mean()
    {
        var image = arange(16, float32).reshape(1, 1, 4, 4);
        using var largest = nn.MaxPool2d(2);
        using var overlapping = nn.MaxPool2d(3, stride: 2, padding: 1);
        using var mean = nn.AvgPool2d(2);
        using var whole = nn.AdaptiveAvgPool2d(1);
        Assert.Equal([5f, 7f, 13f, 15f], Values(largest.call(image)));
        Assert.Equal([5f, 7f, 13f, 15f], Values(overlapping.call(image)));
        Assert.Equal([2.5f, 4.5f, 10.5f, 12.5f], Values(mean.call(image)));
        Assert.Equal([7.5f], Values(whole.call(image)));
    }

    [Fact]
    public void Dropout_works_in_training_only()
    {
        using var dropout = nn.Dropout(0.5);
        var values = Values(dropout.call(ones(1000)));
        Assert.Equal([0f, 2f], values.Distinct().Order());
        dropout.eval();
        Assert.Equal(1000f, dropout.call(ones(1000)).sum().item<float>());
    }

    [Fact]
    public void Small_layers_do_what_their_names_say()
    {
        using var relu = nn.ReLU();
        using var identity = nn.Identity();
        using var flatten = nn.Flatten();
        using var upsample = nn.Upsample(scale_factor: [2, 2]);
        var image = tensor(new[] { -1f, 2f }, [1, 1, 1, 2]);
        Assert.Equal([0f, 2f], Values(relu.call(image)));
        Assert.NotSame(image, identity.call(image));
        Assert.Equal([1L, 2L], flatten.call(image).shape);
        Assert.Equal([-1f, -1f, 2f, 2f, -1f, -1f, 2f, 2f], Values(upsample.call(image)));
    }

    [Fact]
    public void Bilinear_enlargement_weighs_its_neighbours()
    {
        var image = tensor(new[] { 0f, 4f }, [1, 1, 1, 2]);
        var loose = nn.functional.interpolate(image, [1, 4], mode: InterpolationMode.Bilinear, align_corners: false);
        var aligned = nn.functional.interpolate(image, [1, 3], mode: InterpolationMode.Bilinear, align_corners: true);
        Assert.Equal([0f, 1f, 3f, 4f], Values(loose));
        Assert.Equal([0f, 2f, 4f], Values(aligned));
    }

    [Fact]
    public void Padding_goes_from_the_last_dimension_on()
    {
        var image = tensor(new[] { 1f, 2f, 3f }, [1, 1, 3]);
        Assert.Equal([9f, 1f, 2f, 3f, 9f, 9f], Values(nn.functional.pad(image, (1, 2), value: 9)));
        Assert.Equal([2f, 1f, 2f, 3f, 2f], Values(nn.functional.pad(image, (1, 1), PaddingModes.Reflect)));
    }

    [Fact]
    public void Layers_start_within_PyTorchs_bounds()
    {
        manual_seed(0);
        using var convolution = nn.Conv2d(8, 16, 3);
        var bound = 1 / Math.Sqrt(8 * 3 * 3);
        Assert.InRange(convolution.weight.abs().max().ToDouble(), bound * 0.95, bound);
        Assert.InRange(convolution.bias!.abs().max().ToDouble(), bound * 0.5, bound);
        using var weight = empty(256, 64);
        nn.init.kaiming_normal_(weight, mode: nn.init.FanInOut.FanOut, nonlinearity: nn.init.NonlinearityType.ReLU);
        Assert.Equal(Math.Sqrt(2.0 / 256), weight.std().ToDouble(), 0.003);
    }
}
