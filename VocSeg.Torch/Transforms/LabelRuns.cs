using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace VocSeg.Torch;

/// <summary>
/// The rows of a label as runs of one class, found when a row is first asked for. Not thread-safe; its memory is used
/// again.
/// </summary>
internal sealed unsafe class LabelRuns
{
    private const int NotFound = -1;
    private WarpSource source;
    private (int Start, int Count)[] rows = [];
    private Run[] runs = [];
    private int found;

    /// <summary>Neighbours of one class in a row, up to the next run's.</summary>
    /// <param name="End">The column behind the last one.</param>
    /// <param name="Class">Their class index.</param>
    internal readonly record struct Run(int End, int Class);

    /// <summary>The runs of all rows, to be kept and read by any number of threads.</summary>
    /// <param name="label">The sample, with its whole label.</param>
    /// <param name="mostBytes">What they may take.</param>
    /// <returns>Null where they would take more.</returns>
    internal static LabelRuns? Whole(in WarpSource label, long mostBytes)
    {
        var whole = new LabelRuns();
        whole.Begin(label);
        for (var row = 0; row < label.Size.Height; row++)
        {
            whole.Of(row);
            if (sizeof(Run) * (whole.found + (long)whole.rows.Length) > mostBytes)
                return null;
        }
        Array.Resize(ref whole.runs, whole.found);
        return whole;
    }

    /// <summary>Takes a label on and forgets the one before.</summary>
    /// <param name="label">The sample, with its whole label.</param>
    internal void Begin(in WarpSource label)
    {
        (source, found) = (label, 0);
        if (rows.Length < label.Size.Height)
            rows = new (int Start, int Count)[label.Size.Height];
        rows.AsSpan(0, label.Size.Height).Fill((NotFound, 0));
    }

    /// <summary>The runs of a row from left to right, valid until the next call.</summary>
    internal ReadOnlySpan<Run> Of(int row)
    {
        if (rows[row].Start == NotFound)
            rows[row] = (found, Find(row));
        return runs.AsSpan(rows[row].Start, rows[row].Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int Find(int row)
    {
        var width = source.Size.Width;
        if (runs.Length < found + width)
            Array.Resize(ref runs, Math.Max(2 * runs.Length, found + width));
        var own = runs.AsSpan(found, width);
        var count = source.ClassIndices == 0
            ? FindPacked((uint*)source.Pixel(row, 0), width, own)
            : FindBytes(source.ClassIndex(row, 0), width, own);
        found += count;
        return count;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int FindPacked(uint* row, int width, Span<Run> found)
    {
        var (at, count) = (1, 0);
        for (; at <= width - Vector512<uint>.Count; at += Vector512<uint>.Count)
        {
            var differences = (Vector512.Load(row + at) ^ Vector512.Load(row + at - 1)) >>> 24;
            if (differences == Vector512<uint>.Zero)
                continue;
            var ends = ~Vector512.Equals(differences, Vector512<uint>.Zero).ExtractMostSignificantBits() & 0xFFFF;
            for (; ends != 0; ends &= ends - 1)
            {
                var end = at + BitOperations.TrailingZeroCount(ends);
                found[count++] = new(end, (int)(row[end - 1] >> 24));
            }
        }
        for (; at < width; at++)
        {
            if (row[at] >> 24 != row[at - 1] >> 24)
                found[count++] = new(at, (int)(row[at - 1] >> 24));
        }
        found[count++] = new(width, (int)(row[width - 1] >> 24));
        return count;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int FindBytes(byte* row, int width, Span<Run> found)
    {
        var (at, count) = (1, 0);
        for (; at <= width - Vector256<byte>.Count; at += Vector256<byte>.Count)
        {
            var same = Vector256.Equals(Vector256.Load(row + at), Vector256.Load(row + at - 1));
            for (var ends = ~same.ExtractMostSignificantBits(); ends != 0; ends &= ends - 1)
            {
                var end = at + BitOperations.TrailingZeroCount(ends);
                found[count++] = new(end, row[end - 1]);
            }
        }
        for (; at < width; at++)
        {
            if (row[at] != row[at - 1])
                found[count++] = new(at, row[at - 1]);
        }
        found[count++] = new(width, row[width - 1]);
        return count;
    }
}
