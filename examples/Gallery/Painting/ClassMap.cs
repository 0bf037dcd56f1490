namespace Gallery;

/// <summary>A class index a pixel, in rows without padding.</summary>
internal sealed record ClassMap(byte[] Classes, int Height, int Width)
{
    internal byte this[int row, int column] => Classes[row * Width + column];

    /// <summary>This map so that it fits in a square, each pixel one of its own; never larger.</summary>
    internal ClassMap Fitted(int side)
    {
        var (height, width) = Fitting.Size(Height, Width, side);
        if (height == Height && width == Width)
            return this;
        var classes = new byte[height * width];
        for (var row = 0; row < height; row++)
        {
            for (var column = 0; column < width; column++)
                classes[row * width + column] = this[Middle(row, height, Height), Middle(column, width, Width)];
        }
        return new(classes, height, width);
    }

    private static int Middle(int index, int parts, int length) => (int)((2L * index + 1) * length / (2L * parts));
}
