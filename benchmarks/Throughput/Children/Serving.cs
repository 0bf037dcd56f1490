using static TorchSharp.torch;

namespace Throughput;

/// <summary>A contestant's side of the talk: an epoch to warm up, READY, then whole epochs for every GO.</summary>
internal static class Serving
{
    internal static void Ours(Job job)
    {
        using var dataset = job.OpenDataset();
        using var loader = job.Load(dataset);
        Serve(job, loader.Select(batch => (batch.Image, batch.Label)));
    }

    /// <summary>TorchSharp's DataLoader over the library's data set: what there is without its loader.</summary>
    internal static void Raw(Job job)
    {
        using var dataset = job.OpenDataset();
        using var loader = utils.data.DataLoader(
            dataset, job.BatchSize, shuffle: true, num_worker: job.Workers, drop_last: true, disposeDataset: false);
        Serve(job, loader.Select(batch => (batch["image"], batch["label"])));
    }

    private static void Serve(Job job, IEnumerable<(Tensor Image, Tensor Label)> epoch)
    {
        var checks = epoch.Select(batch => Check(job, batch.Image, batch.Label)).ToList();
        double Mean(int field) => checks.Average(check => check[field]);
        Console.WriteLine($"READY mean={Mean(0):F4} void={Mean(1):F4} background={Mean(2):F4}");
        while (Console.In.ReadLine() == "GO")
        {
            long images = 0;
            var clock = Stopwatch.StartNew();
            while (images == 0 || clock.Elapsed.TotalSeconds < job.Seconds)
                images += epoch.Sum(batch => batch.Image.shape[0]);
            job.FinishQueue();
            Console.WriteLine($"{images} {clock.Elapsed.TotalSeconds:F6}");
        }
    }

    /// <returns>The mean of the image, the shares of the ignore index and of the background in the label.</returns>
    private static double[] Check(Job job, Tensor image, Tensor label)
    {
        long[] labels = [job.BatchSize, job.Crop.Height, job.Crop.Width];
        if ((image.dtype, label.dtype) != (ScalarType.Float32, ScalarType.Int64) ||
            !image.shape.SequenceEqual([labels[0], 3, .. labels[1..]]) || !label.shape.SequenceEqual(labels))
            throw new InvalidOperationException("A batch has not the shape or type that was asked for.");
        using var scope = NewDisposeScope();
        Tensor[] values = [image, label.eq(255), label.eq(0)];
        return [.. values.Select(value => value.to(ScalarType.Float32).mean().item<float>())];
    }
}
