using System.Diagnostics;
using VocSeg.Torch;

namespace Throughput.Loaders;

/// <summary>
/// What a batch from the device's cache takes, there and on the host, beside the bandwidths that bound it. One line name=value for each figure and
/// repeat, in turn, so that a slow moment is everybody's.
/// </summary>
internal static class DeviceOps
{
    private const int Batches = 200, Fewer = 4;

    internal static void Measure(Job job)
    {
        using var copies = new DeviceCopies(job);
        using var dataset = job.OpenDataset();
        using var loader = new VocSegDataLoader(dataset, job.LoaderOptions());
        // A quarter of the samples in batches of a quarter: as many batches an epoch, so that nothing but the samples in them differs.
        using var fewer = OpenFewer(job, dataset);
        using var smaller = new VocSegDataLoader(fewer, job.LoaderOptions() with { BatchSize = job.BatchSize / Fewer });
        Job.FillCache(loader);
        Job.FillCache(smaller);
        copies.WithinDevice();
        copies.ToDevice();

        for (var repeat = 0; repeat < job.Repeats; repeat++)
        {
            var bandwidth = copies.WithinDevice();
            Figure.Say("device_bytes_per_s", bandwidth);
            Figure.Say("host_bytes_per_s", copies.ToDevice());
            var (batchTime, allocated) = InALine(job, loader);
            Figure.Say("batch_ms", batchTime);
            Figure.Say("allocated_per_sample", allocated);
            Figure.Say("device_ms", BehindOtherWork(loader, copies, bandwidth));
            Figure.Say("host_ms", UntilQueued(job, loader));
            Figure.Say("host_small_ms", UntilQueued(job, smaller));
        }
    }

    private static VocSegDataset OpenFewer(Job job, VocSegDataset dataset)
    {
        var list = Path.GetTempFileName();
        try
        {
            File.WriteAllLines(list, dataset.Samples.Take(dataset.Samples.Count / Fewer).Select(sample => sample.Id));
            return job.OpenDataset(list);
        }
        finally
        {
            File.Delete(list);
        }
    }

    /// <summary>Batches over several epochs, between two waits for the device.</summary>
    private static (double Milliseconds, double Allocated) InALine(Job job, VocSegDataLoader loader)
    {
        using var batches = Job.Endless(loader).GetEnumerator();
        batches.MoveNext();
        job.FinishQueue();
        var before = GC.GetTotalAllocatedBytes(precise: true);
        var start = Stopwatch.GetTimestamp();
        Take(batches, Batches);
        job.FinishQueue();
        var elapsed = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        return (elapsed / Batches, (double)(GC.GetTotalAllocatedBytes(precise: true) - before) / (Batches * job.BatchSize));
    }

    /// <summary>What batches add to the time of work that is queued before them: the host is ahead all the while, so this is the device's time alone.</summary>
    private static double BehindOtherWork(VocSegDataLoader loader, DeviceCopies copies, double bandwidth)
    {
        // Long enough for the host to queue an epoch meanwhile, few enough for the device's queue to hold it all.
        var work = copies.CountWithin(seconds: 0.03, bandwidth);
        var alone = copies.Seconds(() => copies.Queue(work));
        // An epoch's begin is the host's: it draws the windows there.
        using var epoch = loader.GetEnumerator();
        epoch.MoveNext();
        var rest = (int)loader.Count - 1;
        var together = copies.Seconds(() =>
        {
            copies.Queue(work);
            Take(epoch, rest);
        });
        return 1000 * (together - alone) / rest;
    }

    /// <summary>The host's time for a batch, its share of an epoch's begin and end with it, while the device's queue has room.</summary>
    private static double UntilQueued(Job job, VocSegDataLoader loader)
    {
        job.FinishQueue();
        var start = Stopwatch.GetTimestamp();
        Job.RunEpoch(loader);
        var elapsed = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        job.FinishQueue();
        return elapsed / loader.Count;
    }

    private static void Take(IEnumerator<VocSegBatch> batches, int count)
    {
        for (var batch = 0; batch < count; batch++)
            batches.MoveNext();
    }
}
