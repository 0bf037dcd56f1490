using System.Runtime.Intrinsics;

namespace VocSeg.Torch;

/// <summary>Takes back the filters of PNG rows whose pixels take one byte or less: each byte was written as its difference from a guess.</summary>
internal static class PngFilter
{
    /// <param name="filter">The filter's number in the file.</param>
    /// <param name="row">The row's bytes, changed in place.</param>
    /// <param name="above">The row above, its filter taken back; zeros for the first row.</param>
    /// <returns>False where there is no such filter.</returns>
    internal static bool TryUndo(byte filter, Span<byte> row, ReadOnlySpan<byte> above)
    {
        switch (filter)
        {
            case 0:
                return true;
            case 1:
                UndoLeft(row);
                return true;
            case 2:
                UndoAbove(row, above);
                return true;
            case 3:
                UndoAverage(row, above);
                return true;
            case 4:
                UndoPaeth(row, above);
                return true;
            default:
                return false;
        }
    }

    private static void UndoLeft(Span<byte> row)
    {
        byte left = 0;
        foreach (ref var value in row)
            value = left += value;
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

    private static void UndoAverage(Span<byte> row, ReadOnlySpan<byte> above)
    {
        above = above[..row.Length];
        byte left = 0;
        for (var at = 0; at < row.Length; at++)
            row[at] = left = (byte)(row[at] + ((left + above[at]) >> 1));
    }

    // The guess is that of left, above and corner which is nearest to left + above - corner, the first of them where two are as near.
    private static void UndoPaeth(Span<byte> row, ReadOnlySpan<byte> above)
    {
        above = above[..row.Length];
        int left = 0, corner = 0;
        for (var at = 0; at < row.Length; at++)
        {
            int up = above[at];
            var fromLeft = Math.Abs(up - corner);
            var fromAbove = Math.Abs(left - corner);
            var fromCorner = Math.Abs(left + up - corner - corner);
            var guess = fromLeft <= fromAbove && fromLeft <= fromCorner ? left : fromAbove <= fromCorner ? up : corner;
            row[at] = (byte)(row[at] + guess);
            left = row[at];
            corner = up;
        }
    }
}
