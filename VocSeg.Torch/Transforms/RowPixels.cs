using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace VocSeg.Torch;

/// <summary>
/// The pixels that a row of a batch is made of: levels of 0 to 255 and class indices, sixteen at once or one alone. The
/// structs that implement it are type arguments, so that each loop over them is compiled on its own.
/// </summary>
internal interface IRowPixels
{
    /// <summary>Sixteen levels of a channel: 0 is red, 1 green, 2 blue.</summary>
    Vector512<float> Levels(int channel, int at);

    float Level(int channel, int at);

    Vector512<uint> Classes(int at);

    byte Class(int at);
}

/// <summary>Stored pixels in their order.</summary>
/// <param name="pixels">The first one, four bytes each.</param>
/// <param name="classIndices">The first class index; null where it is a pixel's fourth byte.</param>
internal readonly unsafe struct StoredPixels(byte* pixels, byte* classIndices) : IRowPixels
{
    private readonly byte* pixels = pixels;
    private readonly byte* classIndices = classIndices;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<float> Levels(int channel, int at) => PixelBytes.Levels(Sixteen(at) >>> (8 * channel));

    public float Level(int channel, int at) => pixels[(nint)at * HostWarp.BytesPerPixel + channel];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<uint> Classes(int at) =>
        classIndices == null ? Sixteen(at) >>> 24 : PixelBytes.Widen(Vector128.Load(classIndices + at));

    public byte Class(int at) =>
        classIndices == null ? pixels[(nint)at * HostWarp.BytesPerPixel + 3] : classIndices[at];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector512<uint> Sixteen(int at) => Vector512.Load((uint*)pixels + at);
}

/// <summary>Stored pixels from right to left.</summary>
/// <param name="pixels">The last one, four bytes each.</param>
/// <param name="classIndices">The last class index; null where it is a pixel's fourth byte.</param>
internal readonly unsafe struct StoredPixelsBackward(byte* pixels, byte* classIndices) : IRowPixels
{
    private readonly byte* pixels = pixels;
    private readonly byte* classIndices = classIndices;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<float> Levels(int channel, int at) => PixelBytes.Levels(Sixteen(at) >>> (8 * channel));

    public float Level(int channel, int at) => pixels[-(nint)at * HostWarp.BytesPerPixel + channel];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<uint> Classes(int at)
    {
        if (classIndices == null)
            return Sixteen(at) >>> 24;
        var forward = Vector128.Load(classIndices - at - 15);
        return PixelBytes.Widen(Vector128.Shuffle(
            forward, Vector128.Create((byte)15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0)));
    }

    public byte Class(int at) =>
        classIndices == null ? pixels[-(nint)at * HostWarp.BytesPerPixel + 3] : classIndices[-at];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector512<uint> Sixteen(int at)
    {
        // Each width has one instruction that turns it around; the wider ones are emulated where there is none.
        var first = (uint*)pixels - at - 15;
        if (Vector512.IsHardwareAccelerated)
        {
            return Vector512.Shuffle(
                Vector512.Load(first), Vector512.Create(15u, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0));
        }
        if (Vector256.IsHardwareAccelerated)
            return Vector512.Create(Eight(first + 8), Eight(first));
        return Vector512.Create(
            Vector256.Create(Four(first + 12), Four(first + 8)), Vector256.Create(Four(first + 4), Four(first)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Eight(uint* from) =>
        Vector256.Shuffle(Vector256.Load(from), Vector256.Create(7u, 6, 5, 4, 3, 2, 1, 0));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> Four(uint* from) =>
        Vector128.Shuffle(Vector128.Load(from), Vector128.Create(3u, 2, 1, 0));
}

/// <summary>Sixteen bytes as sixteen numbers.</summary>
internal static class PixelBytes
{
    /// <summary>The lowest byte of each value.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector512<float> Levels(Vector512<uint> values) =>
        Vector512.ConvertToSingle((values & Vector512.Create(0xFFu)).AsInt32());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector512<uint> Widen(Vector128<byte> values)
    {
        var (low, high) = Vector128.Widen(values);
        var (first, last) = Vector256.Widen(Vector256.Create(low, high));
        return Vector512.Create(first, last);
    }
}
