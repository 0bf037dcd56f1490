using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace VocSeg.Torch;

/// <summary>
/// Pixels of one row of a batch that were blended of stored ones: a plane for each channel, and class indices. It is
/// small enough to stay in the processor's first cache.
/// </summary>
/// <param name="planes">Red, green and blue.</param>
/// <param name="pitch">The values from one plane to the next.</param>
/// <param name="classIndices">The class indices; null where only the image is looked at.</param>
internal readonly unsafe struct BlendedRow(float* planes, int pitch, byte* classIndices) : IRowPixels
{
    internal readonly float* Red = planes;
    internal readonly int Pitch = pitch;
    internal readonly byte* ClassIndices = classIndices;

    internal float* Green => Red + Pitch;

    internal float* Blue => Red + 2 * Pitch;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<float> Levels(int channel, int at) => Vector512.Load(Red + channel * Pitch + at);

    public float Level(int channel, int at) => Red[channel * Pitch + at];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<uint> Classes(int at) => PixelBytes.Widen(Vector128.Load(ClassIndices + at));

    public byte Class(int at) => ClassIndices[at];
}

/// <summary>
/// Memory for rows and tables that is used again from sample to sample and grows where one needs more. Not thread-safe.
/// </summary>
internal sealed unsafe class WarpScratch<T>
    where T : unmanaged
{
    /// <summary>What may be read and written behind the end, so that loops may take whole vectors.</summary>
    private const int Spare = 64;
    private const int Alignment = 64;
    private T[] memory = [];

    /// <summary>The memory, at a multiple of 64 bytes. What it holds is arbitrary, but it was written by its users.</summary>
    /// <param name="length">How many values are needed; 64 more are there.</param>
    internal T* Of(int length)
    {
        var needed = checked(length + Spare + Alignment / sizeof(T));
        if (memory.Length < needed)
            memory = GC.AllocateArray<T>(Math.Max(needed, (int)Math.Min(2L * memory.Length, Array.MaxLength)), pinned: true);
        var address = (nuint)Marshal.UnsafeAddrOfPinnedArrayElement(memory, 0);
        return (T*)((address + Alignment - 1) / Alignment * Alignment);
    }
}
