using static TorchSharp.torch;

namespace VocSeg.Torch;

/// <summary>Where the batches of one epoch come from. For one thread, batch after batch.</summary>
internal abstract class BatchSource : IDisposable
{
    /// <summary>Waits for a batch.</summary>
    /// <param name="batch">The next batch of the plan.</param>
    /// <returns>Its tensors, in no dispose scope; whoever takes them disposes them.</returns>
    /// <exception cref="DatasetException">A sample of this batch could not be read; batches before it came whole.</exception>
    /// <exception cref="OperationCanceledException">The epoch was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The source was disposed.</exception>
    internal abstract (Tensor Image, Tensor Label) Take(int batch);

    /// <summary>The training loop has moved on from a batch.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="detached">Whether the loop keeps its tensors.</param>
    internal virtual void Release(int batch, bool detached)
    {
    }

    /// <summary>Ends what makes batches; may be called twice, and by another thread than the one that takes them.</summary>
    public abstract void Dispose();
}
