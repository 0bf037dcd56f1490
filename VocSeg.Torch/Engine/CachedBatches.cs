using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace VocSeg.Torch;

/// <summary>
/// Batches out of a full device cache: an epoch's windows are drawn and sent to the device when it begins, and then a batch is three
/// operations there, queued in the training loop's own thread. No worker, no copy, nothing for each sample.
/// </summary>
internal sealed class CachedBatches : BatchSource
{
    private readonly VocSegDataset dataset;
    private readonly DevicePixelCache cache;
    private readonly EpochPlan plan;
    private readonly CancellationToken cancellation;
    private readonly Lock gate = new();
    private readonly Tensor drawn;
    private readonly Tensor places;

    internal CachedBatches(VocSegDataset dataset, DevicePixelCache cache, EpochPlan plan, CancellationToken cancellation)
    {
        this.dataset = dataset;
        this.cache = cache;
        this.plan = plan;
        this.cancellation = cancellation;
        drawn = BatchMemory.AllocatePinned(ScalarType.Int64, dataset.Device, plan.Samples);
        var onHost = MemoryMarshal.Cast<byte, long>(drawn.bytes);
        for (var position = 0; position < onHost.Length; position++)
        {
            var index = plan.IndexAt(position);
            onHost[position] = cache.PlaceOf(index, dataset.WindowOf(index, plan.Epoch));
        }
        using var scope = NewDisposeScope();
        // Waited for, the copy would end behind all that the loop has queued; so its source is kept as long as the epoch.
        places = scope.Detach(drawn.to(dataset.Device, non_blocking: true));
    }

    internal override (Tensor Image, Tensor Label) Take(int batch)
    {
        cancellation.ThrowIfCancellationRequested();
        // While a batch is cut its tensors, and the cache's, must not go.
        using var held = gate.EnterScope();
        ObjectDisposedException.ThrowIf(places.IsInvalid, typeof(VocSegDataLoader));
        using var scope = NewDisposeScope();
        var (image, label) = dataset.Transform.FromPlanes(cache.Cut(places.narrow(0, plan.FirstOf(batch), plan.SizeOf(batch))));
        return scope.Detach(image, label);
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
