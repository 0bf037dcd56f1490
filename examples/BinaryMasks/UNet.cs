using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace BinaryMasks;

/// <summary>A small U-Net (Ronneberger, Fischer, Brox 2015): gray images in, one logit a pixel out.</summary>
internal sealed class UNet : Module<Tensor, Tensor>
{
    private readonly Sequential first, second, bottom, mergeSecond, mergeFirst;
    private readonly ConvTranspose2d upSecond, upFirst;
    private readonly Conv2d last;

    internal UNet(int width)
        : base(nameof(UNet))
    {
        (first, second, bottom) = (Block(1, width), Block(width, 2 * width), Block(2 * width, 4 * width));
        (mergeSecond, mergeFirst) = (Block(4 * width, 2 * width), Block(2 * width, width));
        (upSecond, upFirst) = (ConvTranspose2d(4 * width, 2 * width, 2, 2), ConvTranspose2d(2 * width, width, 2, 2));
        last = Conv2d(width, 1, 1);
        RegisterComponents();
    }

    public override Tensor forward(Tensor image)
    {
        var whole = first.call(image);
        var half = second.call(functional.max_pool2d(whole, 2));
        var quarter = bottom.call(functional.max_pool2d(half, 2));
        half = mergeSecond.call(cat([half, upSecond.call(quarter)], 1));
        return last.call(mergeFirst.call(cat([whole, upFirst.call(half)], 1)));
    }

    private static Sequential Block(int inputs, int outputs) => Sequential(
        Conv2d(inputs, outputs, 3, padding: 1, bias: false), BatchNorm2d(outputs), ReLU(),
        Conv2d(outputs, outputs, 3, padding: 1, bias: false), BatchNorm2d(outputs), ReLU());
}
