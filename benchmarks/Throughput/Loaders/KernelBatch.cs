using TorchSharp;
using VocSeg.Torch;
using static TorchSharp.torch;

namespace Throughput.Loaders;

/// <summary>A device cache of noise, of the data set's size and laid out as the library's, and the operations on a batch of it.</summary>
internal sealed class KernelBatch : IDisposable
{
    private static readonly float[] Scale = [.. Normalization.ImageNet.Std.Select(std => 1 / (255 * std))];
    private static readonly float[] Bias = [.. Normalization.ImageNet.Mean.Zip(Normalization.ImageNet.Std, (mean, std) => -mean / std)];
    private readonly DisposeScope tensors = NewDisposeScope();
    private readonly long[] imageShape;
    private readonly Device device;
    private readonly Tensor places, windows, colorWindows, classWindows, scale, bias;
    private readonly Tensor cut, cutColors, cutClass, colors, classes, image, label;
    private readonly Tensor[] channels;

    internal KernelBatch(Job job)
    {
        device = job.Device;
        using var dataset = job.OpenDataset();
        var (height, width) = (job.Crop.Height, job.Crop.Width);
        imageShape = [job.BatchSize, 3, height, width];
        long pitch = dataset.Samples.Max(sample => sample.Size.Width);
        // A CPU need not draw a whole data set.
        var rows = dataset.Samples.Take(job.OnGpu ? int.MaxValue : 100).Sum(sample => (long)sample.Size.Height);
        var plane = rows * pitch;
        var starts = plane - (height - 1) * pitch - (width - 1);
        var cache = randint(0, 256, [4, rows, pitch], ScalarType.Byte, device);
        windows = cache.as_strided([starts, 4, height, width], [1, plane, pitch, 1]);
        colorWindows = windows.narrow(1, 0, 3);
        classWindows = windows.select(1, 3);
        places = randint(0, starts, [job.BatchSize], ScalarType.Int64, device);
        scale = tensor(Scale, ScalarType.Float32, device).view(1, 3, 1, 1);
        bias = tensor(Bias, ScalarType.Float32, device).view(1, 3, 1, 1);

        cut = windows.index(places);
        cutColors = cut.narrow(1, 0, 3);
        cutClass = cut.select(1, 3);
        colors = cutColors.contiguous();
        classes = cutClass.contiguous();
        channels = [.. Enumerable.Range(0, 3).Select(channel => colors.select(1, channel))];
        image = bias.addcmul(cutColors, scale, 1);
        label = cutClass.to(ScalarType.Int64);
    }

    /// <summary>Queues an operation.</summary>
    /// <returns>Its result; of a batch the image.</returns>
    internal Tensor Run(string kernel) => kernel switch
    {
        "cut" => windows.index(places),
        "normalize" => bias.addcmul(cutColors, scale, 1),
        "label" => cutClass.to(ScalarType.Int64),
        "batch" => Batch(),
        "cut_colors" => colorWindows.index(places),
        "cut_class" => classWindows.index(places),
        "normalize_apart" => bias.addcmul(colors, scale, 1),
        "label_apart" => classes.to(ScalarType.Int64),
        "batch_apart" => BatchApart(),
        "cast_mul_add" => InScope(() => colors.to(ScalarType.Float32).mul_(scale).add_(bias)),
        "mul_add" => InScope(() => colors.mul(scale).add_(bias)),
        "by_channel" => InScope(ByChannel),
        _ => throw new ArgumentException($"There is no kernel {kernel}.", nameof(kernel)),
    };

    /// <summary>What that comes to the way it is done now.</summary>
    internal Tensor Expected(string kernel) => kernel switch
    {
        "cut" => cut,
        "cut_colors" => colors,
        "cut_class" => classes,
        "label" or "label_apart" => label,
        _ => image,
    };

    public void Dispose() => tensors.Dispose();

    private Tensor Batch() => InScope(() =>
    {
        var planes = windows.index(places);
        var floats = bias.addcmul(planes.narrow(1, 0, 3), scale, 1);
        planes.select(1, 3).to(ScalarType.Int64);
        return floats;
    });

    private Tensor BatchApart() => InScope(() =>
    {
        var floats = bias.addcmul(colorWindows.index(places), scale, 1);
        classWindows.index(places).to(ScalarType.Int64);
        return floats;
    });

    private Tensor ByChannel()
    {
        var floats = empty(imageShape, ScalarType.Float32, device);
        for (var channel = 0; channel < channels.Length; channel++)
            floats.select(1, channel).copy_(channels[channel]).mul_(Scale[channel]).add_(Bias[channel]);
        return floats;
    }

    private static Tensor InScope(Func<Tensor> operations)
    {
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(operations());
    }
}
