using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace FcnTraining;

/// <summary>
/// ResNet-18 without pooling and classifier (He et al., "Deep residual learning for image recognition", CVPR 2016): what it sees at an eighth,
/// a sixteenth and a thirty-second of the input's height and width. Parameters have torchvision's names.
/// </summary>
internal sealed class ResNet18 : Module<Tensor, (Tensor Eighth, Tensor Sixteenth, Tensor Last)>
{
    /// <summary>Channels behind the first convolution in the published network; a smaller width makes a narrower, quicker one.</summary>
    internal const int FullWidth = 64;

    private readonly Conv2d conv1;
    private readonly BatchNorm2d bn1;
    private readonly MaxPool2d maxpool;
    private readonly Sequential layer1;
    private readonly Sequential layer2;
    private readonly Sequential layer3;
    private readonly Sequential layer4;

    internal ResNet18(int width = FullWidth)
        : base(nameof(ResNet18))
    {
        conv1 = Conv2d(3, width, 7, stride: 2, padding: 3, bias: false);
        bn1 = BatchNorm2d(width);
        maxpool = MaxPool2d(3, stride: 2, padding: 1);
        layer1 = Stage(width, width, stride: 1);
        layer2 = Stage(width, 2 * width, stride: 2);
        layer3 = Stage(2 * width, 4 * width, stride: 2);
        layer4 = Stage(4 * width, 8 * width, stride: 2);
        RegisterComponents();
        foreach (var (_, weight) in named_parameters())
        {
            if (weight.dim() == 4)
                init.kaiming_normal_(weight, mode: init.FanInOut.FanOut, nonlinearity: init.NonlinearityType.ReLU);
        }
    }

    public override (Tensor Eighth, Tensor Sixteenth, Tensor Last) forward(Tensor input)
    {
        var quarter = layer1.call(maxpool.call(bn1.call(conv1.call(input)).relu_()));
        var eighth = layer2.call(quarter);
        var sixteenth = layer3.call(eighth);
        return (eighth, sixteenth, layer4.call(sixteenth));
    }

    private static Sequential Stage(int inputs, int outputs, int stride) =>
        Sequential(new ResidualBlock(inputs, outputs, stride), new ResidualBlock(outputs, outputs, 1));
}
