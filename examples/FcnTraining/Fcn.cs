using System.Collections;
using TorchSharp;
using TorchSharp.PyBridge;
using static TorchSharp.torch.nn;

namespace FcnTraining;

internal enum FcnHead { Fcn32, Fcn8 }

/// <summary>What a network has to be made with for saved weights to fit.</summary>
internal sealed record FcnShape(int Classes, int Width = ResNet18.FullWidth, FcnHead Head = FcnHead.Fcn32)
{
    public override string ToString() => $"{Head.ToString().ToLowerInvariant()}, width {Width}, {Classes} classes";
}

/// <summary>
/// A fully convolutional network (Long, Shelhamer, Darrell, CVPR 2015) over a ResNet-18 trunk: images
/// (batch, 3, height, width) of any size in, logits (batch, classes, height, width) out.
/// </summary>
internal sealed class Fcn : Module<Tensor, Tensor>
{
    // A sum without a factor makes a Scalar that may be finalized while libtorch reads it.
    internal static readonly Scalar One = 1;
    private const int Stride = 32;

    private readonly ResNet18 trunk;
    private readonly Conv2d score;
    private readonly Conv2d? scoreSixteenth, scoreEighth;
    private readonly ConvTranspose2d upsample;
    private readonly ConvTranspose2d? upsampleSixteenth;

    internal Fcn(FcnShape shape)
        : base(nameof(Fcn))
    {
        Shape = shape;
        trunk = new(shape.Width);
        score = Conv2d(8 * shape.Width, shape.Classes, 1);
        var hasSkips = shape.Head == FcnHead.Fcn8;
        upsample = Upsampling(shape.Classes, hasSkips ? 2 : Stride);
        upsampleSixteenth = hasSkips ? Upsampling(shape.Classes, 2) : null;
        scoreSixteenth = hasSkips ? Conv2d(4 * shape.Width, shape.Classes, 1) : null;
        scoreEighth = hasSkips ? Conv2d(2 * shape.Width, shape.Classes, 1) : null;
        RegisterComponents();
    }

    internal FcnShape Shape { get; }
    internal ResNet18 Trunk => trunk;

    public override Tensor forward(Tensor image)
    {
        using var scope = NewDisposeScope();
        var (height, width) = (image.shape[2], image.shape[3]);
        // The trunk halves the size five times: images are padded to a multiple of 32, and logits are cut again.
        var (right, below) = ((Stride - width % Stride) % Stride, (Stride - height % Stride) % Stride);
        image = functional.pad(image, (0, right, 0, below));
        var (eighth, sixteenth, last) = trunk.call(image);
        // The textbook's head ends here: one transposed convolution enlarges the scores by 32.
        var logits = upsample.call(score.call(last));
        if (Shape.Head == FcnHead.Fcn8)
        {
            // FCN-8s adds the scores of two earlier stages for finer borders; its last step is fixed to bilinear.
            logits = upsampleSixteenth!.call(logits.add_(scoreSixteenth!.call(sixteenth), Fcn.One));
            logits = logits.add_(scoreEighth!.call(eighth), Fcn.One);
            logits = functional.interpolate(
                logits, scale_factor: [8, 8], mode: InterpolationMode.Bilinear, align_corners: false);
        }
        return logits.narrow(2, 0, height).narrow(3, 0, width).MoveToOuterDisposeScope();
    }

    /// <summary>A transposed convolution that enlarges by an even factor; it begins as interpolation.</summary>
    internal static ConvTranspose2d Upsampling(int channels, int factor)
    {
        var layer = ConvTranspose2d(channels, channels, 2L * factor, stride: factor, padding: factor / 2);
        using var scope = NewDisposeScope();
        using var constant = no_grad();
        // A triangle around the middle, which lies between two taps of an even kernel.
        var triangle = 1 - (arange(2 * factor, ScalarType.Float32) + 0.5 - factor).abs() / factor;
        layer.weight!.copy_(eye(channels).view(channels, channels, 1, 1) * triangle.unsqueeze(1) * triangle);
        layer.bias!.zero_();
        return layer;
    }
}

/// <summary>
/// ResNet-18 without pooling and classifier (He et al., "Deep residual learning for image recognition", CVPR 2016):
/// features at an eighth, a sixteenth and a thirty-second of the height and width. Fields have torchvision's names.
/// </summary>
internal sealed class ResNet18 : Module<Tensor, (Tensor Eighth, Tensor Sixteenth, Tensor Last)>
{
    /// <summary>Channels behind the first convolution as published; a smaller width makes a quicker network.</summary>
    internal const int FullWidth = 64;

