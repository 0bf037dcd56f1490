using static TorchSharp.torch;

namespace VocSeg.Torch;

/// <summary>Batches on the CPU: the tensors of a batch are its buffer's own memory, which goes back to the workers when the training loop has moved on.</summary>
internal sealed class HostBatches(EpochPlan plan, EpochPipeline pipeline) : BatchSource
{
    private BatchBuffer? lent;

    internal override (Tensor Image, Tensor Label) Take(int batch)
    {
        lent = pipeline.Take(batch);
        return lent.Deliver(plan.SizeOf(batch));
    }

    internal override void Release(int batch, bool detached)
    {
        if (lent is not { } buffer)
            return;
        lent = null;
        if (!detached)
            buffer.TakeBack();
        pipeline.Return(batch, buffer, isFree: !detached);
    }

    public override void Dispose() => pipeline.Dispose();
}
