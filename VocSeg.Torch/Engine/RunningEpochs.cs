namespace VocSeg.Torch;

/// <summary>The epochs of a loader that run at this moment: what it must end before it frees the memory that their workers write into.</summary>
internal sealed class RunningEpochs : IDisposable
{
    private readonly HashSet<BatchSource> running = [];
    private bool disposed;

    /// <exception cref="ObjectDisposedException">The loader was disposed.</exception>
    internal BatchSource Start(Func<BatchSource> create)
    {
        lock (running)
        {
            ObjectDisposedException.ThrowIf(disposed, typeof(VocSegDataLoader));
            var source = create();
            running.Add(source);
            return source;
        }
    }

    internal void End(BatchSource source)
    {
        lock (running)
            running.Remove(source);
        source.Dispose();
    }

    public void Dispose()
    {
        BatchSource[] ending;
        lock (running)
        {
            disposed = true;
            ending = [.. running];
            running.Clear();
        }
        foreach (var source in ending)
            source.Dispose();
    }
}
