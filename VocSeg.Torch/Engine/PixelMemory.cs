using System.Runtime.InteropServices;

namespace VocSeg.Torch;

/// <summary>Memory for pixels outside the managed heap: it does not move, and large pages are asked for. One who forgets to dispose it leaks nothing for good.</summary>
internal sealed unsafe class PixelMemory : SafeHandle
{
    private static long promised;
    private long ownPromise;

    /// <param name="bytes">How much.</param>
    /// <param name="isPromised">Whether it counts in <see cref="Promised"/> until it is written to.</param>
    internal PixelMemory(long bytes, bool isPromised = false)
        : base(IntPtr.Zero, ownsHandle: true)
    {
        Length = bytes;
        SetHandle((IntPtr)NativeMemory.AlignedAlloc((nuint)bytes, 64));
        HugePages.Prefer(handle, bytes);
        if (isPromised)
            Promise(bytes);
    }

    /// <summary>Bytes that are to be written to and have not been yet: the system still counts them as free.</summary>
    internal static long Promised => Interlocked.Read(ref promised);

    public override bool IsInvalid => handle == IntPtr.Zero;

    /// <summary>The first byte, at a multiple of 64.</summary>
    internal byte* Address => (byte*)handle;

    internal long Length { get; }

    internal Span<byte> Slice(long start, long length)
    {
        ObjectDisposedException.ThrowIf(IsClosed, this);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(start + length, Length, nameof(length));
        return new(Address + start, checked((int)length));
    }

    /// <summary>So many bytes of what was promised have been written to.</summary>
    internal void HasTaken(long bytes) => Promise(-bytes);

    protected override bool ReleaseHandle()
    {
        Promise(-Interlocked.Read(ref ownPromise));
        NativeMemory.AlignedFree(Address);
        return true;
    }

    private void Promise(long bytes)
    {
        Interlocked.Add(ref ownPromise, bytes);
        Interlocked.Add(ref promised, bytes);
    }
}
