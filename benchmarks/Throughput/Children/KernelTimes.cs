using static TorchSharp.torch;

namespace Throughput;

/// <summary>An operation of a batch from the device's cache, or another way to the same.</summary>
/// <param name="Name">Its figure's.</param>
/// <param name="Title">For the table.</param>
/// <param name="PixelBytes">What it reads and writes for each pixel of the batch.</param>
/// <param name="CutBytes">Bytes of each pixel that an index kernel moves singly.</param>
/// <param name="Run">Queues it; of a batch's results the image is returned.</param>
/// <param name="Expected">What it comes to the way it is done now.</param>
internal sealed record Kernel(
    string Name, string Title, int PixelBytes, int CutBytes, Func<KernelBatch, Tensor> Run, Func<KernelBatch, Tensor> Expected)
{
    private const double BatchPixels = Job.UsualBatchSize * 320.0 * 480;

    internal static IReadOnlyList<Kernel> All { get; } =
    [
        new("cut", "cut: `windows.index(places)`", 8, 4, it => it.Windows.index(it.Places), it => it.Cut),
        new("normalize", "normalize: `bias.addcmul(planes, scale, 1)` from uint8", 15, 0, it => it.Floats(it.CutColors),
            it => it.Image),
        new("label", "label: `planes.select(1, 3).to(int64)`", 9, 0, it => it.CutClass.to(ScalarType.Int64), it => it.Label),
        new("batch", "**the three: a batch as it is made**", 32, 4, it => it.Batch(), it => it.Image),
        new("cut_colors", "(a) colours cut by an index of their own", 6, 3, it => it.ColorWindows.index(it.Places),
            it => it.Colors),
        new("cut_class", "(a) class index cut by an index of its own", 2, 1, it => it.ClassWindows.index(it.Places),
            it => it.Classes),
        new("normalize_apart", "(a) normalize, contiguous", 15, 0, it => it.Floats(it.Colors), it => it.Image),
        new("label_apart", "(a) label, contiguous", 9, 0, it => it.Classes.to(ScalarType.Int64), it => it.Label),
        new("batch_apart", "**(a) the four: a batch**", 32, 4, it => it.BatchApart(), it => it.Image),
        new("cast_mul_add", "(b) normalize: `to(float32)`, `mul_`, `add_`", 15 + 24 + 24, 0,
            it => it.Colors.to(ScalarType.Float32).mul_(it.Scale).add_(it.Bias), it => it.Image),
        new("mul_add", "(c) normalize: `mul` from uint8, `add_`", 15 + 24, 0,
            it => it.Colors.mul(it.Scale).add_(it.Bias), it => it.Image),
        new("by_channel", "(d) normalize: `copy_`, `mul_`, `add_` by scalars, a channel at a time", 15 + 24 + 24, 0,
            it => it.ByChannel(), it => it.Image),
    ];

    internal double Megabytes => PixelBytes * BatchPixels / 1e6;

    /// <summary>The least ms on an H100: bytes at 3.0 TB/s, but 0.06 ms for a cut of 4 bytes a pixel.</summary>
    internal string Predicted => Name.StartsWith("batch")
        ? "0.15 - 0.3"
        : $"{0.06 * CutBytes / 4 + (PixelBytes - 2 * CutBytes) * BatchPixels / 3.0e9:F3}";
}

/// <summary>A device cache of noise, of the data set's size and laid out as the library's, and a batch of it.</summary>
internal sealed class KernelBatch : IDisposable
{
    private readonly DisposeScope tensors = NewDisposeScope();
    internal readonly Tensor Windows, ColorWindows, ClassWindows, Places, Scale, Bias;
    internal readonly Tensor Cut, CutColors, CutClass, Colors, Classes, Image, Label;
    private readonly Scalar one = 1;
    private readonly Scalar[] scales, biases;

