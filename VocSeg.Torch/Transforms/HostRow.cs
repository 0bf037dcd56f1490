using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace VocSeg.Torch;

/// <summary>
/// Makes pixels of a row of a batch. Whole cache lines are written past the processor's cache, because a batch is far
/// larger than any cache. Not thread-safe.
/// </summary>
/// <remarks>
/// Here and in the warps methods are compiled once and for good (AggressiveOptimization): what the runtime makes of them
/// by its own measurements is in some runs a third slower.
/// </remarks>
internal sealed unsafe class HostRow(BatchForm form)
{
    private const int Step = 16;
    private readonly WarpScratch<float> levels = new();

    /// <summary>Writes image and label of some pixels.</summary>
    /// <param name="pixels">The pixels.</param>
    /// <param name="color">What becomes of their colours.</param>
    /// <param name="target">The sample's place in the batch.</param>
    /// <param name="row">The row there.</param>
    /// <param name="column">The column there.</param>
    /// <param name="count">How many pixels.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void Write<TPixels>(
        TPixels pixels, in ColorMatrix color, in WarpTarget target, int row, int column, int count)
        where TPixels : struct, IRowPixels
    {
        if (form.IsGray || !color.IsIdentity)
            Image(Recolored(pixels, color, count), target, row, column, count);
        else
            Image(pixels, target, row, column, count);
        if (form.IsMask)
            Mask(pixels, target.Mask(row) + column, target.Weights(row) + column, count);
        else
            ClassIndices(pixels, target.ClassIndices(row) + column, count);
    }

    /// <summary>Writes what stands for no pixel: the mean colour, and the ignore index.</summary>
    internal void Pad(in WarpTarget target, int row, int column, int end)
    {
        if (column >= end)
            return;
        for (var channel = 0; channel < form.Channels; channel++)
            new Span<float>(target.Plane(channel, row) + column, end - column).Clear();
        if (form.IsMask)
        {
            new Span<float>(target.Mask(row) + column, end - column).Clear();
            new Span<float>(target.Weights(row) + column, end - column).Clear();
        }
        else
        {
            new Span<long>(target.ClassIndices(row) + column, end - column).Fill(form.IgnoreIndex);
        }
    }

    /// <summary>Puts class indices into the fourth byte of each pixel.</summary>
    /// <param name="indices">One byte a pixel.</param>
    /// <param name="pixels">As many pixels.</param>
    internal static void Pack(ReadOnlySpan<byte> indices, Span<byte> pixels)
    {
        fixed (byte* from = indices, to = pixels)
        {
            var colors = Vector256.Create(0x00FFFFFFu);
            var i = 0;
            for (; i <= indices.Length - Vector128<byte>.Count; i += Vector128<byte>.Count)
            {
                var (low, high) = Vector128.Widen(Vector128.Load(from + i));
                var pixel = (uint*)to + i;
                PackEight(low, pixel, colors);
                PackEight(high, pixel + 8, colors);
            }
            for (; i < indices.Length; i++)
                to[(nint)i * HostWarp.BytesPerPixel + 3] = from[i];
        }

        static void PackEight(Vector128<ushort> indices, uint* pixels, Vector256<uint> colors)
        {
            var (first, last) = Vector128.Widen(indices);
            ((Vector256.Load(pixels) & colors) | (Vector256.Create(first, last) << 24)).Store(pixels);
        }
    }

    // Stores past the cache are not ordered, and another thread is told of them right after.
    internal static void FinishStores()
    {
        if (Sse.IsSupported)
            Sse.StoreFence();
        else
            Thread.MemoryBarrier();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Image<TPixels>(TPixels pixels, in WarpTarget target, int row, int column, int count)
        where TPixels : struct, IRowPixels
    {
        for (var channel = 0; channel < form.Channels; channel++)
            Normalize(pixels, channel, form.Scale[channel], form.Bias[channel], target.Plane(channel, row) + column, count);
    }

    // The product is rounded before the addition: that gives the same bits with and without a fused multiply-add.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Normalize<TPixels>(
        TPixels pixels, int channel, float scale, float bias, float* plane, int count)
        where TPixels : struct, IRowPixels
    {
        var isAligned = IsAligned(plane);
        var (scales, biases) = (Vector512.Create(scale), Vector512.Create(bias));
        var at = 0;
        for (; at <= count - Step; at += Step)
            Store(pixels.Levels(channel, at) * scales + biases, plane + at, isAligned);
        for (; at < count; at++)
            plane[at] = pixels.Level(channel, at) * scale + bias;
    }

    /// <summary>
    /// The levels of pixels after their colours changed, in memory of this row; red alone, as luma, where images are gray.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private BlendedRow Recolored<TPixels>(TPixels pixels, in ColorMatrix color, int count)
        where TPixels : struct, IRowPixels
    {
        var pitch = (count + Step - 1) / Step * Step;
        var memory = levels.Of(6 * pitch);
        var (from, into) = (new BlendedRow(memory, pitch, null), new BlendedRow(memory + 3 * pitch, pitch, null));
        Unpack(pixels, 0, from.Red, count);
        Unpack(pixels, 1, from.Green, count);
        Unpack(pixels, 2, from.Blue, count);
        if (!color.IsIdentity)
        {
            Mix(from, color.Red, color.Constant.R, into.Red, count);
            Mix(from, color.Green, color.Constant.G, into.Green, count);
            Mix(from, color.Blue, color.Constant.B, into.Blue, count);
            (from, into) = (into, from);
        }
        if (!form.IsGray)
            return from;
        Mix(from, (ColorMatrix.LumaOfRed, ColorMatrix.LumaOfGreen, ColorMatrix.LumaOfBlue), 0, into.Red, count);
        return into;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Unpack<TPixels>(TPixels pixels, int channel, float* into, int count)
        where TPixels : struct, IRowPixels
    {
        var at = 0;
        for (; at <= count - Step; at += Step)
            pixels.Levels(channel, at).Store(into + at);
        for (; at < count; at++)
            into[at] = pixels.Level(channel, at);
    }

    // What lies behind the last pixel is computed too; there is memory for it.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Mix(BlendedRow from, (float R, float G, float B) weights, float constant, float* into, int count)
    {
        float* red = from.Red;
        float* green = from.Green;
        float* blue = from.Blue;
        var (r, g, b) = (Vector512.Create(weights.R), Vector512.Create(weights.G), Vector512.Create(weights.B));
        var (more, white) = (Vector512.Create(constant), Vector512.Create(255f));
        for (var at = 0; at < count; at += Step)
        {
            var level = Vector512.Load(red + at) * r + Vector512.Load(green + at) * g + Vector512.Load(blue + at) * b + more;
            Vector512.Min(Vector512.Max(level, Vector512<float>.Zero), white).Store(into + at);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ClassIndices<TPixels>(TPixels pixels, long* label, int count)
        where TPixels : struct, IRowPixels
    {
        var isAligned = IsAligned(label);
        var at = 0;
        for (; at <= count - Step; at += Step)
        {
            var (first, last) = Vector512.Widen(pixels.Classes(at));
            Store(first, (ulong*)label + at, isAligned);
            Store(last, (ulong*)label + at + Step / 2, isAligned);
        }
        for (; at < count; at++)
            label[at] = pixels.Class(at);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Mask<TPixels>(TPixels pixels, float* mask, float* weight, int count)
        where TPixels : struct, IRowPixels
    {
        var isAligned = IsAligned(mask) && IsAligned(weight);
        var (ignored, one) = (Vector512.Create((uint)form.IgnoreIndex), Vector512.Create(1f));
        var at = 0;
        for (; at <= count - Step; at += Step)
        {
            var classes = pixels.Classes(at);
            var counts = Vector512.AndNot(one, Vector512.Equals(classes, ignored).AsSingle());
            Store(Vector512.Equals(classes, Vector512<uint>.One).AsSingle() & one, mask + at, isAligned);
            Store(counts, weight + at, isAligned);
        }
        for (; at < count; at++)
        {
            var index = pixels.Class(at);
            (mask[at], weight[at]) = (index == 1 ? 1 : 0, index == form.IgnoreIndex ? 0 : 1);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<T>(Vector512<T> values, T* address, bool isAligned)
        where T : unmanaged
    {
        if (isAligned)
            values.StoreAlignedNonTemporal(address);
        else
            values.Store(address);
    }

    private static bool IsAligned(void* address) => (nuint)address % (nuint)Vector512<byte>.Count == 0;
}
