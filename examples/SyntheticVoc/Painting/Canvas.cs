using System.Numerics;

namespace SyntheticVoc;

/// <summary>A picture in the making: a colour and a class index for every pixel.</summary>
internal sealed class Canvas(int width, int height)
{
    internal int Width => width;

    internal int Height => height;

    internal Vector3[] Colors { get; } = new Vector3[width * height];

    internal byte[] Labels { get; } = new byte[width * height];

    /// <summary>Softens the colours so far, as a lens does behind its focus: two box filters each way.</summary>
    internal void Blur(int radius)
    {
        if (radius == 0)
            return;
        var before = new Vector3[Colors.Length];
        var sums = new Vector3[width];
        for (var pass = 0; pass < 2; pass++)
        {
            Colors.CopyTo(before, 0);
            for (var row = 0; row < height; row++)
                BlurRow(before.AsSpan(row * width, width), Colors.AsSpan(row * width, width), radius);
            Colors.CopyTo(before, 0);
            BlurColumns(before, sums, radius);
        }
    }

    private static void BlurRow(ReadOnlySpan<Vector3> before, Span<Vector3> after, int radius)
    {
        var sum = before[0] * radius;
        for (var i = 0; i <= radius; i++)
            sum += before[Math.Min(i, before.Length - 1)];
        var share = 1f / (2 * radius + 1);
        for (var i = 0; i < before.Length; i++)
        {
            after[i] = sum * share;
            sum += before[Math.Min(i + radius + 1, before.Length - 1)] - before[Math.Max(i - radius, 0)];
        }
    }

    /// <summary>All columns together, row by row: one after the other they would walk through memory by leaps.</summary>
    private void BlurColumns(Vector3[] before, Vector3[] sums, int radius)
    {
        ReadOnlySpan<Vector3> Row(int row) => before.AsSpan(Math.Clamp(row, 0, height - 1) * width, width);

        Array.Clear(sums);
        for (var row = -radius; row <= radius; row++)
        {
            var added = Row(row);
            for (var column = 0; column < width; column++)
                sums[column] += added[column];
        }
        var share = 1f / (2 * radius + 1);
        for (var row = 0; row < height; row++)
        {
            ReadOnlySpan<Vector3> entering = Row(row + radius + 1), leaving = Row(row - radius);
            var after = Colors.AsSpan(row * width, width);
            for (var column = 0; column < width; column++)
            {
                after[column] = sums[column] * share;
                sums[column] += entering[column] - leaving[column];
            }
        }
    }
}
