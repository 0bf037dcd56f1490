using System.Buffers;
using System.Runtime.CompilerServices;

namespace VocSeg.Torch;

/// <summary>Counts the pixels of each class that a sample would have in a batch.</summary>
internal static unsafe class LabelCount
{
    private const int Classes = 256;

    /// <param name="source">The sample, with its whole label.</param>
    /// <param name="geometry">What part of it would be in the batch.</param>
    /// <param name="pixels">
    /// The counts by class index, 256 of them. What is found is added; padding does not count.
    /// </param>
    internal static void Count(in WarpSource source, in SampleGeometry geometry, Span<int> pixels)
    {
        // Neighbours are mostly of one class. With four counts in turn none waits for the one before.
        Span<int> counts = stackalloc int[4 * Classes];
        counts.Clear();
        if (geometry.IsAxisAligned)
            CountRows(source, geometry, counts);
        else
            CountPixels(source, geometry, counts);
        for (var at = 0; at < counts.Length; at++)
            pixels[at % Classes] += counts[at];
    }

    private static void CountRows(in WarpSource source, in SampleGeometry geometry, Span<int> counts)
    {
        var (first, end) = geometry.InsideColumns();
        var step = source.ClassIndices == 0 ? HostWarp.BytesPerPixel : 1;
        var columns = ArrayPool<int>.Shared.Rent(Math.Max(end - first, 1));
        for (var column = first; column < end; column++)
            columns[column - first] = (int)(geometry.XX * (column + 0.5) + geometry.X0) * step;
        for (var row = 0; row < geometry.Output.Height; row++)
        {
            var y = geometry.YY * (row + 0.5) + geometry.Y0;
            if (y >= 0 && y < source.Size.Height)
                CountRow(source.Class((int)y), columns.AsSpan(0, end - first), counts);
        }
        ArrayPool<int>.Shared.Return(columns);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void CountRow(byte* row, ReadOnlySpan<int> columns, Span<int> counts)
    {
        fixed (int* place = columns, count = counts)
        {
            for (var at = 0; at < columns.Length; at++)
                count[(at & 3) * Classes + row[place[at]]]++;
        }
    }

    private static void CountPixels(in WarpSource source, in SampleGeometry geometry, Span<int> counts)
    {
        var step = source.ClassIndices == 0 ? HostWarp.BytesPerPixel : 1;
        for (var row = 0; row < geometry.Output.Height; row++)
        {
            var (first, end) = geometry.InsideColumns(row);
            double x0 = geometry.XY * (row + 0.5) + geometry.X0, y0 = geometry.YY * (row + 0.5) + geometry.Y0;
            for (var column = first; column < end; column++)
            {
                double x = geometry.XX * (column + 0.5) + x0, y = geometry.YX * (column + 0.5) + y0;
                counts[(column & 3) * Classes + source.Class((int)y)[(nint)(int)x * step]]++;
            }
        }
    }
}
