namespace VocSeg.Torch;

/// <summary>
/// Where the pixels of a sample in a batch come from: an affine map from its pixels to those of the sample as it is
/// stored. Coordinates are continuous; the centre of the pixel in row r and column c lies at (r + 0.5, c + 0.5).
/// </summary>
/// <param name="Source">
/// The size of the sample as it is stored, turned by its EXIF orientation where that is applied.
/// </param>
/// <param name="Output">
/// The size of the sample in the batch, without what the batch adds to its right and below.
/// </param>
public readonly record struct SampleGeometry(ImageSize Source, ImageSize Output)
{
    // source column = xx * column + (xy * row + x0), source row = yx * column + (yy * row + y0). Every implementation
    // computes in float64 and in this order, so that all of them come to the same pixel.
    internal double XX { get; init; } = 1;

    internal double XY { get; init; }

    internal double X0 { get; init; }

    internal double YX { get; init; }

    internal double YY { get; init; } = 1;

    internal double Y0 { get; init; }

    /// <summary>Draws what transforms do to a sample, as a data set draws it.</summary>
    /// <param name="sample">The sample, large enough for the transforms.</param>
    /// <param name="transforms">The transforms of the data set.</param>
    /// <param name="seed">The seed of the data set.</param>
    /// <param name="epoch">The epoch, from 0.</param>
    /// <param name="index">The sample's index in the data set, from 0.</param>
    /// <returns>Where the sample's pixels come from. A condition on the label is not looked at.</returns>
    /// <exception cref="ArgumentException">The transforms do not go together, or the sample is too small.</exception>
    public static SampleGeometry Draw(
        SegmentationSample sample, IEnumerable<SampleTransform> transforms, long seed, long epoch, long index)
    {
        ArgumentNullException.ThrowIfNull(sample);
        var chain = new TransformChain([.. transforms]);
        var size = sample.Part;
        return chain.CanTake(size)
            ? chain.Draw(sample, seed, epoch, index).Geometry
            : throw new ArgumentException($"'{sample.Id}' of {size} is too small for the transforms.", nameof(sample));
    }

    /// <summary>The place in the stored sample of a place in the batch's sample.</summary>
    /// <param name="row">The row, from 0 at the upper edge.</param>
    /// <param name="column">The column, from 0 at the left edge.</param>
    /// <returns>Row and column in the stored sample. They may lie outside of it.</returns>
    public (double Row, double Column) ToSource(double row, double column) =>
        (YX * column + (YY * row + Y0), XX * column + (XY * row + X0));

    /// <summary>
    /// The place in the batch's sample of a place in the stored sample, to map what was predicted back.
    /// </summary>
    /// <param name="row">The row, from 0 at the upper edge.</param>
    /// <param name="column">The column, from 0 at the left edge.</param>
    /// <returns>Row and column in the batch's sample. They may lie outside of it.</returns>
    public (double Row, double Column) ToOutput(double row, double column)
    {
        var determinant = XX * YY - XY * YX;
        var (x, y) = (column - X0, row - Y0);
        return ((XX * y - YX * x) / determinant, (YY * x - XY * y) / determinant);
    }

    /// <summary>
    /// Whether no pixel lies between stored ones: the sample is moved by whole rows and columns, or flipped.
    /// </summary>
    internal bool IsMoved => IsAxisAligned && Math.Abs(XX) == 1 && Math.Abs(YY) == 1
        && X0 == Math.Floor(X0) && Y0 == Math.Floor(Y0);

    /// <summary>Whether each row of the output comes from one line of the stored sample.</summary>
    internal bool IsAxisAligned => XY == 0 && YX == 0;

    /// <summary>
    /// The strongest reduction of the stored image after which it still has to shrink along both axes.
    /// </summary>
    internal ImageReduction Reduction => ImageReduction.Of(
        Source,
        // The least singular value of the map: how close to each other it sets neighbours at most.
        IsAxisAligned
            ? Math.Min(Math.Abs(XX), Math.Abs(YY))
            : Math.Abs(Length(XX + YY, XY - YX) - Length(XX - YY, XY + YX)) / 2);

    /// <summary>
    /// The row of the stored sample that a crop begins with; below 0 or beyond its end where it is padded.
    /// </summary>
    internal int Top => (int)Y0;

    /// <summary>The column of the stored sample that a crop begins with.</summary>
    internal int Left => (int)X0;

    /// <summary>The upper left of the sample, as far as it fits into a batch.</summary>
    internal SampleGeometry Within(ImageSize frame) =>
        this with { Output = new(Math.Min(Output.Height, frame.Height), Math.Min(Output.Width, frame.Width)) };

    /// <summary>A sample, or the part of it that is looked at, to which nothing is done yet.</summary>
    internal static SampleGeometry Of(SegmentationSample sample) =>
        new(sample.Size, sample.Part) { X0 = sample.Region?.Left ?? 0, Y0 = sample.Region?.Top ?? 0 };

    /// <summary>Then cuts a part out, which may reach beyond the sample.</summary>
    internal SampleGeometry Crop(int top, int left, ImageSize size) => Then(size, 1, 0, left, 0, 1, top);

    /// <summary>Then stretches a part of the sample to a size.</summary>
    internal SampleGeometry Stretch(int top, int left, ImageSize part, ImageSize size) =>
        Then(size, (double)part.Width / size.Width, 0, left, 0, (double)part.Height / size.Height, top);

    internal SampleGeometry FlipHorizontally() => Then(Output, -1, 0, Output.Width, 0, 1, 0);

    internal SampleGeometry FlipVertically() => Then(Output, 1, 0, 0, 0, -1, Output.Height);

    /// <summary>Then moves each pixel by an affine map about the sample's centre, whose inverse is given.</summary>
    internal SampleGeometry Turn(double xx, double xy, double yx, double yy, double moveX, double moveY)
    {
        // source - centre = inverse * (output - centre - move).
        double centreX = Output.Width / 2.0, centreY = Output.Height / 2.0;
        double x = centreX + moveX, y = centreY + moveY;
        return Then(Output, xx, xy, centreX - (xx * x + xy * y), yx, yy, centreY - (yx * x + yy * y));
    }

    /// <summary>The rows of the stored sample that any pixel is made of; at least one.</summary>
    internal (int First, int Count) SourceRows()
    {
        Span<double> rows = [At(0, 0), At(0, Output.Width), At(Output.Height, 0), At(Output.Height, Output.Width)];
        var (least, most) = (rows[0], rows[0]);
        foreach (var row in rows)
            (least, most) = (Math.Min(least, row), Math.Max(most, row));
        // Between pixels an image is blended with the row above or below.
        var margin = IsMoved ? 0 : 1;
        // Numbers beyond those of int become one only after they are within the sample.
        var first = (int)Math.Clamp(Math.Floor(least) - margin, 0, Source.Height - 1);
        var end = (int)Math.Clamp(Math.Ceiling(most) + margin, first + 1, Source.Height);
        return (first, end - first);
    }

    /// <summary>The columns of a row whose centres lie within the stored sample.</summary>
    internal (int First, int End) InsideColumns(int row)
    {
        var (first, end) = (0, Output.Width);
        Narrow(XX, XY * (row + 0.5) + X0, Source.Width, ref first, ref end);
        Narrow(YX, YY * (row + 0.5) + Y0, Source.Height, ref first, ref end);
        return (first, end);
    }

    /// <summary>The same where columns come from columns, for every row that lies within the stored sample.</summary>
    internal (int First, int End) InsideColumns()
    {
        var (first, end) = (0, Output.Width);
        Narrow(XX, X0, Source.Width, ref first, ref end);
        return (first, end);
    }

    private SampleGeometry Then(
        ImageSize size, double xx, double xy, double x0, double yx, double yy, double y0) => new(Source, size)
        {
            XX = XX * xx + XY * yx,
            XY = XX * xy + XY * yy,
            X0 = XX * x0 + XY * y0 + X0,
            YX = YX * xx + YY * yx,
            YY = YX * xy + YY * yy,
            Y0 = YX * x0 + YY * y0 + Y0,
        };

    // What is computed never falls from column to column, or never rises; so those inside are neighbours, and their
    // ends are found by halving. A formula for the ends could be off by a rounding.
    private static void Narrow(double slope, double start, double size, ref int first, ref int end)
    {
        var (enters, leaves) = slope >= 0 ? (0.0, size) : (size, 0.0);
        first = FirstBeyond(enters, first, end);
        end = FirstBeyond(leaves, first, end);

        int FirstBeyond(double bound, int low, int high)
        {
            while (low < high)
            {
                var middle = (low + high) / 2;
                var place = slope * (middle + 0.5) + start;
                if (slope >= 0 ? place >= bound : place < bound)
                    high = middle;
                else
                    low = middle + 1;
            }
            return low;
        }
    }

    private static double Length(double x, double y) => Math.Sqrt(x * x + y * y);

    private double At(int row, int column) => YX * column + (YY * row + Y0);
}
