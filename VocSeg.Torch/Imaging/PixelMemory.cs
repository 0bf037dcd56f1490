using System.Runtime.InteropServices;

namespace VocSeg.Torch;

/// <summary>Memory for pixels outside the managed heap: it does not move, and large pages are asked for. One who forgets to dispose it leaks nothing for good.</summary>
internal sealed unsafe class PixelMemory : SafeHandle
{
    internal PixelMemory(long bytes)
        : base(IntPtr.Zero, ownsHandle: true)
    {
        Length = bytes;
        SetHandle((IntPtr)NativeMemory.AlignedAlloc((nuint)bytes, 64));
        HugePages.Prefer(handle, bytes);
    }

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

    protected override bool ReleaseHandle()
    {
        NativeMemory.AlignedFree(Address);
        return true;
    }
}
