using static TorchSharp.torch;

namespace Throughput;

/// <summary>
/// What each kernel of a batch takes on a device cache of noise, of the data set's size and laid out as the library's,
/// and other ways to the same, behind other work: a kernel may be shorter than it takes to queue it. A way
/// whose result differs from the present one's has no time.
/// </summary>
internal static class Kernels
{
    private const double Tolerance = 1e-6;
    private static readonly Scalar One = 1;

    internal static void Measure(Job job)
    {
        using var tensors = NewDisposeScope();
        var copies = new DeviceCopies(job);
        var bandwidth = copies.WithinDevice();
        // A CPU, where this is only tried out, takes a tenth of a second for one.
        var times = job.OnGpu ? 200 : 1;
        var ways = Ways(job).Select(it => (it.Title, it.Bytes, it.Cut, it.Run, Off: Off(it.Run, it.Expected))).ToList();
        foreach (var (title, bytes, cut, run, off) in Enumerable.Repeat(ways, job.Repeats).SelectMany(all => all))
        {
            var megabytes = bytes * Job.BatchPixels / 1e6;
            // Bytes at 3.0 TB/s, but 0.06 ms for a cut of 4 bytes a pixel; instructions come on top.
            var least = 0.06 * cut / 4 + (bytes - 2 * cut) * Job.BatchPixels / 3.0e9;
            var predicted = bytes == 32 ? "0.15 - 0.3" : $"{least:F3}";
            var name = $"{title}: {megabytes:F0} MB, predicted for an H100 {predicted} ms";
            // A way to something else is not worth a time.
            var time = off <= Tolerance ? copies.Behind(bandwidth, () => Repeat(times, run)) / times : double.NaN;
            Console.WriteLine($"{name}={time:R} ms, {megabytes / time:F0} GB/s, off by {off:G3}");
        }
    }

    /// <returns>Titles, bytes read and written a pixel, bytes cut singly, what queues it, its result now.</returns>
    private static IEnumerable<(string Title, int Bytes, int Cut, Func<Tensor> Run, Tensor Expected)> Ways(Job job)
    {
        using var dataset = job.OpenDataset();
        var (height, width) = (Job.Crop.Height, Job.Crop.Width);
        long pitch = dataset.Samples.Max(sample => sample.Size.Width);
        // A CPU need not draw a whole data set.
        var rows = dataset.Samples.Take(job.OnGpu ? int.MaxValue : 100).Sum(sample => (long)sample.Size.Height);
        var (plane, starts) = (rows * pitch, (rows - height + 1) * pitch - (width - 1));
        var cache = randint(0, 256, [4, rows, pitch], ScalarType.Byte, job.Device);
        var crops = cache.as_strided([starts, 4, height, width], [1, plane, pitch, 1]);
        var (colorCrops, classCrops) = (crops.narrow(1, 0, 3), crops.select(1, 3));
        var places = randint(0, starts, [job.Batch], ScalarType.Int64, job.Device);
        var (mean, std) = (Normalization.ImageNet.Mean, Normalization.ImageNet.Std);
        float[] scales = [.. std.Select(value => 1 / (255 * value))], biases = [.. mean.Zip(std, (m, s) => -m / s)];
        Scalar[] factors = [.. scales.Select(it => (Scalar)it)], addends = [.. biases.Select(it => (Scalar)it)];
        var scale = tensor(scales, ScalarType.Float32, job.Device).view(1, 3, 1, 1);
        var bias = tensor(biases, ScalarType.Float32, job.Device).view(1, 3, 1, 1);

        var cut = crops.index(places);
        var (cutColors, cutClass) = (cut.narrow(1, 0, 3), cut.select(1, 3));
        var (colors, classes) = (cutColors.contiguous(), cutClass.contiguous());
        var (image, label) = (Floats(cutColors), Long(cutClass));
        return
        [
            ("cut: `crops.index(places)`", 8, 4, () => crops.index(places), cut),
            ("normalize: `bias.addcmul(planes, scale, 1)` from uint8", 15, 0, () => Floats(cutColors), image),
            ("label: `planes.select(1, 3).to(int64)`", 9, 0, () => Long(cutClass), label),
            ("**the three: a batch as it is made**", 32, 4, () => Batch(crops.index(places)), image),
            ("(a) colours cut by an index of their own", 6, 3, () => colorCrops.index(places), colors),
            ("(a) class index cut by an index of its own", 2, 1, () => classCrops.index(places), classes),
            ("(a) normalize, contiguous", 15, 0, () => Floats(colors), image),
            ("(a) label, contiguous", 9, 0, () => Long(classes), label),
            ("**(a) the four: a batch**", 32, 4,
                () => (Long(classCrops.index(places)), Floats(colorCrops.index(places))).Item2, image),
            ("(b) normalize: `to(float32)`, `mul_`, `add_`", 63, 0,
                () => colors.to(ScalarType.Float32).mul_(scale).add_(bias), image),
            ("(c) normalize: `mul` from uint8, `add_`", 39, 0, () => colors.mul(scale).add_(bias), image),
            ("(d) normalize: `copy_`, `mul_`, `add_` by scalars, a channel at a time", 63, 0, ByChannel, image),
        ];

        Tensor Floats(Tensor bytes) => bias.addcmul(bytes, scale, One);

        Tensor Long(Tensor bytes) => bytes.to(ScalarType.Int64);

        Tensor Batch(Tensor planes) => (Long(planes.select(1, 3)), Floats(planes.narrow(1, 0, 3))).Item2;

        Tensor ByChannel()
        {
            var floats = empty_like(image);
            for (var i = 0; i < 3; i++)
                floats.select(1, i).copy_(colors.select(1, i)).mul_(factors[i]).add_(addends[i]);
            return floats;
        }
    }

    private static double Off(Func<Tensor> run, Tensor expected)
    {
        using var scope = NewDisposeScope();
        var result = run();
        var same = result.dtype == expected.dtype && result.shape.SequenceEqual(expected.shape);
        return same ? result.to(ScalarType.Float32).sub(expected).abs().max().item<float>() : double.PositiveInfinity;
    }

    private static void Repeat(int times, Func<Tensor> run)
    {
        for (var time = 0; time < times; time++)
        {
            using var scope = NewDisposeScope();
            run();
        }
    }
}
