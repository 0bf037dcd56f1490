namespace VocSeg.Torch;

/// <summary>Where the pixels of a decoded image lie in its sample.</summary>
/// <param name="Size">The size of the decoded image, turned as the sample is.</param>
/// <param name="Reduction">By what its sides were divided.</param>
/// <param name="Top">What the decoded image has above the sample's upper edge, in its own pixels: less than 1.</param>
/// <param name="Left">The same at the left.</param>
internal readonly record struct ImageGrid(ImageSize Size, ImageReduction Reduction, double Top, double Left)
{
    /// <summary>The grid of an image that is decoded whole.</summary>
    internal ImageGrid(ImageSize size)
        : this(size, default, 0, 0)
    {
    }

    /// <summary>The decoded pixels for each of the sample's, along a side.</summary>
    internal double Scale => 1.0 / Reduction.Divisor;

    /// <summary>The grid that a file is decoded in: only a JPEG is reduced.</summary>
    /// <param name="file">The file.</param>
    /// <param name="size">The size of the sample.</param>
    /// <param name="orientation">The EXIF orientation by which the sample is turned.</param>
    /// <param name="reduction">The reduction that is asked for.</param>
    internal static ImageGrid Of(EncodedFile file, ImageSize size, int orientation, ImageReduction reduction)
    {
        if (reduction.IsWhole || !ImageHeader.IsJpeg(file.Bytes))
            return new(size);
        var reduced = reduction.Reduce(size);
        // The rest of a side that cannot be divided lies at the stored image's right and lower edge.
        var (fromRight, fromBottom) = ExifOrientation.Mirrors(orientation);
        var (fromLast, fromLower) = ExifOrientation.SwapsSides(orientation)
            ? (fromBottom, fromRight)
            : (fromRight, fromBottom);
        return new(
            reduced, reduction, fromLower ? Rest(reduced.Height, size.Height) : 0,
            fromLast ? Rest(reduced.Width, size.Width) : 0);

        double Rest(int decoded, int side) => decoded - (double)side / reduction.Divisor;
    }

    /// <summary>The rows of the decoded image that pixels within some rows of the sample are blended of.</summary>
    internal (int First, int Count) Rows(int top, int rows)
    {
        if (Reduction.IsWhole)
            return (top, rows);
        var first = UpperOfTwo(top);
        return (first, Math.Min(Size.Height, UpperOfTwo(top + rows) + 2) - first);
    }

    // Above the first row's centre that row is blended with the next one all the same, at a share of 0.
    private int UpperOfTwo(int row) => (int)Math.Max(0, row * Scale + Top - 0.5);
}
