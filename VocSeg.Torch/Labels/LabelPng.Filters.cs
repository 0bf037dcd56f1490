using System.Runtime.Intrinsics;

namespace VocSeg.Torch;

/// <content>The filters of rows.</content>
internal sealed partial class LabelPng
{
    /// <summary>Takes back the filter of a row, which stores each byte as its difference from a guess.</summary>
    /// <param name="filter">The filter's number in the file.</param>
    /// <param name="unit">The bytes from a sample to the same one of the next pixel, at least 1.</param>
    /// <param name="row">The row's bytes, changed in place.</param>
    /// <param name="above">The row above, its filter taken back; zeros for the first row.</param>
    /// <returns>False where there is no such filter.</returns>
    private static bool TryUnfilter(byte filter, int unit, Span<byte> row, ReadOnlySpan<byte> above)
    {
        switch (filter)
        {
            case 0:
                return true;
            case 1:
                for (var at = unit; at < row.Length; at++)
                    row[at] += row[at - unit];
                return true;
            case 2:
                UndoAbove(row, above);
                return true;
            case 3:
                UndoAverage(unit, row, above);
                return true;
            case 4 when unit == 1:
                UndoPaethOfBytes(row, above);
                return true;
            case 4:
                UndoPaeth(unit, row, above);
                return true;
            default:
                return false;
        }
    }

    private static void UndoAbove(Span<byte> row, ReadOnlySpan<byte> above)
    {
        above = above[..row.Length];
        var at = 0;
        for (; at <= row.Length - Vector128<byte>.Count; at += Vector128<byte>.Count)
            (Vector128.Create<byte>(above[at..]) + Vector128.Create<byte>(row[at..])).CopyTo(row[at..]);
        for (; at < row.Length; at++)
            row[at] += above[at];
    }

    private static void UndoAverage(int unit, Span<byte> row, ReadOnlySpan<byte> above)
    {
        above = above[..row.Length];
        for (var at = 0; at < row.Length; at++)
        {
            var left = at < unit ? 0 : row[at - unit];
            row[at] = (byte)(row[at] + ((left + above[at]) >> 1));
        }
    }

    // Most labels have one byte a pixel. For them the neighbours stay in registers.
    private static void UndoPaethOfBytes(Span<byte> row, ReadOnlySpan<byte> above)
    {
        above = above[..row.Length];
        int left = 0, corner = 0;
        for (var at = 0; at < row.Length; at++)
        {
            int up = above[at];
            left = row[at] = (byte)(row[at] + Paeth(left, up, corner));
            corner = up;
        }
    }

    private static void UndoPaeth(int unit, Span<byte> row, ReadOnlySpan<byte> above)
    {
        above = above[..row.Length];
        for (var at = 0; at < row.Length; at++)
        {
            var (left, corner) = at < unit ? (0, 0) : (row[at - unit], above[at - unit]);
            row[at] = (byte)(row[at] + Paeth(left, above[at], corner));
        }
    }

    // The neighbour nearest to left + up - corner; of two that are as near, the first in this order.
    private static int Paeth(int left, int up, int corner)
    {
        var fromLeft = Math.Abs(up - corner);
        var fromUp = Math.Abs(left - corner);
        var fromCorner = Math.Abs(left + up - corner - corner);
        return fromLeft <= fromUp && fromLeft <= fromCorner ? left : fromUp <= fromCorner ? up : corner;
    }
}
