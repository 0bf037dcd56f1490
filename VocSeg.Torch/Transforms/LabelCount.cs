namespace VocSeg.Torch;

/// <summary>Counts the pixels of each class that a sample would have in a batch.</summary>
internal static unsafe class LabelCount
{
    /// <param name="source">The sample, with its whole label.</param>
    /// <param name="geometry">What part of it would be in the batch.</param>
    /// <param name="pixels">The counts by class index, 256 of them. What is found is added; padding does not count.</param>
    internal static void Count(in WarpSource source, in SampleGeometry geometry, Span<int> pixels)
    {
        var isPacked = source.ClassIndices == 0;
        var step = isPacked ? HostWarp.BytesPerPixel : 1;
        var first = isPacked ? source.Pixel(0, 0) + 3 : source.ClassIndex(0, 0);
        var (height, width) = (source.Size.Height, source.Size.Width);
        for (var row = 0; row < geometry.Output.Height; row++)
        {
            double x0 = geometry.XY * (row + 0.5) + geometry.X0, y0 = geometry.YY * (row + 0.5) + geometry.Y0;
            for (var column = 0; column < geometry.Output.Width; column++)
            {
                double x = geometry.XX * (column + 0.5) + x0, y = geometry.YX * (column + 0.5) + y0;
                if (x >= 0 && x < width && y >= 0 && y < height)
                    pixels[first[((nint)(int)y * width + (int)x) * step]]++;
            }
        }
    }
}
