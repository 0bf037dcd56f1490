namespace VocSeg.Torch;

/// <summary>
/// One step from a stored sample to its place in a batch. Everything random about it is drawn before a pixel is read,
/// from the seed, the epoch, the sample and a stream of the transform's own: to add a transform changes no other's
/// draws. Geometry adds up to one affine map and colour to one matrix; both are applied in a single pass.
/// </summary>
/// <remarks>
/// An image is blended between its pixels (bilinear, half-pixel centres, without antialiasing); a label's pixel has the
/// class of the stored pixel that its centre falls in. What lies outside of the stored sample has the mean colour, which
/// is 0 after normalization, and the ignore index.
/// </remarks>
public abstract record SampleTransform
{
    private protected SampleTransform()
    {
    }

    /// <summary>Draws what it does to a sample.</summary>
    internal abstract void Draw(ref Drawing drawing, ref SampleRandom random);

    /// <summary>The smallest size that it makes of one.</summary>
    internal virtual ImageSize Smallest(ImageSize size) => size;

    /// <summary>The largest height and the largest width that it makes of a size.</summary>
    internal virtual ImageSize Largest(ImageSize size) => size;

    /// <summary>The size that it gives to a sample of whatever size; null where that depends on the sample.</summary>
    internal virtual ImageSize? FixedSize => null;

    /// <summary>Whether it gives a batch its size. Of such transforms there is just one.</summary>
    internal virtual bool IsFraming => false;

    /// <summary>Whether it makes another size of a sample's.</summary>
    internal virtual bool ChangesSize => FixedSize is not null;

    /// <summary>The least size that a sample must have for it; null where every sample will do.</summary>
    internal virtual ImageSize? Needs => null;

    /// <summary>A probability.</summary>
    private protected static double Probability(double value, string name) => value is >= 0 and <= 1
        ? value
        : throw new ArgumentOutOfRangeException(name, $"A probability is 0 to 1; {value} was given.");

    /// <summary>A range of numbers.</summary>
    private protected static (double Low, double High) Range((double Low, double High) range, double least, string name) =>
        range.Low >= least && range.Low <= range.High && double.IsFinite(range.High)
            ? range
            : throw new ArgumentOutOfRangeException(
                name, $"The range must begin at {least} or above and end at or above its begin; {range} was given.");
}

/// <summary>What has been drawn of a sample so far.</summary>
internal struct Drawing
{
    /// <param name="sample">The size of the stored sample.</param>
    /// <param name="region">The part of it that is looked at.</param>
    /// <param name="attempt">Which of its places a transform that may draw again takes, from 0.</param>
    internal Drawing(ImageSize sample, SampleRegion region, int attempt)
    {
        Attempt = attempt;
        Size = region.Size;
        Geometry = new(sample, region.Size) { X0 = region.Left, Y0 = region.Top };
    }

    internal readonly int Attempt;

    /// <summary>The size that the sample has by now.</summary>
    internal ImageSize Size { get; private set; }

    /// <summary>From the sample as it is by now to the stored one.</summary>
    internal SampleGeometry Geometry { get; private set; }

    internal ColorMatrix Color { get; private set; } = ColorMatrix.Identity;

    /// <summary>Cuts a part out, which may reach beyond the sample.</summary>
    internal void Crop(int top, int left, ImageSize size) => Map(size, 1, 0, left, 0, 1, top);

    /// <summary>Stretches a part of the sample to a size.</summary>
    internal void Stretch(int top, int left, ImageSize part, ImageSize size) =>
        Map(size, (double)part.Width / size.Width, 0, left, 0, (double)part.Height / size.Height, top);

    internal void FlipHorizontally() => Map(Size, -1, 0, Size.Width, 0, 1, 0);

    internal void FlipVertically() => Map(Size, 1, 0, 0, 0, -1, Size.Height);

    /// <summary>Moves each pixel by an affine map about the sample's centre, whose inverse is given.</summary>
    internal void Turn(double xx, double xy, double yx, double yy, double moveX, double moveY)
    {
        // source - centre = inverse * (output - centre - move).
        double centreX = Size.Width / 2.0, centreY = Size.Height / 2.0;
        double x = centreX + moveX, y = centreY + moveY;
        Map(Size, xx, xy, centreX - (xx * x + xy * y), yx, yy, centreY - (yx * x + yy * y));
    }

    /// <summary>Changes the colours after all changes so far.</summary>
    internal void Recolor(in ColorMatrix change) => Color = Color.Then(change);

    private void Map(ImageSize size, double xx, double xy, double x0, double yx, double yy, double y0)
    {
        var to = Geometry;
        Geometry = new(to.Source, size)
        {
            XX = to.XX * xx + to.XY * yx,
            XY = to.XX * xy + to.XY * yy,
            X0 = to.XX * x0 + to.XY * y0 + to.X0,
            YX = to.YX * xx + to.YY * yx,
            YY = to.YX * xy + to.YY * yy,
            Y0 = to.YX * x0 + to.YY * y0 + to.Y0,
        };
        Size = size;
    }
}
