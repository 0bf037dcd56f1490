using System.Diagnostics;
using System.Globalization;
using TorchSharp;

namespace Throughput.Loaders;

/// <summary>A contestant's side of the talk: an epoch to warm up, READY, then whole epochs for every GO.</summary>
internal static class Protocol
{
    internal static void Serve(Job job, Func<IEnumerable<(torch.Tensor Image, torch.Tensor Label)>> epoch)
    {
        Say(WarmUp(job, epoch));
        while (Console.In.ReadLine() == "GO")
        {
            long images = 0;
            var clock = Stopwatch.StartNew();
            do
            {
                foreach (var (image, _) in epoch())
                    images += image.shape[0];
            }
            while (clock.Elapsed.TotalSeconds < job.Seconds);
            job.FinishQueue();
            Say(string.Create(CultureInfo.InvariantCulture, $"{images} {clock.Elapsed.TotalSeconds:F6}"));
        }
    }

    private static string WarmUp(Job job, Func<IEnumerable<(torch.Tensor Image, torch.Tensor Label)>> epoch)
    {
        long[] imageShape = [job.BatchSize, 3, job.Crop.Height, job.Crop.Width];
        long[] labelShape = [job.BatchSize, job.Crop.Height, job.Crop.Width];
        var batches = 0;
        double mean = 0, ignored = 0, background = 0;
        foreach (var (image, label) in epoch())
        {
            if (image.dtype != torch.ScalarType.Float32 || label.dtype != torch.ScalarType.Int64 || !image.shape.SequenceEqual(imageShape) || !label.shape.SequenceEqual(labelShape))
                throw new InvalidOperationException("A batch has not the shape or type that was asked for.");
            using var scope = torch.NewDisposeScope();
            batches++;
            mean += image.mean().item<float>();
            ignored += label.eq(255).to(torch.ScalarType.Float32).mean().item<float>();
            background += label.eq(0).to(torch.ScalarType.Float32).mean().item<float>();
        }
        return string.Create(
            CultureInfo.InvariantCulture,
            $"READY images={batches * job.BatchSize} mean={mean / batches:F4} void={ignored / batches:F4} background={background / batches:F4}");
    }

    private static void Say(string line)
    {
        Console.Out.WriteLine(line);
        Console.Out.Flush();
    }
}
