using static TorchSharp.torch;

namespace VocSeg.Torch;

/// <summary>A batch for a GPU: workers decode into pinned memory; on delivery its bytes go over once and become tensors there.</summary>
internal sealed class StagedBatchBuffer(VocSegDataset dataset, int slots) : BatchBuffer
{
    private readonly StagingBuffer staging = new(slots, dataset.LargestRows, dataset.Device);

    internal override void Fill(int slot, long index, long epoch, SampleWorker worker)
    {
        var sample = dataset.Samples[(int)index];
        var window = dataset.WindowOf(index, epoch);
        worker.DecodeColors(sample, window.Top, dataset.Options.Crop.Height, staging.ImagePixels(slot), staging.LabelPixels(slot));
        staging.SetWindow(slot, sample.Size.Width, window.Left);
    }

    internal override (Tensor Image, Tensor Label) Deliver(int count)
    {
        using var scope = NewDisposeScope();
        var (image, label) = dataset.Transform.FromColors(staging.Images, staging.Labels, staging.Starts[..count], staging.Widths[..count]);
        return scope.Detach(image, label);
    }

    public override void Dispose() => staging.Dispose();
}
