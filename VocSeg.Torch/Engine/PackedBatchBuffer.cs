using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace VocSeg.Torch;

/// <summary>A batch for a GPU out of the host's cache: workers copy the windows, four bytes a pixel, into pinned memory, which goes over once.</summary>
internal sealed unsafe class PackedBatchBuffer : BatchBuffer
{
    private readonly VocSegDataset dataset;
    private readonly PixelCache cache;
    private readonly Tensor windows;
    private readonly byte* memory;

    internal PackedBatchBuffer(VocSegDataset dataset, int slots, PixelCache cache)
    {
        this.dataset = dataset;
        this.cache = cache;
        windows = BatchMemory.AllocatePinned(ScalarType.Byte, dataset.Device, slots, dataset.Options.Crop.Height, dataset.Options.Crop.Width, HostWarp.BytesPerPixel);
        memory = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(windows.bytes));
    }

    internal override void Fill(int slot, long index, long epoch, SampleWorker worker)
    {
        var crop = dataset.Options.Crop;
        var sample = dataset.Samples[(int)index];
        var window = dataset.WindowOf(index, epoch);
        var pixels = cache.GetOrDecode(index, worker);
        if (pixels is null)
            pixels = worker.DecodePacked(sample);
        var row = (nint)crop.Width * HostWarp.BytesPerPixel;
        var stride = (nint)sample.Size.Width * HostWarp.BytesPerPixel;
        var from = pixels + window.Top * stride + (nint)window.Left * HostWarp.BytesPerPixel;
        var to = memory + slot * crop.Height * row;
        for (var y = 0; y < crop.Height; y++, from += stride, to += row)
            Unsafe.CopyBlockUnaligned(to, from, (uint)row);
    }

    internal override (Tensor Image, Tensor Label) Deliver(int count)
    {
        using var scope = NewDisposeScope();
        var (image, label) = dataset.Transform.FromPacked(windows.narrow(0, 0, count).to(dataset.Device));
        return scope.Detach(image, label);
    }

    public override void Dispose() => windows.Dispose();
}
