using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace VocSeg.Torch;

/// <summary>A batch on the CPU. Workers write normalized planes and class indices straight into its tensors.</summary>
internal sealed unsafe class HostBatchBuffer : BatchBuffer
{
    private readonly SampleSource source;
    private readonly HostCache? cache;
    private readonly Tensor images;
    private readonly Tensor labels;
    private readonly float* imageMemory;
    private readonly long* labelMemory;

    internal HostBatchBuffer(SampleSource source, int slots, HostCache? cache)
    {
        this.source = source;
        this.cache = cache;
        var crop = source.Options.Crop;
        images = TensorMemory.Allocate(ScalarType.Float32, CPU, slots, 3, crop.Height, crop.Width);
        labels = TensorMemory.Allocate(ScalarType.Int64, CPU, slots, crop.Height, crop.Width);
        imageMemory = (float*)AddressOf(images);
        labelMemory = (long*)AddressOf(labels);
    }

    internal override void Fill(int slot, long index, long epoch, SampleWorker worker)
    {
        var crop = source.Options.Crop;
        var normalization = source.Options.Normalization;
        var sample = source.Samples[(int)index];
        var place = source.CropOf(index, epoch);
        var image = imageMemory + (nint)slot * 3 * (nint)crop.Pixels;
        var label = labelMemory + (nint)slot * (nint)crop.Pixels;
        var left = (nint)place.Left * HostWarp.BytesPerPixel;
        var stride = (nint)sample.Size.Width * HostWarp.BytesPerPixel;
        var pixels = cache is null ? null : cache.GetOrDecode(index, worker);
        if (pixels is null)
        {
            var rows = worker.DecodeRows(sample, place.Top, crop.Height);
            HostWarp.Image(rows + left, stride, crop, normalization, image);
            HostWarp.Label(worker.ClassIndices + place.Left, sample.Size.Width, crop, label);
        }
        else
        {
            HostWarp.Packed(pixels + place.Top * stride + left, stride, crop, normalization, image, label);
        }
    }

    internal override (Tensor Image, Tensor Label) Deliver(int count)
    {
        // Each batch gets handles of its own on the same memory. A handle that is kept too long is then found to be
        // disposed, and does not show the pixels of a later batch.
        using var scope = NewDisposeScope();
        return scope.Detach(images.narrow(0, 0, count), labels.narrow(0, 0, count));
    }

    internal override void TakeBack()
    {
        // Writing to no pixel at all tells libtorch that the memory changes. A backward pass through a graph that was
        // kept beyond its batch then fails, and does not read the pixels of the next batch.
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
