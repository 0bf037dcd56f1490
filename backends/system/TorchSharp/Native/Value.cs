using System.Runtime.InteropServices;

namespace TorchSharp.Native;

internal enum Tag
{
    None, Tensor, Int, Double, Bool, Complex, String, Ints, Doubles, Tensors, Device, Generator, Default,
}

/// <summary>An argument or result as the bridge sees it.</summary>
[StructLayout(LayoutKind.Explicit)]
internal struct Value
{
    [FieldOffset(0)] public Tag Tag;
    [FieldOffset(4)] public int Count;
    [FieldOffset(8)] public long Int;
    [FieldOffset(8)] public double Double;
    [FieldOffset(8)] public IntPtr Pointer;
    [FieldOffset(16)] public double Imaginary;
}
