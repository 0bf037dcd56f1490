namespace SkiaSharp;

public abstract class SKObject : SKNativeObject
{
    private static long lastHandle;

    internal SKObject(IntPtr handle, bool owns)
        : base(handle, owns)
    {
    }

    // For objects that live on this side only: a handle says that there is something to dispose.
    internal SKObject()
        : this((IntPtr)Interlocked.Increment(ref lastHandle), owns: true)
    {
    }

    protected override void DisposeNative() => Release();

    protected override void DisposeManaged() => ReleaseManaged();

    // Runs once, maybe on the finalizer's thread.
    internal virtual void Release()
    {
    }

    // Not from the finalizer: other objects may be gone by then.
    internal virtual void ReleaseManaged()
    {
    }

    internal void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(IsDisposed, this);
}
