namespace VocSeg.Torch;

/// <summary>
/// One step from a stored sample to its place in a batch. Everything random about it is drawn before a pixel is read,
/// from the seed, the epoch, the sample and a stream of the transform's own: to add a transform changes no other's
/// draws. Geometry adds up to one affine map and colour to one matrix; both are applied in a single pass.
/// </summary>
/// <remarks>
/// An image is blended between its pixels (bilinear, half-pixel centres, without antialiasing); a label's pixel has the
/// class of the stored pixel that its centre falls in. What lies outside of the stored sample has the mean colour,
/// which is 0 after normalization, and the ignore index.
/// </remarks>
public abstract record SampleTransform
{
    private protected SampleTransform()
    {
    }

    /// <summary>Draws what it does to a sample.</summary>
    /// <param name="geometry">What was done before to the places of its pixels, to which it adds.</param>
    /// <param name="color">What was done before to their colours.</param>
    /// <param name="random">Its own stream of random numbers.</param>
    internal abstract void Draw(ref SampleGeometry geometry, ref ColorMatrix color, ref SampleRandom random);

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
        : throw new ArgumentOutOfRangeException(name, $"{name} is a probability, 0 to 1; {value} was given.");

    /// <summary>A number within bounds.</summary>
    private protected static double Within(double value, double least, double most, string name) =>
        value >= least && value <= most
            ? value
            : throw new ArgumentOutOfRangeException(name, $"{name} is {least} to {most}; {value} was given.");

    /// <summary>Two numbers within bounds, in their order.</summary>
    private protected static (double Low, double High) Range(
        (double Low, double High) range, double least, double most, string name)
    {
        if (!(range.Low >= least && range.High <= most))
        {
            throw new ArgumentOutOfRangeException(
                name, $"{name} lies within {least} to {most}; {range.Low} to {range.High} was given.");
        }
        return range.Low <= range.High
            ? range
            : throw new ArgumentOutOfRangeException(
                name, $"{name}: {range.Low} to {range.High} was given; put the smaller number first.");
    }
}
