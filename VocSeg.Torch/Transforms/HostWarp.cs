using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace VocSeg.Torch;

/// <summary>
/// Makes a crop's image and label on the CPU, in one pass that gives what the tensor operations give: labels are equal,
/// images are within 1e-6, as this rounds twice where a tensor operation may round once. Each four-byte pixel is read
/// once. Planes and class indices are written once and, where they are aligned, past the processor's cache, because a
/// batch is far larger than any cache.
/// </summary>
internal static unsafe class HostWarp
{
    /// <summary>Bytes of a pixel: red, green, blue, and a fourth that may hold the class index.</summary>
    internal const int BytesPerPixel = ImageDecoder.BytesPerPixel;

    /// <summary>Writes a crop's three normalized planes.</summary>
    /// <param name="pixels">The crop's first pixel.</param>
    /// <param name="stride">Bytes from one row to the next.</param>
    /// <param name="crop">The crop's size.</param>
    /// <param name="normalization">Scale and bias.</param>
    /// <param name="planes">Where red, green and blue go, one after the other: 3 * height * width floats.</param>
    internal static void Image(byte* pixels, nint stride, ImageSize crop, Normalization normalization, float* planes) =>
        ImageAndIndices(pixels, stride, crop, normalization, planes, label: null);

    /// <summary>
    /// Writes a crop's three normalized planes, and its class indices as int64 from the fourth byte of each pixel.
    /// </summary>
    /// <param name="pixels">The crop's first pixel.</param>
    /// <param name="stride">Bytes from one row to the next.</param>
    /// <param name="crop">The crop's size.</param>
    /// <param name="normalization">Scale and bias.</param>
    /// <param name="planes">Where red, green and blue go, one after the other: 3 * height * width floats.</param>
    /// <param name="label">Where the class indices go: height * width numbers.</param>
    internal static void Packed(
        byte* pixels, nint stride, ImageSize crop, Normalization normalization, float* planes, long* label) =>
        ImageAndIndices(pixels, stride, crop, normalization, planes, label);

    /// <summary>Writes a crop's class indices as int64.</summary>
    /// <param name="indices">The class index of the crop's first pixel.</param>
    /// <param name="stride">Bytes from one row to the next.</param>
    /// <param name="crop">The crop's size.</param>
    /// <param name="label">Where they go: height * width numbers.</param>
    internal static void Label(byte* indices, nint stride, ImageSize crop, long* label)
    {
        var aligned = IsAligned(label, crop.Width, sizeof(long));
        for (var row = 0; row < crop.Height; row++, indices += stride, label += crop.Width)
        {
            var column = 0;
            for (; column <= crop.Width - Vector128<byte>.Count; column += Vector128<byte>.Count)
            {
                var (low, high) = Vector128.Widen(Vector128.Load(indices + column));
                var (first, last) = Vector256.Widen(Vector256.Create(low, high));
                StoreIndices(Vector512.Create(first, last), label + column, aligned);
            }
            for (; column < crop.Width; column++)
                label[column] = indices[column];
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

    private static void ImageAndIndices(
        byte* pixels, nint stride, ImageSize crop, Normalization normalization, float* planes, long* label)
    {
        var plane = (nint)crop.Pixels;
        var aligned = IsAligned(planes, crop.Width, sizeof(float))
            && plane * sizeof(float) % Vector512<byte>.Count == 0
            && IsAligned(label, crop.Width, sizeof(long));
        ReadOnlySpan<float> scale = normalization.Scale.AsSpan(), bias = normalization.Bias.AsSpan();
        var (redScale, redBias) = (Vector512.Create(scale[0]), Vector512.Create(bias[0]));
        var (greenScale, greenBias) = (Vector512.Create(scale[1]), Vector512.Create(bias[1]));
        var (blueScale, blueBias) = (Vector512.Create(scale[2]), Vector512.Create(bias[2]));
        for (var row = 0; row < crop.Height; row++, pixels += stride, planes += crop.Width)
        {
            var column = 0;
            for (; column <= crop.Width - Vector512<uint>.Count; column += Vector512<uint>.Count)
            {
                // Each plane gets a whole cache line; two half lines past the cache would cost twice as much.
                var rgbx = Vector512.Load((uint*)pixels + column);
                Store(Normalize(rgbx, redScale, redBias), planes + column, aligned);
                Store(Normalize(rgbx >>> 8, greenScale, greenBias), planes + plane + column, aligned);
                Store(Normalize(rgbx >>> 16, blueScale, blueBias), planes + 2 * plane + column, aligned);
                if (label != null)
                    StoreIndices(rgbx >>> 24, label + column, aligned);
            }
            for (; column < crop.Width; column++)
            {
                var pixel = pixels + (nint)column * BytesPerPixel;
                planes[column] = pixel[0] * scale[0] + bias[0];
                planes[plane + column] = pixel[1] * scale[1] + bias[1];
                planes[2 * plane + column] = pixel[2] * scale[2] + bias[2];
                if (label != null)
                    label[column] = pixel[3];
            }
            if (label != null)
                label += crop.Width;
        }
        FinishStores();
    }

    // The product is rounded before the addition: that gives the same bits with and without a fused multiply-add.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Normalize(Vector512<uint> values, Vector512<float> scale, Vector512<float> bias)
    {
        var bytes = Vector512.ConvertToSingle((values & Vector512.Create(0xFFu)).AsInt32());
        return Vector512.Add(Vector512.Multiply(bytes, scale), bias);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreIndices(Vector512<uint> sixteen, long* label, bool aligned)
    {
        var (first, last) = Vector512.Widen(sixteen);
        Store(first, (ulong*)label, aligned);
        Store(last, (ulong*)label + Vector512<ulong>.Count, aligned);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<T>(Vector512<T> values, T* address, bool aligned)
        where T : unmanaged
    {
        if (aligned)
            values.StoreAlignedNonTemporal(address);
        else
            values.Store(address);
    }

    private static bool IsAligned(void* address, int width, int elementSize) =>
        (nuint)address % (nuint)Vector512<byte>.Count == 0 && width * elementSize % Vector512<byte>.Count == 0;

    // Stores past the cache are not ordered, and another thread reads what they wrote.
    private static void FinishStores()
    {
        if (Sse.IsSupported)
            Sse.StoreFence();
        else
            Thread.MemoryBarrier();
    }
}
