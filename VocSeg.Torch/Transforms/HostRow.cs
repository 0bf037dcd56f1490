using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace VocSeg.Torch;

/// <summary>
/// Makes pixels of a row of a batch. Whole cache lines are written past the processor's cache, because a batch is far
/// larger than any cache. Not thread-safe.
/// </summary>
/// <remarks>
/// Here and in the warps methods are compiled once and for good (AggressiveOptimization): what the runtime makes of
/// them by its own measurements is in some runs a third slower.
/// </remarks>
internal sealed unsafe class HostRow(BatchForm form)
{
    private const int Step = 16;
    private const int CacheLine = 64;

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
        FetchEdge(target, row + 1, column);
        FetchEdge(target, row + 1, column + count);
        float* image = target.Plane(0, row) + column;
        var pitch = (nint)target.Frame.Pixels;
        if (count < Step)
        {
            float* levels = stackalloc float[3 * Step];
            for (var at = 0; at < Step * 3; at++)
                levels[at] = pixels.Level(at / Step, Math.Min(at % Step, count - 1));
            ImageEdge(new BlendedRow(levels, Step, null), color, image, pitch, 0, 0, count);
        }
        else
        {
            int first = UpToLine(image, count), end = count - (count - first) % Step;
            if (first > 0)
                ImageEdge(pixels, color, image, pitch, 0, 0, first);
            Image(pixels, color, image, pitch, first, end);
            if (end < count)
                ImageEdge(pixels, color, image, pitch, count - Step, end, count);
        }
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
            Fill(target.Plane(channel, row) + column, 0, end - column);
        if (form.IsMask)
        {
            Fill(target.Mask(row) + column, 0, end - column);
            Fill(target.Weights(row) + column, 0, end - column);
        }
        else
        {
            Fill(target.ClassIndices(row) + column, form.IgnoreIndex, end - column);
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

    /// <summary>Takes class indices out of the fourth bytes of pixels.</summary>
    internal static void Unpack(byte* pixels, byte* indices, int count)
    {
        var at = 0;
        for (; at <= count - Vector128<byte>.Count; at += Vector128<byte>.Count)
        {
            var pixel = (uint*)pixels + at;
            var low = Vector256.Narrow(Vector256.Load(pixel) >>> 24, Vector256.Load(pixel + 8) >>> 24);
            Vector128.Narrow(low.GetLower(), low.GetUpper()).Store(indices + at);
        }
        for (; at < count; at++)
            indices[at] = pixels[(nint)at * HostWarp.BytesPerPixel + 3];
    }

    // Stores past the cache are not ordered, and another thread is told of them right after.
    internal static void FinishStores()
    {
        if (Sse.IsSupported)
            Sse.StoreFence();
        else
            Thread.MemoryBarrier();
    }

    /// <summary>Brings memory that is soon read into the cache.</summary>
    internal static void Prefetch(byte* row, int length)
    {
        for (var at = 0; at < length && Sse.IsSupported; at += CacheLine)
            Sse.Prefetch0(row + at);
    }

    /// <summary>Brings lines that a row shares with its padding, or another row, into the cache.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void FetchEdge(in WarpTarget target, int row, int column)
    {
        for (var channel = 0; channel < form.Channels; channel++)
            Fetch(target.Plane(channel, row) + column);
        if (!form.IsMask)
            Fetch(target.ClassIndices(row) + column);

        static void Fetch(void* address)
        {
            if (Sse.IsSupported && (nuint)address % CacheLine != 0)
                Sse.Prefetch0(address);
        }
    }

    /// <summary>
    /// Writes a part of a step that begins or ends within a cache line. It is made apart, or a line would be written
    /// around the cache and through it, which takes longer than the whole row.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ImageEdge<TPixels>(
        TPixels pixels, in ColorMatrix color, float* plane, nint pitch, int step, int first, int end)
        where TPixels : struct, IRowPixels
    {
        // It begins within a line, so that it stays in the cache.
        float* memory = stackalloc float[5 * Step];
        float* apart = memory + UpToLine(memory, Step) + 1;
        Image(pixels, color, apart - step, Step, step, step + Step);
        for (var channel = 0; channel < form.Channels; channel++)
        {
            var made = new ReadOnlySpan<float>(apart + channel * Step + (first - step), end - first);
            made.CopyTo(new(plane + channel * pitch + first, end - first));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Image<TPixels>(
        TPixels pixels, in ColorMatrix color, float* plane, nint pitch, int first, int end)
        where TPixels : struct, IRowPixels
    {
        if (form.IsGray)
            GrayImage(pixels, color, plane, first, end);
        else if (color.IsIdentity)
            PlainImage(pixels, plane, pitch, first, end);
        else
            RecoloredImage(pixels, color, plane, pitch, first, end);
    }

    // Each product is rounded before it is added: that gives the same bits with and without a fused multiply-add.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void PlainImage<TPixels>(TPixels pixels, float* plane, nint pitch, int first, int end)
        where TPixels : struct, IRowPixels
    {
        float* green = plane + pitch, blue = green + pitch;
        Vector512<float> scaleR = Vector512.Create(form.Scale[0]), biasR = Vector512.Create(form.Bias[0]);
        Vector512<float> scaleG = Vector512.Create(form.Scale[1]), biasG = Vector512.Create(form.Bias[1]);
        Vector512<float> scaleB = Vector512.Create(form.Scale[2]), biasB = Vector512.Create(form.Bias[2]);
        for (var at = first; at < end; at += Step)
        {
            Vector512<float> r = pixels.Levels(0, at), g = pixels.Levels(1, at), b = pixels.Levels(2, at);
            Store(r * scaleR + biasR, plane + at);
            Store(g * scaleG + biasG, green + at);
            Store(b * scaleB + biasB, blue + at);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void RecoloredImage<TPixels>(
        TPixels pixels, in ColorMatrix color, float* plane, nint pitch, int first, int end)
        where TPixels : struct, IRowPixels
    {
        var mix = new ColorMix(color);
        float* green = plane + pitch, blue = green + pitch;
        Vector512<float> scaleR = Vector512.Create(form.Scale[0]), biasR = Vector512.Create(form.Bias[0]);
        Vector512<float> scaleG = Vector512.Create(form.Scale[1]), biasG = Vector512.Create(form.Bias[1]);
        Vector512<float> scaleB = Vector512.Create(form.Scale[2]), biasB = Vector512.Create(form.Bias[2]);
        for (var at = first; at < end; at += Step)
        {
            Vector512<float> r = pixels.Levels(0, at), g = pixels.Levels(1, at), b = pixels.Levels(2, at);
            Store(mix.Red(r, g, b) * scaleR + biasR, plane + at);
            Store(mix.Green(r, g, b) * scaleG + biasG, green + at);
            Store(mix.Blue(r, g, b) * scaleB + biasB, blue + at);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void GrayImage<TPixels>(TPixels pixels, in ColorMatrix color, float* plane, int first, int end)
        where TPixels : struct, IRowPixels
    {
        var (mix, isMixed) = (new ColorMix(color), !color.IsIdentity);
        var (scale, bias) = (Vector512.Create(form.Scale[0]), Vector512.Create(form.Bias[0]));
        for (var at = first; at < end; at += Step)
        {
            Vector512<float> r = pixels.Levels(0, at), g = pixels.Levels(1, at), b = pixels.Levels(2, at);
            if (isMixed)
                (r, g, b) = (mix.Red(r, g, b), mix.Green(r, g, b), mix.Blue(r, g, b));
            var luma = r * ColorMatrix.LumaOfRed + g * ColorMatrix.LumaOfGreen + b * ColorMatrix.LumaOfBlue;
            Store(luma * scale + bias, plane + at);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ClassIndices<TPixels>(TPixels pixels, long* label, int count)
        where TPixels : struct, IRowPixels
    {
        var at = 0;
        for (var first = UpToLine(label, count); at < first; at++)
            label[at] = pixels.Class(at);
        for (; at <= count - Step; at += Step)
        {
            var (low, high) = Vector512.Widen(pixels.Classes(at));
            Store(low, (ulong*)label + at);
            Store(high, (ulong*)label + at + Step / 2);
        }
        for (; at < count; at++)
            label[at] = pixels.Class(at);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Mask<TPixels>(TPixels pixels, float* mask, float* weight, int count)
        where TPixels : struct, IRowPixels
    {
        var (ignored, one) = (Vector512.Create((uint)form.IgnoreIndex), Vector512.Create(1f));
        var at = 0;
        for (var first = UpToLine(mask, count); at < first; at++)
            One(at);
        for (; at <= count - Step; at += Step)
        {
            var classes = pixels.Classes(at);
            Store(Vector512.Equals(classes, Vector512<uint>.One).AsSingle() & one, mask + at);
            Store(Vector512.AndNot(one, Vector512.Equals(classes, ignored).AsSingle()), weight + at);
        }
        for (; at < count; at++)
            One(at);

        void One(int at) => (mask[at], weight[at]) =
            (pixels.Class(at) == 1 ? 1 : 0, pixels.Class(at) == form.IgnoreIndex ? 0 : 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Fill<T>(T* address, T value, int count)
        where T : unmanaged
    {
        var values = Vector512.Create(value);
        var at = 0;
        for (var first = UpToLine(address, count); at < first; at++)
            address[at] = value;
        for (; at <= count - Vector512<T>.Count; at += Vector512<T>.Count)
            Store(values, address + at);
        for (; at < count; at++)
            address[at] = value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<T>(Vector512<T> values, T* address)
        where T : unmanaged
    {
        if ((nuint)address % CacheLine == 0)
            values.StoreAlignedNonTemporal(address);
        else
            values.Store(address);
    }

    /// <summary>How many values come before the first that begins a cache line.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int UpToLine<T>(T* address, int count)
        where T : unmanaged =>
        Math.Min((int)((0 - (nuint)address) % CacheLine / (nuint)sizeof(T)), count);
}
