using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace VocSeg.Torch;

/// <summary>A batch for training on the CPU: workers write normalized planes and class indices straight into the batch's tensors.</summary>
internal sealed unsafe class HostBatchBuffer : BatchBuffer
{
    private readonly VocSegDataset dataset;
    private readonly PixelCache? cache;
    private readonly Tensor images;
    private readonly Tensor labels;
    private readonly float* imageMemory;
    private readonly long* labelMemory;

    internal HostBatchBuffer(VocSegDataset dataset, int slots, PixelCache? cache)
    {
        this.dataset = dataset;
        this.cache = cache;
        var crop = dataset.Options.Crop;
        images = BatchMemory.Allocate(ScalarType.Float32, CPU, slots, 3, crop.Height, crop.Width);
        labels = BatchMemory.Allocate(ScalarType.Int64, CPU, slots, crop.Height, crop.Width);
        imageMemory = (float*)AddressOf(images);
        labelMemory = (long*)AddressOf(labels);
    }

    internal override void Fill(int slot, long index, long epoch, SampleWorker worker)
    {
        var crop = dataset.Options.Crop;
        var sample = dataset.Samples[(int)index];
        var window = dataset.WindowOf(index, epoch);
        var image = imageMemory + (nint)slot * 3 * crop.Pixels;
        var label = labelMemory + (nint)slot * crop.Pixels;
        var pixels = cache is null ? null : cache.GetOrDecode(index, worker);
        var stride = (nint)sample.Size.Width * HostWarp.BytesPerPixel;
        if (pixels is null)
        {
            var rows = worker.DecodeRows(sample, window.Top, crop.Height);
            HostWarp.Image(rows + (nint)window.Left * HostWarp.BytesPerPixel, stride, crop, dataset.Options.Normalization, image);
            HostWarp.Label(worker.ClassIndices + window.Left, sample.Size.Width, crop, label);
        }
        else
        {
            var corner = pixels + window.Top * stride + (nint)window.Left * HostWarp.BytesPerPixel;
            HostWarp.Packed(corner, stride, crop, dataset.Options.Normalization, image, label);
        }
    }

    internal override (Tensor Image, Tensor Label) Deliver(int count)
    {
        // New handles on the same memory: a handle kept too long is found disposed instead of quietly showing a later batch.
        using var scope = NewDisposeScope();
        return scope.Detach(images.narrow(0, 0, count), labels.narrow(0, 0, count));
    }

    // An in-place operation on no pixel, for libtorch to know that the memory changes: a backward pass through a graph that was kept beyond its batch
    // then says so, instead of reading the next batch's pixels.
    internal override void TakeBack()
    {
        using var scope = NewDisposeScope();
        using var constant = no_grad();
        images.narrow(0, 0, 0).zero_();
        labels.narrow(0, 0, 0).zero_();
    }

    public override void Dispose()
    {
        images.Dispose();
        labels.Dispose();
    }

    private static IntPtr AddressOf(Tensor tensor)
    {
        var memory = tensor.bytes;
        var address = (IntPtr)Unsafe.AsPointer(ref MemoryMarshal.GetReference(memory));
        HugePages.Prefer(address, memory.Length);
        return address;
    }
}
