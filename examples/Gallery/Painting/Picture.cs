namespace Gallery;

/// <summary>Pixels: rows without padding, four bytes a pixel.</summary>
internal sealed record Picture(byte[] Rgba, int Height, int Width)
{
    internal static Picture Blank(int height, int width) => new(new byte[4 * height * width], height, width);

    internal Span<byte> this[int row, int column] => Rgba.AsSpan(4 * (row * Width + column), 4);

    /// <summary>This picture so that it fits in a square, each pixel the mean of those that it stands for; never larger.</summary>
    internal Picture FittedSmooth(int side)
    {
        var (height, width) = Fitting.Size(Height, Width, side);
        if (height == Height && width == Width)
            return this;
        var small = Blank(height, width);
        Span<int> sums = stackalloc int[4];
        for (var row = 0; row < height; row++)
        {
            var (top, bottom) = Part(row, height, Height);
            for (var column = 0; column < width; column++)
            {
                var (left, right) = Part(column, width, Width);
                sums.Clear();
                for (var y = top; y < bottom; y++)
                {
                    var run = Rgba.AsSpan(4 * (y * Width + left), 4 * (right - left));
                    for (var at = 0; at < run.Length; at++)
                        sums[at & 3] += run[at];
                }
                var count = (bottom - top) * (right - left);
                for (var channel = 0; channel < 4; channel++)
                    small[row, column][channel] = (byte)((sums[channel] + count / 2) / count);
            }
        }
        return small;
    }

    private static (int From, int To) Part(int index, int parts, int length)
    {
        var from = (int)((long)index * length / parts);
        return (from, Math.Max(from + 1, (int)((long)(index + 1) * length / parts)));
    }
}