    private readonly Conv2d conv1;
    private readonly BatchNorm2d bn1;
    private readonly MaxPool2d maxpool;
    private readonly Sequential layer1, layer2, layer3, layer4;

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
        foreach (var weight in parameters().Where(parameter => parameter.dim() == 4))
            init.kaiming_normal_(weight, mode: init.FanInOut.FanOut, nonlinearity: init.NonlinearityType.ReLU);
    }

    public override (Tensor Eighth, Tensor Sixteenth, Tensor Last) forward(Tensor input)
    {
        var quarter = layer1.call(maxpool.call(bn1.call(conv1.call(input)).relu_()));
        var eighth = layer2.call(quarter);
        var sixteenth = layer3.call(eighth);
        return (eighth, sixteenth, layer4.call(sixteenth));
    }

    /// <summary>Takes the weights of torchvision's resnet18 from a file: .safetensors, or PyTorch's own.</summary>
    internal void LoadPretrained(string path)
    {
        using var scope = NewDisposeScope();
        var given = ReadStateDict(path);
        var (wanted, found) = (Layout(state_dict()), Layout(given));
        string[] faults = [
            .. wanted.Except(found).Select(name => $"{name} is missing"),
            .. found.Except(wanted).Select(name => $"{name} is not of this network")];
        var shown = string.Join(", ", faults.Take(5)) + (faults.Length > 5 ? $" and {faults.Length - 5} more" : "");
        if (faults.Length > 0)
            throw new InvalidDataException($"{path} does not fit; use torchvision's resnet18 and --width 64. {shown}.");
        load_state_dict(given, strict: false);
    }

    // The trunk has no classifier, and older files do not say how many batches an average has seen.
    private static string[] Layout(Dictionary<string, Tensor> weights) => [.. weights.Keys
        .Where(key => !key.StartsWith("fc.", StringComparison.Ordinal) && !key.Contains("_tracked"))
        .Select(key => $"{key} ({string.Join(", ", weights[key].shape)})").Order(StringComparer.Ordinal)];

    // PyBridge's own load_py does not look at shapes: it copies as many bytes as there are.
    private static Dictionary<string, Tensor> ReadStateDict(string path)
    {
        using var stream = File.OpenRead(path);
        try
        {
            if (Path.GetExtension(path) == ".safetensors")
                return Safetensors.LoadStateDict(stream, leaveOpen: true);
            // A pickle runs no code here: only tensors, dictionaries and Python's plain types are made of it.
            return PyTorchUnpickler.UnpickleStateDict(stream, leaveOpen: true).Cast<DictionaryEntry>()
                .ToDictionary(entry => (string)entry.Key, entry => (Tensor)entry.Value!);
        }
        catch (Exception error)
        {
            // A damaged file may end in nearly any exception.
            var remedy = "save a state_dict() as .safetensors, or by torch.save of PyTorch 1.6 or later";
            throw new InvalidDataException($"{path} cannot be read; {remedy}. ({error.Message})", error);
        }
    }

    private static Sequential Stage(int inputs, int outputs, int stride) =>
        Sequential(new ResidualBlock(inputs, outputs, stride), new ResidualBlock(outputs, outputs, 1));

    private sealed class ResidualBlock : Module<Tensor, Tensor>
    {
        private readonly Conv2d conv1, conv2;
        private readonly BatchNorm2d bn1, bn2;
        private readonly Sequential? downsample;

        internal ResidualBlock(int inputs, int outputs, int stride)
            : base(nameof(ResidualBlock))
        {
            conv1 = Conv2d(inputs, outputs, 3, stride: stride, padding: 1, bias: false);
            bn1 = BatchNorm2d(outputs);
            conv2 = Conv2d(outputs, outputs, 3, padding: 1, bias: false);
            bn2 = BatchNorm2d(outputs);
            if (inputs != outputs)
                downsample = Sequential(Conv2d(inputs, outputs, 1, stride: stride, bias: false), BatchNorm2d(outputs));
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            var inner = bn1.call(conv1.call(input)).relu_();
            inner = bn2.call(conv2.call(inner));
            return inner.add_(downsample?.call(input) ?? input, Fcn.One).relu_();
        }
    }
}
