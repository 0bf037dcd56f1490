using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace VocSeg.Torch;

/// <summary>
/// Memory for pixels outside the managed heap. It does not move and asks for large pages. The finalizer frees it where
/// nobody disposes it.
/// </summary>
internal sealed unsafe class PixelMemory : SafeHandle
{
    private static long promised;
    private long ownPromise;

    /// <param name="bytes">The length.</param>
    /// <param name="promised">What counts in <see cref="Promised"/> until it is written to, here or beside it.</param>
    internal PixelMemory(long bytes, long promised = 0)
        : base(IntPtr.Zero, ownsHandle: true)
    {
        Length = bytes;
        SetHandle((IntPtr)NativeMemory.AlignedAlloc((nuint)bytes, 64));
        HugePages.Prefer(handle, bytes);
        Promise(promised);
    }

    /// <summary>Bytes that will be written to later. Until then the system counts them as free.</summary>
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

    /// <summary>Takes bytes that have now been written to out of <see cref="Promised"/>.</summary>
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

/// <summary>Tensors that a loader keeps for as long as it lives.</summary>
internal static class TensorMemory
{
    /// <summary>A tensor of arbitrary values, in no dispose scope; the caller disposes it.</summary>
    internal static Tensor Allocate(ScalarType type, Device device, params long[] shape)
    {
        using var scope = NewDisposeScope();
        // A tensor made in inference mode could never be trained on, whatever mode its user is in.
        using var normal = inference_mode(false);
        return scope.Detach(empty(shape, type, device));
    }

    /// <summary>Host memory that a device copies from. It is pinned where the device is a GPU.</summary>
    internal static Tensor AllocatePinned(ScalarType type, Device device, params long[] shape)
    {
        using var scope = NewDisposeScope();
        using var normal = inference_mode(false);
        var memory = empty(shape, type, CPU);
        return scope.Detach(device.type == TorchSharp.DeviceType.CUDA ? memory.pin_memory() : memory);
    }
}

/// <summary>
/// Large pages. A batch of 197 MB costs 48,000 page faults when it is first written in pages of 4 KiB, and about 100 in
/// pages of 2 MiB.
/// </summary>
internal static partial class HugePages
{
    private const int AdviseHugePages = 14;
    private const nuint PageSize = 2 << 20;

    /// <summary>Asks Linux for large pages and does nothing elsewhere. A refusal costs only speed.</summary>
    internal static void Prefer(IntPtr address, long length)
    {
        if (!OperatingSystem.IsLinux())
            return;
        var first = ((nuint)address + PageSize - 1) / PageSize * PageSize;
        var end = ((nuint)address + (nuint)length) / PageSize * PageSize;
        if (end > first)
            _ = Advise(first, end - first, AdviseHugePages);
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(nuint address, nuint length, int advice);
}
