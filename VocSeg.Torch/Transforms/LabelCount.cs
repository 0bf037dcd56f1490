using System.Runtime.CompilerServices;

namespace VocSeg.Torch;

/// <summary>
/// Counts the pixels of each class that a sample would have in a batch, at one place after another of the same label.
/// Not thread-safe.
/// </summary>
internal sealed unsafe class LabelCount
{
    private readonly LabelRuns own = new();
    private LabelRuns? runs;
    private WarpSource source;
    private int[] columnsBefore = [];

    /// <summary>Takes a label on, whose pixels stay as they are until the next one.</summary>
    /// <param name="label">The sample, with its whole label.</param>
    /// <param name="known">Its runs, where they were kept.</param>
    internal void Begin(in WarpSource label, LabelRuns? known = null)
    {
        (source, runs) = (label, known ?? own);
        if (known is null)
            own.Begin(label);
    }

    /// <param name="geometry">What part of the sample would be in the batch.</param>
    /// <param name="pixels">
    /// The counts by class index, 256 of them. What is found is added; padding does not count.
    /// </param>
    internal void Count(in SampleGeometry geometry, Span<int> pixels)
    {
        if (geometry.IsAxisAligned)
            CountRows(geometry, pixels);
        else
            CountPixels(geometry, pixels);
    }

    /// <summary>A run is counted at once: stored columns are known by how many of the batch come before them.</summary>
    private void CountRows(in SampleGeometry geometry, Span<int> pixels)
    {
        FindColumns(geometry);
        int stored = -1, times = 0;
        for (var row = 0; row < geometry.Output.Height; row++)
        {
            var y = geometry.YY * (row + 0.5) + geometry.Y0;
            if (!(y >= 0 && y < source.Size.Height))
                continue;
            // Rows that come from the same one follow one another.
            if ((int)y != stored)
            {
                CountRow(stored, times, pixels);
                (stored, times) = ((int)y, 0);
            }
            times++;
        }
        CountRow(stored, times, pixels);
    }

    private void FindColumns(in SampleGeometry geometry)
    {
        var width = source.Size.Width;
        if (columnsBefore.Length <= width)
            columnsBefore = new int[width + 1];
        var before = columnsBefore.AsSpan(0, width + 1);
        before.Clear();
        var (first, end) = geometry.InsideColumns();
        for (var column = first; column < end; column++)
            before[(int)(geometry.XX * (column + 0.5) + geometry.X0) + 1]++;
        for (var column = 0; column < width; column++)
            before[column + 1] += before[column];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void CountRow(int row, int times, Span<int> pixels)
    {
        if (times == 0)
            return;
        var before = columnsBefore;
        var counted = 0;
        foreach (var run in runs!.Of(row))
        {
            pixels[run.Class] += times * (before[run.End] - counted);
            counted = before[run.End];
        }
    }

    private void CountPixels(in SampleGeometry geometry, Span<int> pixels)
    {
        var step = source.ClassIndices == 0 ? HostWarp.BytesPerPixel : 1;
        for (var row = 0; row < geometry.Output.Height; row++)
        {
            var (first, end) = geometry.InsideColumns(row);
            double x0 = geometry.XY * (row + 0.5) + geometry.X0, y0 = geometry.YY * (row + 0.5) + geometry.Y0;
            for (var column = first; column < end; column++)
            {
                double x = geometry.XX * (column + 0.5) + x0, y = geometry.YX * (column + 0.5) + y0;
                pixels[source.Class((int)y)[(nint)(int)x * step]]++;
            }
        }
    }
}
