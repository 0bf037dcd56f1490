using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace VocSeg.Torch;

/// <summary>
/// Pixels between those of a row: each is blended of two neighbours, by tables of the left one's place and the right
/// one's share. Places never fall from one to the next, or never rise.
/// </summary>
/// <param name="row">The row's planes, without class indices.</param>
/// <param name="columns">The tables, and the class indices.</param>
internal readonly unsafe struct ScaledPixels(BlendedRow row, ScaledColumns columns) : IRowPixels
{
    private readonly float* stored = row.Red;
    private readonly int pitch = row.Pitch;
    private readonly int* places = columns.Places;
    private readonly float* shares = columns.Shares;
    private readonly int last = columns.IsBackward ? 15 : 0;
    private readonly bool isEnlarged = columns.IsEnlarged;
    private readonly byte* classIndices = columns.Classes;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<float> Levels(int channel, int at)
    {
        float* plane = stored + channel * pitch;
        if (Vector512.IsHardwareAccelerated && Avx512F.IsSupported)
        {
            var least = places[at + last];
            var left = Vector512.Load(places + at) - Vector512.Create(least);
            var right = left + Vector512<int>.One;
            var low = Vector512.Load(plane + least);
            if (isEnlarged)
                return Between(Avx512F.PermuteVar16x32(low, left), Avx512F.PermuteVar16x32(low, right), at);
            var high = Vector512.Load(plane + least + 16);
            return Between(
                Avx512F.PermuteVar16x32x2(low, left, high), Avx512F.PermuteVar16x32x2(low, right, high), at);
        }
        return Avx2.IsSupported
            ? Vector512.Create(Eight(plane, at), Eight(plane, at + 8))
            : OneByOne(channel, at);
    }

    public float Level(int channel, int at)
    {
        float* left = stored + channel * pitch + places[at];
        return left[0] + (left[1] - left[0]) * shares[at];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<uint> Classes(int at) => ByteVectors.Widen(Vector128.Load(classIndices + at));

    public byte Class(int at) => classIndices[at];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector256<float> Eight(float* plane, int at)
    {
        var least = places[at + (last & 7)];
        var left = Vector256.Load(places + at) - Vector256.Create(least);
        Vector256<float> low = Vector256.Load(plane + least), high = Vector256.Load(plane + least + 8);
        var lefts = Pick(low, high, left);
        return lefts + (Pick(low, high, left + Vector256<int>.One) - lefts) * Vector256.Load(shares + at);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector512<float> Between(Vector512<float> lefts, Vector512<float> rights, int at) =>
        lefts + (rights - lefts) * Vector512.Load(shares + at);

    private Vector512<float> OneByOne(int channel, int at)
    {
        float* levels = stackalloc float[Vector512<float>.Count];
        for (var i = 0; i < Vector512<float>.Count; i++)
            levels[i] = Level(channel, at + i);
        return Vector512.Load(levels);
    }

    /// <summary>Eight of sixteen values, by their places.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Pick(Vector256<float> low, Vector256<float> high, Vector256<int> places) =>
        Avx512F.VL.IsSupported
            ? Avx512F.VL.PermuteVar8x32x2(low, places, high)
            : Avx.BlendVariable(
                Avx2.PermuteVar8x32(low, places), Avx2.PermuteVar8x32(high, places), (places << 28).AsSingle());
}
