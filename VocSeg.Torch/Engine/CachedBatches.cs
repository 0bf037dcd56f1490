using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace VocSeg.Torch;

/// <summary>
/// Batches out of a full device cache. The crops of an epoch are drawn and sent to the device when it begins. A batch
/// is then three operations there, queued by the training loop's own thread, without a worker or a copy.
/// </summary>
internal sealed class CachedBatches : BatchSource
{
    private readonly SampleSource source;
    private readonly DeviceCache cache;
    private readonly EpochPlan plan;
    private readonly CancellationToken cancellation;
    private readonly object gate = new();
    private readonly Tensor drawn;
    private readonly Tensor places;

    internal CachedBatches(SampleSource source, DeviceCache cache, EpochPlan plan, CancellationToken cancellation)
    {
        this.source = source;
        this.cache = cache;
        this.plan = plan;
        this.cancellation = cancellation;
        drawn = TensorMemory.AllocatePinned(ScalarType.Int64, source.Device, plan.Samples);
        var onHost = MemoryMarshal.Cast<byte, long>(drawn.bytes);
        for (var position = 0; position < onHost.Length; position++)
        {
            var index = plan.IndexAt(position);
            onHost[position] = cache.PlaceOf(index, source.CropOf(index, plan.Epoch));
        }
        using var scope = NewDisposeScope();
        // The host does not wait for this copy, which runs after all the work that the loop has queued. The memory that
        // it reads lives as long as the epoch.
        places = scope.Detach(drawn.to(source.Device, non_blocking: true));
    }

    internal override (Tensor Image, Tensor Label) Take(int batch)
    {
        cancellation.ThrowIfCancellationRequested();
        // Neither these tensors nor the cache's may be disposed while a batch is cut.
        lock (gate)
        {
            BatchSource.ThrowIfEnded(places.IsInvalid);
            using var scope = NewDisposeScope();
            var crops = cache.Cut(places.narrow(0, plan.FirstOf(batch), plan.SizeOf(batch)));
            var (image, label) = source.Warp.FromPlanes(crops);
            return scope.Detach(image, label);
        }
    }

    public override void Dispose()
    {
        lock (gate)
        {
            places.Dispose();
            drawn.Dispose();
        }
    }
}
