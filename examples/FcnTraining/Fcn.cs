using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace FcnTraining;

/// <summary>
/// A fully convolutional network (Long, Shelhamer, Darrell, CVPR 2015) over a ResNet-18 trunk: images (batch, 3, height, width) of any size in, logits
/// (batch, classes, height, width) out.
/// </summary>
internal sealed class Fcn : Module<Tensor, Tensor>
{
    private const int Stride = 32;

    private readonly ResNet18 trunk;
    private readonly Module<(Tensor Eighth, Tensor Sixteenth, Tensor Last), Tensor> head;

    internal Fcn(FcnShape shape)
        : base(nameof(Fcn))
    {
        Shape = shape;
        trunk = new(shape.Width);
        head = shape.Head == FcnHead.Fcn8 ? new Fcn8Head(shape) : new Fcn32Head(shape);
        RegisterComponents();
    }

    internal FcnShape Shape { get; }

    internal ResNet18 Trunk => trunk;

    public override Tensor forward(Tensor image)
    {
        using var scope = NewDisposeScope();
        var (height, width) = (image.shape[2], image.shape[3]);
        // Every stage halves the size; whole steps only, so pad below and to the right and cut the same off again.
        var (below, right) = ((Stride - height % Stride) % Stride, (Stride - width % Stride) % Stride);
        if (below > 0 || right > 0)
            image = functional.pad(image, (0, right, 0, below));
        var logits = head.call(trunk.call(image));
        return logits.narrow(2, 0, height).narrow(3, 0, width).MoveToOuterDisposeScope();
    }
}

/// <summary>The textbook's head: a 1x1 convolution to classes and one transposed convolution up by 32.</summary>
internal sealed class Fcn32Head : Module<(Tensor Eighth, Tensor Sixteenth, Tensor Last), Tensor>
{
    private readonly Conv2d score;
    private readonly ConvTranspose2d upsample;

    internal Fcn32Head(FcnShape shape)
        : base(nameof(Fcn32Head))
    {
        score = Conv2d(8 * shape.Width, shape.Classes, 1);
        upsample = Bilinear.Upsampling(shape.Classes, 32);
        RegisterComponents();
    }

    public override Tensor forward((Tensor Eighth, Tensor Sixteenth, Tensor Last) features) =>
        upsample.call(score.call(features.Last));
}

/// <summary>
/// FCN-8s: class scores of three stages, the coarser ones brought up and added, then up by 8, which is fixed to bilinear as in the paper. Finer borders.
/// </summary>
internal sealed class Fcn8Head : Module<(Tensor Eighth, Tensor Sixteenth, Tensor Last), Tensor>
{
    private readonly Conv2d scoreLast;
    private readonly Conv2d scoreSixteenth;
    private readonly Conv2d scoreEighth;
    private readonly ConvTranspose2d toSixteenth;
    private readonly ConvTranspose2d toEighth;

    internal Fcn8Head(FcnShape shape)
        : base(nameof(Fcn8Head))
    {
        scoreLast = Conv2d(8 * shape.Width, shape.Classes, 1);
        scoreSixteenth = Conv2d(4 * shape.Width, shape.Classes, 1);
        scoreEighth = Conv2d(2 * shape.Width, shape.Classes, 1);
        toSixteenth = Bilinear.Upsampling(shape.Classes, 2);
        toEighth = Bilinear.Upsampling(shape.Classes, 2);
        RegisterComponents();
    }

    public override Tensor forward((Tensor Eighth, Tensor Sixteenth, Tensor Last) features)
    {
        var sixteenth = toSixteenth.call(scoreLast.call(features.Last)) + scoreSixteenth.call(features.Sixteenth);
        var eighth = toEighth.call(sixteenth) + scoreEighth.call(features.Eighth);
        return functional.interpolate(eighth, scale_factor: [8, 8], mode: InterpolationMode.Bilinear, align_corners: false);
    }
}
