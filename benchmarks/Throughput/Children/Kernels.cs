using static TorchSharp.torch;

namespace Throughput;

/// <summary>An operation of a batch from the device's cache, or another way to the same.</summary>
/// <param name="Name">Its figure's.</param>
/// <param name="Title">For the table.</param>
/// <param name="PixelBytes">What it reads and writes for each pixel of the batch.</param>
/// <param name="CutBytes">Bytes of each pixel that an index kernel moves singly.</param>
internal sealed record Kernel(string Name, string Title, int PixelBytes, int CutBytes = 0)
{
    internal static IReadOnlyList<Kernel> All { get; } =
    [
        new("cut", "cut: `windows.index(places)`", 8, 4),
        new("normalize", "normalize: `bias.addcmul(planes, scale, 1)` from uint8", 15),
        new("label", "label: `planes.select(1, 3).to(int64)`", 9),
        new("batch", "**the three: a batch as it is made**", 32, 4),
        new("cut_colors", "(a) colours cut by an index of their own", 6, 3),
        new("cut_class", "(a) class index cut by an index of its own", 2, 1),
        new("normalize_apart", "(a) normalize, contiguous", 15),
        new("label_apart", "(a) label, contiguous", 9),
        new("batch_apart", "**(a) the four: a batch**", 32, 4),
        new("cast_mul_add", "(b) normalize: `to(float32)`, `mul_`, `add_`", 15 + 24 + 24),
        new("mul_add", "(c) normalize: `mul` from uint8, `add_`", 15 + 24),
        new("by_channel", "(d) normalize: `copy_`, `mul_`, `add_` by scalars, a channel at a time", 15 + 24 + 24),
    ];

    internal double Megabytes => PixelBytes * Figures.BatchPixels / 1e6;

    /// <summary>The least ms on an H100: bytes at 3.0 TB/s, but 0.06 ms for a cut of 4 bytes a pixel.</summary>
    internal string Predicted => Name is "batch" or "batch_apart"
        ? "0.15 - 0.3"
        : $"{0.06 * CutBytes / 4 + (PixelBytes - 2 * CutBytes) * Figures.BatchPixels / 3.0e9:F3}";
}

/// <summary>
/// What each kernel takes on a device cache of noise, of the data set's size and laid out as the library's, behind other
/// work: a kernel may be shorter than it takes to queue it. A line each: name, ms, MB moved, GB/s.
/// </summary>
internal static class Kernels
{
    private const double Tolerance = 1e-6;
    private static readonly Scalar One = 1;

    internal static void Measure(Job job)
    {
        using var tensors = NewDisposeScope();
        using var copies = new DeviceCopies(job);
        var (bandwidth, ways) = (copies.WithinDevice(), Ways(job));
        var right = Kernel.All.Where(kernel => IsRight(kernel.Name, ways[kernel.Name])).ToList();
        // A CPU, where this is only tried out, takes a tenth of a second for one.
        var times = job.OnGpu ? 200 : 1;
        for (var repeat = 0; repeat < job.Repeats; repeat++)
        {
            foreach (var kernel in right)
            {
                var milliseconds = copies.Behind(bandwidth, () =>
                {
                    for (var time = 0; time < times; time++)
                    {
                        using var scope = NewDisposeScope();
                        ways[kernel.Name].Run();
                    }
                }) / times;
                var (moved, rate) = (kernel.Megabytes, kernel.Megabytes / milliseconds);
                Console.WriteLine($"{kernel.Name}={milliseconds:R} ms, {moved:F0} MB, {rate:F0} GB/s");
            }
        }
    }

    /// <returns>For each kernel what queues it, of a batch giving the image, and what it comes to as it is done now.</returns>
    private static Dictionary<string, (Func<Tensor> Run, Tensor Expected)> Ways(Job job)
    {
        using var dataset = job.OpenDataset();
        var (height, width) = (Job.Crop.Height, Job.Crop.Width);
        long pitch = dataset.Samples.Max(sample => sample.Size.Width);
        // A CPU need not draw a whole data set.
        var rows = dataset.Samples.Take(job.OnGpu ? int.MaxValue : 100).Sum(sample => (long)sample.Size.Height);
        var (plane, starts) = (rows * pitch, (rows - height + 1) * pitch - (width - 1));
        var cache = randint(0, 256, [4, rows, pitch], ScalarType.Byte, job.Device);
        var windows = cache.as_strided([starts, 4, height, width], [1, plane, pitch, 1]);
        var (colorWindows, classWindows) = (windows.narrow(1, 0, 3), windows.select(1, 3));
        var places = randint(0, starts, [job.Batch], ScalarType.Int64, job.Device);
        var (mean, std) = (Normalization.ImageNet.Mean, Normalization.ImageNet.Std);
        float[] scales = [.. std.Select(value => 1 / (255 * value))], biases = [.. mean.Zip(std, (m, s) => -m / s)];
        Scalar[] factors = [.. scales.Select(value => (Scalar)value)], addends = [.. biases.Select(value => (Scalar)value)];
        var scale = tensor(scales, ScalarType.Float32, job.Device).view(1, 3, 1, 1);
        var bias = tensor(biases, ScalarType.Float32, job.Device).view(1, 3, 1, 1);

        var cut = windows.index(places);
        var (cutColors, cutClass) = (cut.narrow(1, 0, 3), cut.select(1, 3));
        var (colors, classes) = (cutColors.contiguous(), cutClass.contiguous());
        var (image, label) = (Floats(cutColors), Long(cutClass));
        return new()
        {
            ["cut"] = (() => windows.index(places), cut),
            ["normalize"] = (() => Floats(cutColors), image),
            ["label"] = (() => Long(cutClass), label),
            ["batch"] = (Batch, image),
            ["cut_colors"] = (() => colorWindows.index(places), colors),
            ["cut_class"] = (() => classWindows.index(places), classes),
            ["normalize_apart"] = (() => Floats(colors), image),
            ["label_apart"] = (() => Long(classes), label),
            ["batch_apart"] = (() => (Long(classWindows.index(places)), Floats(colorWindows.index(places))).Item2, image),
            ["cast_mul_add"] = (() => colors.to(ScalarType.Float32).mul_(scale).add_(bias), image),
            ["mul_add"] = (() => colors.mul(scale).add_(bias), image),
            ["by_channel"] = (ByChannel, image),
        };

        Tensor Floats(Tensor bytes) => bias.addcmul(bytes, scale, One);

        Tensor Long(Tensor bytes) => bytes.to(ScalarType.Int64);

        Tensor Batch()
        {
            var planes = windows.index(places);
            Long(planes.select(1, 3));
            return Floats(planes.narrow(1, 0, 3));
        }

        Tensor ByChannel()
        {
            var floats = empty_like(image);
            for (var i = 0; i < 3; i++)
                floats.select(1, i).copy_(colors.select(1, i)).mul_(factors[i]).add_(addends[i]);
            return floats;
        }
    }

    /// <summary>Whether it comes to what a batch is made of now; a way to something else is not worth a time.</summary>
    private static bool IsRight(string name, (Func<Tensor> Run, Tensor Expected) way)
    {
        using var scope = NewDisposeScope();
        var (result, expected) = (way.Run(), way.Expected);
        var same = result.dtype == expected.dtype && result.shape.SequenceEqual(expected.shape);
        var off = same ? result.to(ScalarType.Float32).sub(expected).abs().max().item<float>() : double.NaN;
        if (!(off <= Tolerance))
            Console.WriteLine($"{name} is off by {off:G3} and not timed");
        return off <= Tolerance;
    }
}
