using static TorchSharp.torch;

namespace VocSeg.Torch;

/// <summary>
/// A batch cut from the device's cache while that fills. Workers decode what is not there yet into pinned memory; on delivery it is taken into the
/// cache, and all windows are cut on the device.
/// </summary>
internal sealed class CachedBatchBuffer : BatchBuffer
{
    private readonly VocSegDataset dataset;
    private readonly DevicePixelCache cache;
    private readonly long slotBytes;
    private readonly long[] indices;
    private readonly long[] places;
    private readonly bool[] decoded;
    private readonly Lock gate = new();
    private Tensor? staging;

    internal CachedBatchBuffer(VocSegDataset dataset, int slots, DevicePixelCache cache)
    {
        this.dataset = dataset;
        this.cache = cache;
        slotBytes = dataset.LargestSample * HostWarp.BytesPerPixel;
        indices = new long[slots];
        places = new long[slots];
        decoded = new bool[slots];
    }

    internal override void Fill(int slot, long index, long epoch, SampleWorker worker)
    {
        var sample = dataset.Samples[(int)index];
        indices[slot] = index;
        places[slot] = cache.PlaceOf(index, dataset.WindowOf(index, epoch));
        decoded[slot] = !cache.Holds(index);
        if (!decoded[slot])
            return;
        worker.DecodePacked(sample, Staging().bytes.Slice(checked((int)(slot * slotBytes)), checked((int)sample.Size.Pixels * HostWarp.BytesPerPixel)));
    }

    internal override (Tensor Image, Tensor Label) Deliver(int count)
    {
        using var scope = NewDisposeScope();
        var missing = false;
        for (var slot = 0; slot < count; slot++)
        {
            if (!decoded[slot])
                continue;
            missing = true;
            var bytes = dataset.Samples[(int)indices[slot]].Size.Pixels * HostWarp.BytesPerPixel;
            cache.Put(indices[slot], Staging().narrow(0, slot * slotBytes, bytes));
        }
        if (!missing)
            FreeStaging();
        var (image, label) = dataset.Transform.FromPlanes(cache.Cut(tensor(places[..count], ScalarType.Int64, dataset.Device)));
        return scope.Detach(image, label);
    }

    public override void Dispose() => FreeStaging();

    // Only the first epoch needs it: a batch's worth of whole images.
    private Tensor Staging()
    {
        lock (gate)
            return staging ??= BatchMemory.AllocatePinned(ScalarType.Byte, dataset.Device, indices.Length * slotBytes);
    }

    private void FreeStaging()
    {
        staging?.Dispose();
        staging = null;
    }
}
