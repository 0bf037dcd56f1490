namespace VocSeg.Torch;

/// <summary>
/// The buffers and workers of a loader between epochs: memory that was written once costs no page fault again. Buffers and workers that come
/// back after the loader was disposed are freed.
/// </summary>
internal sealed class BatchBufferPool(Func<BatchBuffer> createBuffer, Func<SampleWorker> createWorker) : IDisposable
{
    private readonly Lock gate = new();
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
            ObjectDisposedException.ThrowIf(disposed, typeof(VocSegDataLoader));
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
