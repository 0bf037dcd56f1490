using static TorchSharp.torch;

namespace VocSeg.Torch;

/// <summary>A batch for a GPU: workers decode into pinned memory; on delivery its bytes go over once and become tensors there.</summary>
internal sealed class StagedBatchBuffer(VocSegDataset dataset, int slots) : BatchBuffer
{
    private readonly StagingBuffer staging = new(slots, dataset.LargestSample, pinned: dataset.Device.type == TorchSharp.DeviceType.CUDA);

    internal override bool SharesMemory => false;

    internal override void Fill(int slot, long index, long epoch, SampleWorker worker) => dataset.Stage(worker, staging, slot, index, epoch);

    internal override (Tensor Image, Tensor Label) Deliver(int count)
    {
        using var scope = NewDisposeScope();
        var (image, label) = dataset.Transform.Apply(staging, count);
        return scope.Detach(image, label);
    }

    public override void Dispose() => staging.Dispose();
}
