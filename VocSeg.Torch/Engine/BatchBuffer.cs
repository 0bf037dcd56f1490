using static TorchSharp.torch;

namespace VocSeg.Torch;

/// <summary>The memory of one batch: workers fill its slots at the same time, then it is delivered as tensors.</summary>
internal abstract class BatchBuffer : IDisposable
{
    /// <summary>Decodes a sample into a slot, or takes it from the cache.</summary>
    /// <param name="slot">The place in the batch.</param>
    /// <param name="index">The index of the sample in the data set.</param>
    /// <param name="epoch">The epoch, which decides the window.</param>
    /// <param name="worker">The calling worker's own decoders and memory.</param>
    internal abstract void Fill(int slot, long index, long epoch, SampleWorker worker);

    /// <summary>The first slots as tensors of the training loop's, in no dispose scope; whoever holds them disposes them.</summary>
    internal abstract (Tensor Image, Tensor Label) Deliver(int count);

    /// <summary>The training loop has moved on from what was delivered, and the memory is about to be written again.</summary>
    internal virtual void TakeBack()
    {
    }

    public abstract void Dispose();
}
