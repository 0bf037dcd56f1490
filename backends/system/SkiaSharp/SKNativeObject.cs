namespace SkiaSharp;

public abstract class SKNativeObject : IDisposable
{
    private int isDisposed;

    internal SKNativeObject(IntPtr handle, bool ownsHandle)
    {
        Handle = handle;
        OwnsHandle = ownsHandle;
    }

    ~SKNativeObject() => Dispose(false);

    public virtual IntPtr Handle { get; protected set; }

    protected internal virtual bool OwnsHandle { get; protected set; }

    protected internal bool IgnorePublicDispose { get; private protected set; }

    protected internal bool IsDisposed => Volatile.Read(ref isDisposed) == 1;

    public void Dispose()
    {
        if (!IgnorePublicDispose) DisposeInternal();
    }

    protected internal void DisposeInternal()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        if (Interlocked.Exchange(ref isDisposed, 1) != 0) return;
        if (disposing) DisposeUnownedManaged();
        if (Handle != IntPtr.Zero && OwnsHandle) DisposeNative();
        if (disposing) DisposeManaged();
        Handle = IntPtr.Zero;
    }

    protected virtual void DisposeUnownedManaged()
    {
    }

    protected virtual void DisposeManaged()
    {
    }

    protected virtual void DisposeNative()
    {
    }
}
