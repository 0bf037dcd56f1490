using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace VocSeg.Torch;

/// <summary>
/// A batch cut from the device's cache. Workers decode what is not there yet into pinned memory; on delivery it is taken into the cache, and all
/// windows are cut on the device. Once all samples are there the host draws windows and nothing else.
/// </summary>
internal sealed class CachedBatchBuffer : BatchBuffer
{
    private readonly VocSegDataset dataset;
    private readonly DevicePixelCache cache;
    private readonly long[] indices;
    private readonly long[] starts;
    private readonly long[] widths;
    private readonly bool[] decoded;
    private readonly Lock gate = new();
    private Tensor? staging;

    internal CachedBatchBuffer(VocSegDataset dataset, int slots, DevicePixelCache cache)
    {
        this.dataset = dataset;
        this.cache = cache;
        indices = new long[slots];
        starts = new long[slots];
        widths = new long[slots];
        decoded = new bool[slots];
    }

    internal override bool SharesMemory => false;

    internal override void Fill(int slot, long index, long epoch, SampleWorker worker)
    {
        var sample = dataset.Samples[(int)index];
        var window = dataset.WindowOf(index, epoch);
        indices[slot] = index;
        widths[slot] = sample.Size.Width;
        starts[slot] = cache.Starts[index] + (long)window.Top * sample.Size.Width + window.Left;
        decoded[slot] = !cache.Holds(index);
        if (!decoded[slot])
            return;
        var pixels = MemoryMarshal.AsBytes(MemoryMarshal.Cast<byte, int>(Staging().bytes).Slice(slot * (int)dataset.LargestSample, (int)sample.Size.Pixels));
        worker.DecodePacked(sample, pixels);
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
            var pixels = dataset.Samples[(int)indices[slot]].Size.Pixels;
            cache.Put(indices[slot], Staging().narrow(0, slot * dataset.LargestSample, pixels));
        }
        if (!missing)
            FreeStaging();
        var (image, label) = dataset.Transform.Unpack(dataset.Transform.Cut(cache.Pixels, starts[..count], widths[..count]));
        return scope.Detach(image, label);
    }

    public override void Dispose() => FreeStaging();

    // Only the first epoch needs it: a batch's worth of whole images.
    private Tensor Staging()
    {
        lock (gate)
        {
            if (staging is null)
            {
                using var scope = NewDisposeScope();
                var host = empty(indices.Length * dataset.LargestSample, ScalarType.Int32);
                staging = scope.Detach(dataset.Device.type == TorchSharp.DeviceType.CUDA ? host.pin_memory() : host);
            }
            return staging;
        }
    }

    private void FreeStaging()
    {
        staging?.Dispose();
        staging = null;
    }
}
