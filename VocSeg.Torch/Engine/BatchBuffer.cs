using static TorchSharp.torch;

namespace VocSeg.Torch;

/// <summary>
/// The memory of one batch. Workers fill its slots at the same time, then it is delivered as tensors.
/// </summary>
internal abstract class BatchBuffer : IDisposable
{
    /// <summary>Makes a sample in a slot, from its files or from a cache.</summary>
    /// <param name="slot">The place in the batch.</param>
    /// <param name="index">The index of the sample in the data set.</param>
    /// <param name="epoch">The epoch, which decides the crop.</param>
    /// <param name="worker">The decoders and memory of the calling thread.</param>
    internal abstract void Fill(int slot, long index, long epoch, SampleWorker worker);

    /// <summary>The first slots as tensors, in no dispose scope; the caller disposes them.</summary>
    internal abstract (Tensor Image, Tensor Label) Deliver(int count);

    /// <summary>Says that the training loop has moved on and that the memory is about to be written again.</summary>
    internal virtual void TakeBack()
    {
    }

    public abstract void Dispose();
}

/// <summary>
/// The buffers and workers of a loader between epochs, so that memory is paged in once. It frees what comes back after
/// it was disposed.
/// </summary>
internal sealed class BatchBufferPool(Func<BatchBuffer> createBuffer, Func<SampleWorker> createWorker) : IDisposable
{
    private readonly object gate = new();
    private readonly Stack<BatchBuffer> buffers = [];
    private readonly Stack<SampleWorker> workers = [];
    private bool disposed;

    internal BatchBuffer RentBuffer() => Rent(buffers) ?? createBuffer();

    internal SampleWorker RentWorker() => Rent(workers) ?? createWorker();

    internal void Return(BatchBuffer buffer) => Return(buffers, buffer);

    internal void Return(SampleWorker worker) => Return(workers, worker);

    public void Dispose()
    {
        lock (gate)
            disposed = true;
        Empty();
    }

    /// <summary>Frees what nobody uses at this moment.</summary>
    internal void Empty()
    {
        lock (gate)
        {
            while (buffers.TryPop(out var buffer))
                buffer.Dispose();
            while (workers.TryPop(out var worker))
                worker.Dispose();
        }
    }

    private T? Rent<T>(Stack<T> idle)
        where T : class
    {
        lock (gate)
        {
            BatchSource.ThrowIfEnded(disposed);
            return idle.TryPop(out var item) ? item : null;
        }
    }

    private void Return<T>(Stack<T> idle, T item)
        where T : IDisposable
    {
        lock (gate)
        {
            if (disposed)
                item.Dispose();
            else
                idle.Push(item);
        }
    }
}
