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
    private readonly Tensor places;

    internal CachedBatches(VocSegDataset dataset, DevicePixelCache cache, EpochPlan plan, CancellationToken cancellation)
    {
        this.dataset = dataset;
        this.cache = cache;
        this.plan = plan;
        this.cancellation = cancellation;
        var drawn = new long[plan.Samples];
        for (var position = 0; position < drawn.Length; position++)
        {
            var index = plan.IndexAt(position);
            drawn[position] = cache.PlaceOf(index, dataset.WindowOf(index, plan.Epoch));
        }
        using var scope = NewDisposeScope();
        places = scope.Detach(tensor(drawn, ScalarType.Int64, dataset.Device));
    }

    internal override (Tensor Image, Tensor Label) Take(int batch)
    {
        cancellation.ThrowIfCancellationRequested();
        ObjectDisposedException.ThrowIf(places.IsInvalid, typeof(VocSegDataLoader));
        using var scope = NewDisposeScope();
        var (image, label) = dataset.Transform.FromPlanes(cache.Cut(places.narrow(0, plan.FirstOf(batch), plan.SizeOf(batch))));
        return scope.Detach(image, label);
    }

    public override void Dispose() => places.Dispose();
}
