using System.Runtime.CompilerServices;

namespace VocSeg.Torch;

/// <summary>A decoded sample on the host, or the rows of it that are needed.</summary>
/// <param name="Pixels">
/// Where the first pixel of the whole sample would lie: four bytes a pixel, red, green, blue and one more.
/// </param>
/// <param name="ClassIndices">
/// Where its first class index would lie, one byte a pixel; null where each pixel's fourth byte is its class index.
/// </param>
/// <param name="Size">The size of the whole sample.</param>
internal readonly unsafe record struct WarpSource(IntPtr Pixels, IntPtr ClassIndices, ImageSize Size)
{
    /// <summary>Where the pixels lie in the sample. Only with class indices apart they are less than those.</summary>
    internal ImageGrid Image { get; init; } = new(Size);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal byte* Pixel(int row, int column) =>
        (byte*)Pixels + ((nint)row * Image.Size.Width + column) * HostWarp.BytesPerPixel;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal byte* ClassIndex(int row, int column) => ClassIndices == 0
        ? null
        : (byte*)ClassIndices + (nint)row * Size.Width + column;

    /// <summary>The class index of a row's first pixel, wherever class indices lie.</summary>
    internal byte* Class(int row) => ClassIndices == 0 ? Pixel(row, 0) + 3 : ClassIndex(row, 0);
}

/// <summary>A sample's place in the tensors of a batch.</summary>
/// <param name="Image">Its planes, each as large as the frame.</param>
/// <param name="Label">Its class indices as int64, or its mask as float32.</param>
/// <param name="Weight">The weight of its mask as float32, or null.</param>
/// <param name="Frame">The size of the batch. What the sample leaves of it is padded.</param>
internal readonly unsafe record struct WarpTarget(IntPtr Image, IntPtr Label, IntPtr Weight, ImageSize Frame)
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal float* Plane(int channel, int row) =>
        (float*)Image + channel * (nint)Frame.Pixels + (nint)row * Frame.Width;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal long* ClassIndices(int row) => (long*)Label + (nint)row * Frame.Width;

    internal float* Mask(int row) => (float*)Label + (nint)row * Frame.Width;

    internal float* Weights(int row) => (float*)Weight + (nint)row * Frame.Width;
}

/// <summary>
/// Makes a sample of a batch on the CPU, in one pass over its pixels that gives what the tensor operations give: labels
/// are equal, images are within 1e-5, as a sum may be rounded at other places. Not thread-safe; each worker has its
/// own.
/// </summary>
internal sealed unsafe class HostWarp
{
    /// <summary>Bytes of a pixel: red, green, blue, and a fourth that may hold the class index.</summary>
    internal const int BytesPerPixel = ImageDecoder.BytesPerPixel;

    private readonly HostRow row;
    private readonly ScaleWarp scale;
    private readonly AffineWarp affine;

    /// <param name="form">What the tensors of a batch hold.</param>
    internal HostWarp(BatchForm form)
    {
        row = new(form);
        scale = new(row);
        affine = new(row);
    }

    /// <summary>Writes a sample to its place in a batch.</summary>
    /// <param name="source">Its pixels.</param>
    /// <param name="geometry">Which of them go where.</param>
    /// <param name="color">What becomes of their colours.</param>
    /// <param name="target">Its place.</param>
    internal void Write(
        in WarpSource source, in SampleGeometry geometry, in ColorMatrix color, in WarpTarget target)
    {
        if (geometry.IsMoved)
            WriteMoved(source, geometry, color, target);
        else if (!geometry.IsAxisAligned || !source.Image.Reduction.IsWhole
            || !scale.TryWrite(source, geometry, color, target))
            affine.Write(source, geometry, color, target);
        var (output, frame) = (geometry.Output, target.Frame);
        for (var at = 0; at < output.Height && output.Width < frame.Width; at++)
            row.Pad(target, at, output.Width, frame.Width);
        for (var at = output.Height; at < frame.Height; at++)
            row.Pad(target, at, 0, frame.Width);
        HostRow.FinishStores();
    }

    /// <summary>Crops and flips: no pixel is blended.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void WriteMoved(
        in WarpSource source, in SampleGeometry geometry, in ColorMatrix color, in WarpTarget target)
    {
        var output = geometry.Output;
        var (first, end) = geometry.InsideColumns();
        var (count, column) = (end - first, (int)(geometry.XX * (first + 0.5) + geometry.X0));
        for (var at = 0; at < output.Height; at++)
        {
            var y = geometry.YY * (at + 0.5) + geometry.Y0;
            if (count == 0 || !(y >= 0 && y < source.Size.Height))
            {
                row.Pad(target, at, 0, output.Width);
                continue;
            }
            byte* pixels = source.Pixel((int)y, column), classes = source.ClassIndex((int)y, column);
            row.Pad(target, at, 0, first);
            if (geometry.XX > 0)
            {
                row.Write(new StoredPixels(pixels, classes), color, target, at, first, count);
            }
            else
            {
                // Processors foresee what is read forward. Here they are told of the next row.
                var next = Math.Clamp((int)(y + geometry.YY), 0, source.Size.Height - 1);
                HostRow.Prefetch(source.Pixel(next, column - count + 1), count * BytesPerPixel);
                row.Write(new StoredPixelsBackward(pixels, classes), color, target, at, first, count);
            }
            row.Pad(target, at, end, output.Width);
        }
    }
}
