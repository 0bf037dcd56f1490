using static TorchSharp.torch;

namespace Throughput;

/// <summary>How fast bytes move: within the device, and to it from pinned memory.</summary>
internal sealed class DeviceCopies : IDisposable
{
    private const int Copies = 20;
    private readonly Job job;
    private readonly Tensor from, to, place, host;

    internal DeviceCopies(Job job)
    {
        this.job = job;
        // Far beyond any cache of a GPU.
        var size = job.OnGpu ? 1L << 30 : 1L << 26;
        (from, to) = (zeros(size, ScalarType.Byte, job.Device), zeros(size, ScalarType.Byte, job.Device));
        place = to.narrow(0, 0, size / 4);
        using var pageable = zeros(size / 4, ScalarType.Byte);
        host = job.OnGpu ? pageable.pin_memory() : pageable.alias();
        WithinDevice();
        ToDevice();
    }

    /// <summary>Bytes read and written a second by copies within the device.</summary>
    internal double WithinDevice() => 2000.0 * from.numel() * Copies / job.Milliseconds(() => Queue(Copies, to, from));

    /// <summary>Bytes a second that come to the device from pinned memory.</summary>
    internal double ToDevice() => 1000.0 * host.numel() * Copies / job.Milliseconds(() => Queue(Copies, place, host));

    /// <summary>
    /// What work adds to the time of copies that are queued before it, in ms. They take 30 ms, so that the host is ahead all
    /// the while, and the device's queue holds it all: this is the device's time alone.
    /// </summary>
    internal double Behind(double bandwidth, Action work)
    {
        var copies = 1 + (int)(0.03 * bandwidth / (2 * from.numel()));
        var alone = job.Milliseconds(() => Queue(copies, to, from));
        return job.Milliseconds(() =>
        {
            Queue(copies, to, from);
            work();
        }) - alone;
    }

    public void Dispose() => Array.ForEach([from, to, place, host], tensor => tensor.Dispose());

    private static void Queue(int copies, Tensor to, Tensor from)
    {
        for (var copy = 0; copy < copies; copy++)
            to.copy_(from, nonBlocking: true);
    }
}

/// <summary>
/// What a batch from the device's cache takes, there and on the host, beside the bandwidths that bound it. A figure each a
/// repeat, in turn, so that a slow moment is everybody's.
/// </summary>
internal static class DeviceOps
{
    private const int Batches = 200, Fewer = 4;

    internal static void Measure(Job job)
    {
        using var copies = new DeviceCopies(job);
        using var dataset = job.OpenDataset();
        using var loader = job.Load(dataset);
        // A quarter of the samples in batches of a quarter: as many batches an epoch, nothing but their samples differs.
        var list = Path.GetTempFileName();
        File.WriteAllLines(list, dataset.Samples.Take(dataset.Samples.Count / Fewer).Select(sample => sample.Id));
        using var fewer = job.OpenDataset(list);
        File.Delete(list);
        using var smaller = job.Load(fewer, Fewer);
        Job.FillCache(loader);
        Job.FillCache(smaller);
        for (var repeat = 0; repeat < job.Repeats; repeat++)
        {
            var bandwidth = copies.WithinDevice();
            Job.Say("device_bytes_per_s", bandwidth);
            Job.Say("host_bytes_per_s", copies.ToDevice());
            InALine(job, loader);
            using (var epoch = loader.GetEnumerator())
            {
                // An epoch's begin is the host's: it draws the crops there.
                epoch.MoveNext();
                var rest = (int)loader.Count - 1;
                Job.Say("device_ms", copies.Behind(bandwidth, () => Take(epoch, rest)) / rest);
            }
            Job.Say("host_ms", UntilQueued(job, loader));
            Job.Say("host_small_ms", UntilQueued(job, smaller));
        }
    }

    /// <summary>Batches over several epochs, between two waits for the device.</summary>
    private static void InALine(Job job, VocSegDataLoader loader)
    {
        using var batches = Job.Endless(loader);
        batches.MoveNext();
        var before = GC.GetTotalAllocatedBytes(precise: true);
        Job.Say("batch_ms", job.Milliseconds(() => Take(batches, Batches)) / Batches);
        Job.Say("allocated_per_sample", (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)(Batches * job.Batch));
    }

    /// <summary>The host's time for a batch, an epoch's begin and end with it, while the device's queue has room.</summary>
    private static double UntilQueued(Job job, VocSegDataLoader loader)
    {
        job.FinishQueue();
        var clock = Stopwatch.StartNew();
        Job.RunEpoch(loader);
        clock.Stop();
        job.FinishQueue();
        return clock.Elapsed.TotalMilliseconds / loader.Count;
    }

    private static void Take(IEnumerator<VocSegBatch> batches, int count)
    {
        for (var batch = 0; batch < count; batch++)
            batches.MoveNext();
    }
}