    internal KernelBatch(Job job)
    {
        using var dataset = job.OpenDataset();
        var (height, width) = (Job.Crop.Height, Job.Crop.Width);
        long pitch = dataset.Samples.Max(sample => sample.Size.Width);
        // A CPU need not draw a whole data set.
        var rows = dataset.Samples.Take(job.OnGpu ? int.MaxValue : 100).Sum(sample => (long)sample.Size.Height);
        var plane = rows * pitch;
        var starts = plane - (height - 1) * pitch - (width - 1);
        var cache = randint(0, 256, [4, rows, pitch], ScalarType.Byte, job.Device);
        Windows = cache.as_strided([starts, 4, height, width], [1, plane, pitch, 1]);
        (ColorWindows, ClassWindows) = (Windows.narrow(1, 0, 3), Windows.select(1, 3));
        Places = randint(0, starts, [job.BatchSize], ScalarType.Int64, job.Device);
        var (mean, std) = (Normalization.ImageNet.Mean, Normalization.ImageNet.Std);
        float[] scale = [.. std.Select(value => 1 / (255 * value))], bias = [.. mean.Zip(std, (m, s) => -m / s)];
        (scales, biases) = ([.. scale.Select(value => (Scalar)value)], [.. bias.Select(value => (Scalar)value)]);
        Scale = tensor(scale, ScalarType.Float32, job.Device).view(1, 3, 1, 1);
        Bias = tensor(bias, ScalarType.Float32, job.Device).view(1, 3, 1, 1);

        Cut = Windows.index(Places);
        (CutColors, CutClass) = (Cut.narrow(1, 0, 3), Cut.select(1, 3));
        (Colors, Classes) = (CutColors.contiguous(), CutClass.contiguous());
        (Image, Label) = (Floats(CutColors), CutClass.to(ScalarType.Int64));
    }

    public void Dispose() => tensors.Dispose();

    internal Tensor Floats(Tensor colors) => Bias.addcmul(colors, Scale, one);

    internal Tensor Batch()
    {
        var planes = Windows.index(Places);
        planes.select(1, 3).to(ScalarType.Int64);
        return Floats(planes.narrow(1, 0, 3));
    }

    internal Tensor BatchApart()
    {
        ClassWindows.index(Places).to(ScalarType.Int64);
        return Floats(ColorWindows.index(Places));
    }

    internal Tensor ByChannel()
    {
        var floats = empty_like(Image);
        for (var channel = 0; channel < 3; channel++)
            floats.select(1, channel).copy_(Colors.select(1, channel)).mul_(scales[channel]).add_(biases[channel]);
        return floats;
    }
}

/// <summary>
/// What each device operation of a batch from the device's cache takes, and other ways to the same result, behind other
/// work: a kernel may be shorter than it takes to queue it. A line each: name, ms, MB moved, GB/s.
/// </summary>
internal static class KernelTimes
{
    private const double Tolerance = 1e-6;

    internal static void Measure(Job job)
    {
        // A CPU, where this is only tried out, takes a tenth of a second for one.
        var times = job.OnGpu ? 200 : 1;
        using var copies = new DeviceCopies(job);
        using var batch = new KernelBatch(job);
        var bandwidth = copies.WithinDevice();
        var kernels = Kernel.All.Where(kernel => IsRight(kernel, batch)).ToList();
        for (var repeat = 0; repeat < job.Repeats; repeat++)
        {
            foreach (var kernel in kernels)
            {
                var milliseconds = copies.Behind(bandwidth, () =>
                {
                    for (var time = 0; time < times; time++)
                    {
                        using var scope = NewDisposeScope();
                        kernel.Run(batch);
                    }
                }) / times;
                var rate = kernel.Megabytes / milliseconds;
                Console.WriteLine($"{kernel.Name}={milliseconds:R} ms, {kernel.Megabytes:F0} MB, {rate:F0} GB/s");
            }
        }
    }

    /// <summary>Whether it comes to what a batch is made of now; a way to something else is not worth a time.</summary>
    private static bool IsRight(Kernel kernel, KernelBatch batch)
    {
        using var scope = NewDisposeScope();
        var (result, expected) = (kernel.Run(batch), kernel.Expected(batch));
        var same = result.dtype == expected.dtype && result.shape.SequenceEqual(expected.shape);
        var off = same
            ? result.to(ScalarType.Float32).sub(expected.to(ScalarType.Float32)).abs().max().item<float>()
            : double.NaN;
        if (!(off <= Tolerance))
            Console.WriteLine($"{kernel.Name} is off by {off:G3} and not timed");
        return off <= Tolerance;
    }
}
