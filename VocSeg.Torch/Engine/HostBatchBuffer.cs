using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace VocSeg.Torch;

/// <summary>
/// A batch on the CPU. Workers write normalized planes and class indices straight into its tensors.
/// </summary>
internal sealed unsafe class HostBatchBuffer : BatchBuffer
{
    private readonly SampleSource source;
    private readonly PackedSamples? cache;
    private readonly Tensor images;
    private readonly Tensor labels;
    private readonly Tensor? weights;
    private readonly IntPtr imageMemory;
    private readonly IntPtr labelMemory;
    private readonly IntPtr weightMemory;

    internal HostBatchBuffer(SampleSource source, int slots, PackedSamples? cache)
        : base(slots)
    {
        this.source = source;
        this.cache = cache;
        var pixels = slots * source.LargestOutput.Pixels;
        images = TensorMemory.Allocate(ScalarType.Float32, CPU, pixels * source.Form.Channels);
        labels = TensorMemory.Allocate(source.Form.IsMask ? ScalarType.Float32 : ScalarType.Int64, CPU, pixels);
        (imageMemory, labelMemory) = (AddressOf(images), AddressOf(labels));
        if (source.Form.IsMask)
        {
            weights = TensorMemory.Allocate(ScalarType.Float32, CPU, pixels);
            weightMemory = AddressOf(weights);
        }
    }

    internal override void Fill(int slot, ReadOnlySpan<PlannedSample> run, SampleWorker worker)
    {
        var sample = source.Samples[run[0].Index];
        var place = source.StoredOf(run[0].Index);
        var pixels = cache is null ? null : cache.GetOrDecode(place, worker);
        var decoded = new WarpSource((IntPtr)pixels, 0, sample.Size);
        var labelled = source.DrawsByLabel && pixels is null ? worker.DecodeLabel(sample) : decoded;
        Draw(source, slot, run, labelled, worker, cache?.RunsOf(place));
        for (int at = slot, end = slot + run.Length, next; at < end; at = next)
        {
            next = pixels is null ? EndOfAlike(source, sample, at, end) : end;
            if (pixels is null)
            {
                var (first, count) = RowsOf(at, next - at);
                decoded = worker.DecodeRows(
                    sample, first, count, hasLabel: source.DrawsByLabel, source.ReductionOf(Drawn[at].Geometry));
            }
            for (var i = at; i < next; i++)
                worker.Warp.Write(decoded, Drawn[i].Geometry, Drawn[i].Color, TargetOf(i));
        }
    }

    internal override BatchTensors Deliver(int count)
    {
        // Each batch gets handles of its own on the same memory. A handle that is kept too long is then found to be
        // disposed, and does not show the pixels of a later batch.
        using var scope = NewDisposeScope();
        var pixels = Frame.Pixels;
        var channels = source.Form.Channels;
        var image = images.narrow(0, 0, count * channels * pixels).view(count, channels, Frame.Height, Frame.Width);
        var label = labels.narrow(0, 0, count * pixels);
        if (weights is null)
            return new(
                scope.Detach(image), scope.Detach(label.view(count, Frame.Height, Frame.Width)), null,
                ContentOf(count));
        var weight = weights.narrow(0, 0, count * pixels).view(count, 1, Frame.Height, Frame.Width);
        return new(
            scope.Detach(image), scope.Detach(label.view(count, 1, Frame.Height, Frame.Width)), scope.Detach(weight),
            ContentOf(count));
    }

    internal override void TakeBack()
    {
        // A write to no pixel at all tells libtorch that the memory changes. A backward pass through a graph that was
        // kept beyond its batch then fails, and does not read the pixels of the next batch.
        using var scope = NewDisposeScope();
        using var constant = no_grad();
        images.narrow(0, 0, 0).zero_();
        labels.narrow(0, 0, 0).zero_();
        weights?.narrow(0, 0, 0).zero_();
    }

    public override void Dispose()
    {
        images.Dispose();
        labels.Dispose();
        weights?.Dispose();
    }

    private WarpTarget TargetOf(int slot)
    {
        var first = slot * (nint)Frame.Pixels;
        return new(
            imageMemory + first * source.Form.ImageBytes,
            labelMemory + first * (source.Form.IsMask ? sizeof(float) : sizeof(long)),
            weightMemory + first * sizeof(float),
            Frame);
    }

    private static IntPtr AddressOf(Tensor tensor)
    {
        var memory = tensor.bytes;
        var address = (IntPtr)Unsafe.AsPointer(ref MemoryMarshal.GetReference(memory));
        HugePages.Prefer(address, memory.Length);
        return address;
    }
}
