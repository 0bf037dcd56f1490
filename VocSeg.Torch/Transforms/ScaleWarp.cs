using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace VocSeg.Torch;

/// <summary>
/// Makes samples whose rows come from rows and whose columns come from columns: scaled, moved, flipped. Two stored rows
/// are blended as they lie in memory; of the result each pixel takes two neighbours, by tables that are made once a
/// sample. Not thread-safe.
/// </summary>
internal sealed unsafe class ScaleWarp(HostRow row)
{
    private readonly ScaledColumns columns = new();
    private readonly WarpScratch<float> stored = new();

    /// <summary>Writes a sample, unless its columns lie too far apart for this way.</summary>
    /// <returns>Whether it did.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal bool TryWrite(
        in WarpSource source, in SampleGeometry geometry, in ColorMatrix color, in WarpTarget target)
    {
        if (!columns.TryFind(geometry))
            return false;
        var (output, size) = (geometry.Output, source.Size);
        var (first, end) = (columns.First, columns.First + columns.Count);
        var pitch = (columns.StoredCount + 15) / 16 * 16 + 16;
        var between = new BlendedRow(stored.Of(3 * pitch), pitch, null);
        var pixels = new ScaledPixels(between, columns);
        var classesFrom = -1;
        for (var at = 0; at < output.Height; at++)
        {
            var y = geometry.YY * (at + 0.5) + geometry.Y0;
            if (columns.Count == 0 || !(y >= 0 && y < size.Height))
            {
                row.Pad(target, at, 0, output.Width);
                continue;
            }
            // Beyond the centres of the outermost rows these are repeated.
            var py = Math.Clamp(y - 0.5, 0, size.Height - 1);
            var top = (int)py;
            var bottom = Math.Min(top + 1, size.Height - 1);
            BlendRows(
                new(source.Pixel(top, columns.Least), null), new(source.Pixel(bottom, columns.Least), null),
                (float)(py - top), columns.StoredCount, between);
            // What the next row is blended of comes while this one is written.
            var next = (int)Math.Clamp(py + geometry.YY, 0, size.Height - 1);
            for (var one = next; next != top && one <= Math.Min(next + 1, size.Height - 1); one++)
                HostRow.Prefetch(source.Pixel(one, columns.Least), columns.StoredCount * HostWarp.BytesPerPixel);
            if ((int)y != classesFrom)
                columns.PickClasses(source, classesFrom = (int)y);
            row.Pad(target, at, 0, first);
            row.Write(pixels, color, target, at, first, columns.Count);
            row.Pad(target, at, end, output.Width);
        }
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void BlendRows(StoredPixels upper, StoredPixels lower, float share, int count, BlendedRow into)
    {
        float* red = into.Red;
        float* green = into.Green;
        float* blue = into.Blue;
        var down = Vector512.Create(share);
        var last = count - Vector512<float>.Count;
        for (var start = 0; start < count && last >= 0; start += Vector512<float>.Count)
        {
            // The last pixels are computed together with some before them.
            var at = Math.Min(start, last);
            Vector512<float> r = upper.Levels(0, at), g = upper.Levels(1, at), b = upper.Levels(2, at);
            Vector512<float> nextR = lower.Levels(0, at), nextG = lower.Levels(1, at), nextB = lower.Levels(2, at);
            (r + (nextR - r) * down).Store(red + at);
            (g + (nextG - g) * down).Store(green + at);
            (b + (nextB - b) * down).Store(blue + at);
        }
        for (var channel = 0; channel < 3 && last < 0; channel++)
        {
            for (var at = 0; at < count; at++)
            {
                var above = upper.Level(channel, at);
                red[channel * into.Pitch + at] = above + (lower.Level(channel, at) - above) * share;
            }
        }
    }
}
