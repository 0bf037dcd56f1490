using FcnTraining;
using static TorchSharp.torch.nn.functional;

namespace Throughput;

/// <summary>What share of its time a training waits for data: FCN-32s over ResNet-18, each step waited for.</summary>
internal static class TrainingWaits
{
    internal const string Wait = "wait for data, % of all steps";
    private const double LongestStep = 500;

    internal static void Measure(Job job)
    {
        torch.manual_seed(1);
        using var dataset = job.OpenDataset();
        using var loader = job.Load(dataset);
        Job.FillCache(loader);
        // A CPU, where this is only tried out, would take minutes for a step of the whole network.
        var (width, warmUp) = job.OnGpu ? (ResNet18.FullWidth, 5) : (8, 1);
        using var model = new Fcn(new(SegmentationPalette.Voc.ClassCount, width));
        model.to(job.Device.Open());
        using var optimizer = torch.optim.SGD(model.parameters(), 1e-3, 0.9, weight_decay: 1e-3);
        using var batches = Job.Endless(loader);
        List<(double Step, double Wait)> steps = [];
        // Where steps take long, fewer of them say the same.
        for (var step = -warmUp; step < job.Repeats && steps.Sum(it => it.Step) < LongestStep * job.Repeats; step++)
        {
            var clock = Stopwatch.StartNew();
            batches.MoveNext();
            // The batch's own work on the device counts as waiting, that of the training does not.
            job.FinishQueue();
            var ready = clock.Elapsed.TotalMilliseconds;
            using var scope = torch.NewDisposeScope();
            optimizer.zero_grad();
            var (batch, ignore) = (batches.Current, SegmentationPalette.Voc.IgnoreIndex);
            cross_entropy(model.call(batch.Image), batch.Label, ignore_index: ignore).backward();
            optimizer.step();
            job.FinishQueue();
            if (step >= 0)
                steps.Add((clock.Elapsed.TotalMilliseconds, ready));
        }
        Job.Say("a step, ms", steps.Select(it => it.Step).Median());
        Job.Say("wait for data, ms", steps.Select(it => it.Wait).Median());
        // Of all steps together: the first batches of epochs count too.
        Job.Say(Wait, 100 * steps.Sum(it => it.Wait) / steps.Sum(it => it.Step));
    }
}
