using FcnTraining;
using TorchSharp;
using static TorchSharp.torch;

namespace VocSeg.Torch.Tests.FcnTraining;

public sealed class FcnTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();

    public void Dispose() => scope.Dispose();

    [Theory]
    [InlineData("Fcn32", 64, 96)]
    [InlineData("Fcn32", 33, 47)]
    [InlineData("Fcn32", 1, 1)]
    [InlineData("Fcn8", 64, 32)]
    [InlineData("Fcn8", 95, 41)]
    public void Logits_have_the_size_of_the_input(string head, int height, int width)
    {
        using var model = new Fcn(new(21, Width: 4, Enum.Parse<FcnHead>(head)));
        model.eval();
        Assert.Equal([2, 21, height, width], model.call(rand(2, 3, height, width)).shape);
    }

    [Fact]
    public void The_trunk_has_torchvisions_names_and_shapes()
    {
        using var trunk = new ResNet18();
        var state = trunk.state_dict().ToDictionary(entry => entry.Key, entry => entry.Value.shape);
        Assert.Equal(120, state.Count);
        Assert.Equal([64, 3, 7, 7], state["conv1.weight"]);
        Assert.Equal([64], state["bn1.running_mean"]);
        Assert.Equal([128, 64, 1, 1], state["layer2.0.downsample.0.weight"]);
        Assert.Equal([128], state["layer2.0.downsample.1.bias"]);
        Assert.Equal([512, 512, 3, 3], state["layer4.1.conv2.weight"]);
        Assert.Equal([512], state["layer4.1.bn2.running_var"]);
        Assert.DoesNotContain("layer1.0.downsample.0.weight", state.Keys);
        // ResNet-18 has 11.7 million parameters, 513000 of them in the classifier.
        Assert.Equal(11_689_512 - 513_000, trunk.parameters().Sum(parameter => parameter.numel()));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(8)]
    [InlineData(32)]
    public void Upsampling_begins_as_interpolation(int factor)
    {
        using var layer = Fcn.Upsampling(3, factor);
        using var constant = no_grad();
        var input = rand(1, 3, 5, 6);
        var expected = nn.functional.interpolate(
            input, scale_factor: [factor, factor], mode: InterpolationMode.Bilinear, align_corners: false);
        var actual = layer.call(input);
        Assert.Equal(expected.shape, actual.shape);
        // At the rim the convolution sees zeros where interpolation repeats the last pixel.
        Assert.True(Inner(actual).allclose(Inner(expected), 1e-4, 1e-5));

        Tensor Inner(Tensor image) => image.narrow(2, factor, 3L * factor).narrow(3, factor, 4L * factor);
    }

    [Fact]
    public void A_forward_pass_leaves_its_result_alone_behind()
    {
        using var model = new Fcn(new(21, Width: 4));
        using var inner = NewDisposeScope();
        using var constant = no_grad();
        model.call(rand(1, 3, 33, 40));
        Assert.Equal(2, inner.DisposablesCount);
    }
}
