using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace DataParallel;

/// <summary>
/// A small network whose output for a sample depends on that sample alone: it has group norm, as batch norm would see
/// another batch on each process.
/// </summary>
internal sealed class Net : Module<Tensor, Tensor>
{
    private readonly Sequential layers;

    internal Net(int classes, int width)
        : base(nameof(Net))
    {
        layers = Sequential(
            Conv2d(3, width, 3, stride: 2, padding: 1), Norm(width), ReLU(),
            Conv2d(width, 2 * width, 3, padding: 1), Norm(2 * width), ReLU(),
            Conv2d(2 * width, classes, 1));
        RegisterComponents();
    }

    // TorchSharp 0.107 leaves the weights of a new group norm as the memory was.
    private static GroupNorm Norm(int channels)
    {
        var norm = GroupNorm(4, channels);
        init.ones_(norm.weight);
        init.zeros_(norm.bias);
        return norm;
    }

    public override Tensor forward(Tensor image)
    {
        var scores = layers.call(image);
        return functional.interpolate(
            scores, [image.shape[2], image.shape[3]], mode: InterpolationMode.Bilinear, align_corners: false);
    }
}
