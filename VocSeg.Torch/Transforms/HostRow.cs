using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace VocSeg.Torch;

/// <summary>
/// Makes pixels of a row of a batch. Whole cache lines are written past the processor's
/// cache, because a batch is far larger than any cache.
/// </summary>
internal sealed unsafe class HostRow(BatchForm form)
{
    private const int Step = 16;

    /// <summary>Writes image and label of some pixels.</summary>
    /// <param name="pixels">The pixels.</param>
    /// <param name="color">What becomes of their colours.</param>
    /// <param name="target">The sample's place in the batch.</param>
    /// <param name="row">The row there.</param>
    /// <param name="column">The column there.</param>
    /// <param name="count">How many pixels.</param>
    internal void Write<TPixels>(
        TPixels pixels, in ColorMatrix color, in WarpTarget target, int row, int column, int count)
        where TPixels : struct, IRowPixels
    {
        if (color.IsIdentity)
            Image(pixels, default(KeptColor), target, row, column, count);
        else
            Image(pixels, new ChangedColor(color), target, row, column, count);
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

    private void Image<TPixels, TColor>(
        TPixels pixels, TColor color, in WarpTarget target, int row, int column, int count)
        where TPixels : struct, IRowPixels
        where TColor : struct, IRowColor
    {
        if (form.IsGray)
            Gray(pixels, color, target.Plane(0, row) + column, count);
        else
            Rgb(pixels, color, target.Plane(0, row) + column, (nint)target.Frame.Pixels, count);
    }

    private void Rgb<TPixels, TColor>(TPixels pixels, TColor color, float* planes, nint plane, int count)
        where TPixels : struct, IRowPixels
        where TColor : struct, IRowColor
    {
        var isAligned = IsAligned(planes) && plane * sizeof(float) % Vector512<byte>.Count == 0;
        ReadOnlySpan<float> scale = form.Scale.AsSpan(), bias = form.Bias.AsSpan();
        var (redScale, redBias) = (Vector512.Create(scale[0]), Vector512.Create(bias[0]));
        var (greenScale, greenBias) = (Vector512.Create(scale[1]), Vector512.Create(bias[1]));
        var (blueScale, blueBias) = (Vector512.Create(scale[2]), Vector512.Create(bias[2]));
        var at = 0;
        for (; at <= count - Step; at += Step)
        {
            // Each plane gets a whole cache line; two half lines past the cache would cost twice as much.
            Vector512<float> red = pixels.Reds(at), green = pixels.Greens(at), blue = pixels.Blues(at);
            Store(Normalize(color.Red(red, green, blue), redScale, redBias), planes + at, isAligned);
            Store(Normalize(color.Green(red, green, blue), greenScale, greenBias), planes + plane + at, isAligned);
            Store(Normalize(color.Blue(red, green, blue), blueScale, blueBias), planes + 2 * plane + at, isAligned);
        }
        for (; at < count; at++)
        {
            var (red, green, blue) = color.Of(pixels.Pixel(at));
            planes[at] = red * scale[0] + bias[0];
            planes[plane + at] = green * scale[1] + bias[1];
            planes[2 * plane + at] = blue * scale[2] + bias[2];
        }
    }

    private void Gray<TPixels, TColor>(TPixels pixels, TColor color, float* plane, int count)
        where TPixels : struct, IRowPixels
        where TColor : struct, IRowColor
    {
        const float Red = ColorMatrix.LumaOfRed, Green = ColorMatrix.LumaOfGreen, Blue = ColorMatrix.LumaOfBlue;
        var isAligned = IsAligned(plane);
        var (scale, bias) = (Vector512.Create(form.Scale[0]), Vector512.Create(form.Bias[0]));
        var at = 0;
        for (; at <= count - Step; at += Step)
        {
            Vector512<float> red = pixels.Reds(at), green = pixels.Greens(at), blue = pixels.Blues(at);
            var luma = color.Red(red, green, blue) * Red + color.Green(red, green, blue) * Green
                + color.Blue(red, green, blue) * Blue;
            Store(Normalize(luma, scale, bias), plane + at, isAligned);
        }
        for (; at < count; at++)
        {
            var (red, green, blue) = color.Of(pixels.Pixel(at));
            plane[at] = (red * Red + green * Green + blue * Blue) * form.Scale[0] + form.Bias[0];
        }
    }

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

    // The product is rounded before the addition: that gives the same bits with and without a fused multiply-add.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Normalize(Vector512<float> level, Vector512<float> scale, Vector512<float> bias) =>
        Vector512.Add(Vector512.Multiply(level, scale), bias);

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
