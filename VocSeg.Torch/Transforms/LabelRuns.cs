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
        byte* label = source.Class(row);
        var isPacked = source.ClassIndices == 0;
        var step = isPacked ? HostWarp.BytesPerPixel : 1;
        var first = found;
        // Places at which a class is not that of the place before.
        var at = 1;
        if (isPacked)
        {
            var pixels = (uint*)(label - 3);
            for (; at <= width - Vector512<uint>.Count; at += Vector512<uint>.Count)
            {
                var differences = (Vector512.Load(pixels + at) ^ Vector512.Load(pixels + at - 1)) >>> 24;
                AddAll(~Vector512.Equals(differences, Vector512<uint>.Zero).ExtractMostSignificantBits() & 0xFFFF);
            }
        }
        else
        {
            for (; at <= width - Vector256<byte>.Count; at += Vector256<byte>.Count)
            {
                var same = Vector256.Equals(Vector256.Load(label + at), Vector256.Load(label + at - 1));
                AddAll(~same.ExtractMostSignificantBits());
            }
        }
        for (; at < width; at++)
        {
            if (label[(nint)at * step] != label[(nint)(at - 1) * step])
                Add(at);
        }
        Add(width);
        return found - first;

        void AddAll(ulong places)
        {
            for (; places != 0; places &= places - 1)
                Add(at + BitOperations.TrailingZeroCount(places));
        }

        void Add(int end) => runs[found++] = new(end, label[(nint)(end - 1) * step]);
    }
}
