using System.Diagnostics;
using FcnTraining;
using Throughput.Contest;
using TorchSharp;
using VocSeg.Torch;
using static TorchSharp.torch.nn.functional;

namespace Throughput.Loaders;

/// <summary>What share of its time a training waits for data: an FCN-32s over ResNet-18, step after step, each waited for.</summary>
internal static class TrainingWaits
{
    private const int NarrowWidth = 8;
    private const double LongestStep = 500;

    internal static void Measure(Job job)
    {
        torch.manual_seed(1);
        using var dataset = job.OpenDataset();
        using var loader = new VocSegDataLoader(dataset, job.LoaderOptions());
        Job.FillCache(loader);

        // A CPU, where this is only tried out, would take minutes for a step of the whole network.
        var (width, warmUp) = job.OnGpu ? (ResNet18.FullWidth, 5) : (NarrowWidth, 1);
        using var model = new Fcn(new(SegmentationPalette.Voc.ClassCount, width));
        model.to(job.Device);
        using var optimizer = torch.optim.SGD(model.parameters(), 1e-3, 0.9, weight_decay: 1e-3);
        using var batches = Job.Endless(loader).GetEnumerator();
        List<double> steps = [], waits = [], hostWaits = [];
        // Where steps take long, fewer of them say the same.
        for (var step = -warmUp; step < job.Repeats && steps.Sum() < LongestStep * job.Repeats; step++)
        {
            var start = Stopwatch.GetTimestamp();
            batches.MoveNext();
            var queued = Stopwatch.GetElapsedTime(start);
            // The batch's own work on the device counts as waiting, that of the training does not.
            job.FinishQueue();
            var ready = Stopwatch.GetElapsedTime(start);
            Train(model, optimizer, batches.Current);
            job.FinishQueue();
            if (step < 0)
                continue;
            steps.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            waits.Add(ready.TotalMilliseconds);
            hostWaits.Add(queued.TotalMilliseconds);
        }
        Figure.Say("steps", steps.Count);
        Figure.Say("step_ms", Statistics.Median(steps));
        Figure.Say("wait_ms", Statistics.Median(waits));
        // Of all steps together: the first batch of an epoch, which nothing was ahead of, counts too.
        Figure.Say("wait_share", waits.Sum() / steps.Sum());
        Figure.Say("host_wait_share", hostWaits.Sum() / steps.Sum());
    }

    private static void Train(Fcn model, torch.optim.Optimizer optimizer, VocSegBatch batch)
    {
        using var scope = torch.NewDisposeScope();
        optimizer.zero_grad();
        var loss = cross_entropy(model.call(batch.Image), batch.Label, ignore_index: SegmentationPalette.Voc.IgnoreIndex);
        loss.backward();
        optimizer.step();
    }
}
