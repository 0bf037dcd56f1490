using static TorchSharp.torch;

namespace Throughput;

/// <summary>How fast bytes move within the device, and to it from pinned memory. Its tensors are the scope's.</summary>
internal sealed class DeviceCopies
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
        (place, host) = (to.narrow(0, 0, size / 4), zeros(size / 4, ScalarType.Byte));
        host = job.OnGpu ? host.pin_memory() : host;
        WithinDevice();
        ToDevice();
    }

    /// <summary>Bytes read and written a second by copies within the device.</summary>
    internal double WithinDevice() => 2000.0 * from.numel() * Copies / job.Milliseconds(() => Queue(Copies, to, from));

    /// <summary>Bytes a second that come to the device from pinned memory.</summary>
    internal double ToDevice() => 1000.0 * host.numel() * Copies / job.Milliseconds(() => Queue(Copies, place, host));

    /// <summary>
    /// What work adds to the time of copies that are queued before it, in ms. They take 30 ms, so the host is ahead
    /// all the while, and the device's queue holds it all: this is the device's time alone.
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

    private static void Queue(int copies, Tensor to, Tensor from)
    {
        for (var copy = 0; copy < copies; copy++)
            to.copy_(from, nonBlocking: true);
    }
}

/// <summary>
/// What a batch from the device's cache takes, there and on the host, beside the bandwidths that bound it. A figure
/// each a repeat, in turn, so that a slow moment is everybody's.
/// </summary>
internal static class DeviceOps
{
    internal const string Floor = "floor: the device's memory, 4 bytes a pixel read and 20 written, ms a batch";
    internal const string HostFloor = "floor: from pinned memory, 4 bytes a pixel, ms a batch";
    internal const string Batch = "200 batches between two synchronizes, ms a batch";
    internal const string Host = "the host alone: until it is queued, ms a batch of 64";
    internal const string HostFewer = "the host alone: the same, as many batches of 16 an epoch, ms a batch";
    private const int Batches = 200, Fewer = 4;

    internal static void Measure(Job job)
    {
        using var tensors = NewDisposeScope();
        var copies = new DeviceCopies(job);
        using var dataset = job.OpenDataset();
        using var loader = job.Load(dataset);
        // A quarter of the samples in batches of a quarter: as many batches an epoch, with fewer samples in them.
        var list = Path.GetTempFileName();
        File.WriteAllLines(list, dataset.Samples.Take(dataset.Samples.Count / Fewer).Select(sample => sample.Id));
        using var fewer = job.OpenDataset(list);
        File.Delete(list);
        using var smaller = job.Load(fewer, Fewer);
        Job.FillCache(loader);
        Job.FillCache(smaller);
        for (var repeat = 0; repeat < job.Repeats; repeat++)
        {
            var (bandwidth, fromHost) = (copies.WithinDevice(), copies.ToDevice());
            Job.Say("copies within the device, GB/s read and written", bandwidth / 1e9);
            Job.Say("copies from pinned memory, GB/s", fromHost / 1e9);
            Job.Say(Floor, 1000 * 24 * Job.BatchPixels / bandwidth);
            Job.Say(HostFloor, 1000 * 4 * Job.BatchPixels / fromHost);
            using (var batches = Job.Endless(loader))
            {
                batches.MoveNext();
                var before = GC.GetTotalAllocatedBytes(precise: true);
                Job.Say(Batch, job.Milliseconds(() => Take(batches, Batches)) / Batches);
                var allocated = GC.GetTotalAllocatedBytes(precise: true) - before;
                Job.Say(Steadiness.Garbage, (double)allocated / (Batches * job.Batch));
            }
            using (var epoch = loader.GetEnumerator())
            {
                // An epoch's begin is the host's: it draws the crops there.
                epoch.MoveNext();
                var rest = (int)loader.Count - 1;
                var alone = copies.Behind(bandwidth, () => Take(epoch, rest)) / rest;
                Job.Say("queued behind other work: the device alone, ms a batch", alone);
            }
            // An epoch's begin and end with it, while the device's queue has room.
            foreach (var (name, own) in new[] { (Host, loader), (HostFewer, smaller) })
            {
                job.FinishQueue();
                var clock = Stopwatch.StartNew();
                Job.RunEpoch(own);
                Job.Say(name, clock.Elapsed.TotalMilliseconds / own.Count);
            }
        }
    }

    private static void Take(IEnumerator<VocSegBatch> batches, int count)
    {
        for (var batch = 0; batch < count; batch++)
            batches.MoveNext();
    }
}
