using System.Runtime.InteropServices;

namespace TorchSharp.Native;

internal enum IndexKind { Single, Slice, Ellipsis, NewAxis, Mask, Indices }

[Flags]
internal enum IndexParts { None = 0, Start = 1, Stop = 2, Step = 4 }

/// <summary>One position of an index expression as the bridge sees it.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Index
{
    public IndexKind Kind;
    public IndexParts Parts;
    public long Start;
    public long Stop;
    public long Step;
    public IntPtr Tensor;
}
