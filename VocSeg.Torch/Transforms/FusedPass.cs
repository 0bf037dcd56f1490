using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace VocSeg.Torch;

/// <summary>
/// What the tensor ops do to a window, in one pass on the CPU: four-byte pixels are read once, normalized planes and class indices are
/// written once, past the cache where they are aligned, for a batch is far larger than any cache. The results are the tensor ops' own, to the last bit.
/// </summary>
internal static unsafe class FusedPass
{
    /// <summary>Bytes of a pixel: red, green, blue, and a fourth that may hold the class index.</summary>
    internal const int BytesPerPixel = 4;

    /// <summary>Writes a window's three normalized planes.</summary>
    /// <param name="pixels">The window's first pixel.</param>
    /// <param name="stride">Bytes from one row to the next.</param>
    /// <param name="crop">The window's size.</param>
    /// <param name="normalization">Scale and bias.</param>
    /// <param name="planes">Where red, green and blue go, one after the other: 3 * height * width floats.</param>
    internal static void Image(byte* pixels, nint stride, CropSize crop, Normalization normalization, float* planes)
    {
        nint plane = crop.Pixels;
        var aligned = IsAligned(planes, crop.Width, sizeof(float)) && plane * sizeof(float) % Vector256<byte>.Count == 0;
        ReadOnlySpan<float> scale = normalization.Scale.AsSpan(), bias = normalization.Bias.AsSpan();
        Vector256<float> redScale = Vector256.Create(scale[0]), greenScale = Vector256.Create(scale[1]), blueScale = Vector256.Create(scale[2]);
        Vector256<float> redBias = Vector256.Create(bias[0]), greenBias = Vector256.Create(bias[1]), blueBias = Vector256.Create(bias[2]);
        for (var row = 0; row < crop.Height; row++, pixels += stride, planes += crop.Width)
        {
            var column = 0;
            for (; column <= crop.Width - Vector256<uint>.Count; column += Vector256<uint>.Count)
            {
                var rgbx = Vector256.Load((uint*)pixels + column);
                Store(Normalize(rgbx, redScale, redBias), planes + column, aligned);
                Store(Normalize(rgbx >>> 8, greenScale, greenBias), planes + plane + column, aligned);
                Store(Normalize(rgbx >>> 16, blueScale, blueBias), planes + 2 * plane + column, aligned);
            }
            for (; column < crop.Width; column++)
            {
                var pixel = pixels + (nint)column * BytesPerPixel;
                planes[column] = pixel[0] * scale[0] + bias[0];
                planes[plane + column] = pixel[1] * scale[1] + bias[1];
                planes[2 * plane + column] = pixel[2] * scale[2] + bias[2];
            }
        }
        FinishStores();
    }

    /// <summary>Writes a window's class indices as int64.</summary>
    /// <param name="indices">The class index of the window's first pixel.</param>
    /// <param name="stride">Bytes from one row to the next.</param>
    /// <param name="crop">The window's size.</param>
    /// <param name="label">Where they go: height * width numbers.</param>
    internal static void Label(byte* indices, nint stride, CropSize crop, long* label)
    {
        var aligned = IsAligned(label, crop.Width, sizeof(long));
        for (var row = 0; row < crop.Height; row++, indices += stride, label += crop.Width)
        {
            var column = 0;
            for (; column <= crop.Width - Vector128<byte>.Count; column += Vector128<byte>.Count)
            {
                var (low, high) = Vector128.Widen(Vector128.Load(indices + column));
                StoreIndices(low, label + column, aligned);
                StoreIndices(high, label + column + 8, aligned);
            }
            for (; column < crop.Width; column++)
                label[column] = indices[column];
        }
        FinishStores();
    }

    /// <summary>Writes the class indices of a window as int64, from the fourth byte of each pixel.</summary>
    /// <param name="pixels">The window's first pixel.</param>
    /// <param name="stride">Bytes from one row to the next.</param>
    /// <param name="crop">The window's size.</param>
    /// <param name="label">Where they go: height * width numbers.</param>
    internal static void PackedLabel(byte* pixels, nint stride, CropSize crop, long* label)
    {
        var aligned = IsAligned(label, crop.Width, sizeof(long));
        for (var row = 0; row < crop.Height; row++, pixels += stride, label += crop.Width)
        {
            var column = 0;
            for (; column <= crop.Width - Vector256<uint>.Count; column += Vector256<uint>.Count)
                StoreIndices(Vector256.Load((uint*)pixels + column) >>> 24, label + column, aligned);
            for (; column < crop.Width; column++)
                label[column] = pixels[(nint)column * BytesPerPixel + 3];
        }
        FinishStores();
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
                to[(nint)i * BytesPerPixel + 3] = from[i];
        }

        static void PackEight(Vector128<ushort> indices, uint* pixels, Vector256<uint> colors)
        {
            var (first, last) = Vector128.Widen(indices);
            ((Vector256.Load(pixels) & colors) | (Vector256.Create(first, last) << 24)).Store(pixels);
        }
    }

    // Multiplied, then added, each rounded: a fused multiply-add would round once and differ from the tensor ops.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Normalize(Vector256<uint> values, Vector256<float> scale, Vector256<float> bias) =>
        Vector256.Add(Vector256.Multiply(Vector256.ConvertToSingle((values & Vector256.Create(0xFFu)).AsInt32()), scale), bias);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreIndices(Vector128<ushort> eight, long* label, bool aligned)
    {
        var (first, last) = Vector128.Widen(eight);
        StoreIndices(Vector256.Create(first, last), label, aligned);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreIndices(Vector256<uint> eight, long* label, bool aligned)
    {
        var (first, last) = Vector256.Widen(eight);
        Store(first, (ulong*)label, aligned);
        Store(last, (ulong*)label + 4, aligned);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<T>(Vector256<T> values, T* address, bool aligned)
        where T : unmanaged
    {
        if (aligned)
            values.StoreAlignedNonTemporal(address);
        else
            values.Store(address);
    }

    private static bool IsAligned(void* address, int width, int elementSize) =>
        (nuint)address % (nuint)Vector256<byte>.Count == 0 && width * elementSize % Vector256<byte>.Count == 0;

    // Stores past the cache are not ordered; another thread is told of them right after.
    private static void FinishStores()
    {
        if (Sse.IsSupported)
            Sse.StoreFence();
        else
            Thread.MemoryBarrier();
    }
}
