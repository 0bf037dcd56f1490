using static TorchSharp.torch;

namespace Throughput;

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
    private const int Batches = 200, Fewer = 4, Copies = 20;

    internal static void Measure(Job job)
    {
        using var tensors = NewDisposeScope();
        // Far beyond any cache of a GPU.
        var size = job.OnGpu ? 1L << 30 : 1L << 26;
        var device = job.Device.Open();
        var (from, to) = (zeros(size, ScalarType.Byte, device), zeros(size, ScalarType.Byte, device));
        var (host, place) = (zeros(size / 4, ScalarType.Byte), to.narrow(0, 0, size / 4));
        host = job.OnGpu ? host.pin_memory() : host;
        // The first copies take longer.
        Copied(job, from, to);
        Copied(job, host, place);

        using var dataset = job.OpenDataset();
        using var loader = job.Load(dataset);
        // A quarter of the samples in batches of a quarter: as many batches an epoch, with fewer samples in them.
        var quarter = dataset.Samples.Take(dataset.Samples.Count / Fewer);
        using var fewer = job.OpenDataset(
            SampleCatalog.FromPairs(quarter.Select(sample => (sample.Id, sample.ImagePath, sample.LabelPath))));
        using var smaller = job.Load(fewer, Fewer);
        Job.FillCache(loader);
        Job.FillCache(smaller);
        for (var repeat = 0; repeat < job.Repeats; repeat++)
        {
            // Within the device a copy reads and writes.
            var (within, pinned) = (2 * Copied(job, from, to), Copied(job, host, place));
            Job.Say("copies within the device, GB/s read and written", within / 1e9);
            Job.Say("copies from pinned memory, GB/s", pinned / 1e9);
            Job.Say(Floor, 1000 * 24 * Job.BatchPixels / within);
            Job.Say(HostFloor, 1000 * 4 * Job.BatchPixels / pinned);
            using (var batches = Job.Endless(loader))
            {
                batches.MoveNext();
                var before = GC.GetTotalAllocatedBytes(precise: true);
                Job.Say(Batch, job.Milliseconds(Batches, () => batches.MoveNext()) / Batches);
                var allocated = GC.GetTotalAllocatedBytes(precise: true) - before;
                Job.Say(Steadiness.Garbage, (double)allocated / (Batches * job.BatchSize));
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

    /// <returns>Bytes a second.</returns>
    private static double Copied(Job job, Tensor from, Tensor to) =>
        1000.0 * from.numel() * Copies / job.Milliseconds(Copies, () => to.copy_(from, nonBlocking: true));
}
