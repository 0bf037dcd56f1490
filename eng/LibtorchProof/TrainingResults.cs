using TorchSharp;
using TorchSharp.Modules;
using static LibtorchProof.KnownResult;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace LibtorchProof;

/// <summary>Layers, gradients, optimizers, and a network that learns.</summary>
internal static class TrainingResults
{
    internal static IEnumerable<KnownResult> On(Device device)
    {
        Tensor Floats(params float[] values) => tensor(values, device: device);
        Tensor Image(int size) => arange(size * size, float32, device).view(1, 1, size, size);
        Tensor Kernel() => Floats(1, 2, 3, 4).view(1, 1, 2, 2);
        Tensor Scores() => Floats(2, 1, 0, 0, 1, 2, 1, 1, 1).view(3, 3);
        Tensor Classes() => tensor(new long[] { 0, 2, 255 }, device: device);

        return
        [
            new("conv2d", () => Values(functional.conv2d(Image(3), Kernel())), [27, 37, 57, 67], Rounding),
            new("conv_transpose2d",
                () => Values(functional.conv_transpose2d(Image(2), ones([1, 1, 2, 2], float32, device))),
                [0, 1, 1, 2, 6, 4, 2, 5, 3], Rounding),
            new("max_pool2d", () => Values(functional.max_pool2d(Image(4), [2, 2])), [5, 7, 13, 15]),
            new("bilinear interpolate",
                () => Values(functional.interpolate(
                    Image(2), [4, 4], mode: InterpolationMode.Bilinear, align_corners: false)[0, 0, 1]),
                [0.5, 0.75, 1.25, 1.5], Rounding),
            new("batch_norm",
                () => Values(functional.batch_norm(Image(4).view(2, 2, 2, 2), null, null, training: true)[0, 0]),
                [-1.32424, -1.08347, -0.84270, -0.60193], Rounding),
            new("softmax", () => Values(softmax(Floats(1, 2, 3), 0)), [0.09003, 0.24473, 0.66524], Rounding),
            new("cross_entropy that ignores 255",
                () => Values(functional.cross_entropy(Scores(), Classes(), ignore_index: 255)), [0.40761], Rounding),
            new("gradient of a sum of squares", () =>
                {
                    var x = Floats(1, -2, 3).requires_grad_();
                    x.square().sum().backward();
                    return Values(x.grad!);
                }, [2, -4, 6]),
            new("gradients of conv2d", () =>
                {
                    var (image, kernel) = (Image(3).requires_grad_(), Kernel().requires_grad_());
                    functional.conv2d(image, kernel).sum().backward();
                    return [.. Values(image.grad!), .. Values(kernel.grad!)];
                }, [1, 3, 2, 4, 10, 6, 3, 7, 4, 8, 12, 20, 24], Rounding),
            new("gradient of cross_entropy", () =>
                {
                    var scores = Scores().requires_grad_();
                    functional.cross_entropy(scores, Classes(), ignore_index: 255).backward();
                    return Values(scores.grad!);
                }, [-0.16738, 0.12236, 0.04502, 0.04502, 0.12236, -0.16738, 0, 0, 0], Rounding),
            new("no gradient within no_grad", () =>
                {
                    var x = Floats(1).requires_grad_();
                    using var off = no_grad();
                    return [(x * 2).requires_grad ? 1 : 0, x.requires_grad ? 1 : 0];
                }, [0, 1]),
            new("three steps of SGD with momentum", () =>
                {
                    var weights = new Parameter(Floats(1, 2));
                    using var optimizer = optim.SGD([weights], 0.1, momentum: 0.9);
                    for (var step = 0; step < 3; step++)
                    {
                        optimizer.zero_grad();
                        weights.square().sum().backward();
                        optimizer.step();
                    }
                    return Values(weights);
                }, [0.062, 0.124], Rounding),
            new("a network that learns", () => Losses(device), [1.3748, 0.0739], 0.02),
        ];
    }

    /// <summary>Convolutions, batch norm and ReLU, all of known weights.</summary>
    internal static Sequential Network(Device device)
    {
        var network = Sequential(
            Conv2d(1, 4, 3, padding: 1, bias: false), BatchNorm2d(4), ReLU(), Conv2d(4, 2, 1)).to(device);
        using var off = no_grad();
        foreach (var weights in network.parameters())
            weights.copy_(arange(weights.numel(), float32, device).sin().view(weights.shape));
        return network;
    }

    // The first loss and the last.
    private static double[] Losses(Device device)
    {
        using var network = Network(device);
        using var optimizer = optim.SGD(network.parameters(), 0.1, momentum: 0.9);
        var image = arange(512, float32, device).sin().view(8, 1, 8, 8);
        var label = (image > 0).to(int64).squeeze(1);
        List<double> losses = [];
        for (var step = 0; step <= 40; step++)
        {
            using var scope = NewDisposeScope();
            optimizer.zero_grad();
            var loss = functional.cross_entropy(network.call(image), label, ignore_index: 255);
            loss.backward();
            optimizer.step();
            losses.Add(loss.item<float>());
        }
        return [losses[0], losses[^1]];
    }
}
