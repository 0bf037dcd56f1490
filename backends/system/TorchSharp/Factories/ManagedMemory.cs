using System.Runtime.InteropServices;
using TorchSharp.Native;

namespace TorchSharp;

/// <summary>Tensors over an array's own memory, which stays pinned until libtorch lets go of it.</summary>
internal static unsafe class ManagedMemory
{
    public static torch.Tensor Tensor(Array array, long byteOffset, ReadOnlySpan<long> sizes, torch.ScalarType type)
    {
        var pin = GCHandle.Alloc(array, GCHandleType.Pinned);
        fixed (long* p = sizes)
        {
            var handle = Bridge.tensor_from_memory(
                pin.AddrOfPinnedObject() + (nint)byteOffset, p, sizes.Length, (int)type, &Unpin, GCHandle.ToIntPtr(pin));
            if (handle == IntPtr.Zero)
            {
                pin.Free();
                Bridge.Check();
            }
            return new torch.Tensor(handle);
        }
    }

    [UnmanagedCallersOnly]
    private static void Unpin(IntPtr pin) => GCHandle.FromIntPtr(pin).Free();
}
