namespace VocSeg.Torch;

/// <summary>
/// Where the batches of one epoch come from, batch after batch. One thread takes them; any thread may end it.
/// </summary>
internal abstract class BatchSource : IDisposable
{
    /// <summary>Waits for a batch and delivers it.</summary>
    /// <param name="batch">The next batch of the plan.</param>
    /// <returns>Its tensors; the caller disposes them.</returns>
    /// <exception cref="DatasetException">
    /// A sample of this batch could not be read. The batches before it came whole.
    /// </exception>
    /// <exception cref="OperationCanceledException">The epoch was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The source was disposed.</exception>
    internal abstract BatchTensors Deliver(int batch);

    /// <summary>Whether any label that was decoded for its batches showed a class other than 0.</summary>
    internal virtual bool SawForeground => true;

    /// <summary>Says that the training loop has moved on from a batch.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="detached">Whether the loop keeps its tensors.</param>
    internal virtual void Release(int batch, bool detached)
    {
    }

    /// <summary>
    /// Ends what makes batches and returns when it has ended. It may be called again, by several threads at once.
    /// </summary>
    public abstract void Dispose();

    /// <exception cref="ObjectDisposedException">The loader was disposed while a loop still runs over it.</exception>
    internal static void ThrowIfEnded(bool hasEnded)
    {
        if (hasEnded)
            throw new ObjectDisposedException("VocSeg.Torch.VocSegDataLoader");
    }
}
