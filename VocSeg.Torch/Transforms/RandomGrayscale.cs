namespace VocSeg.Torch;

/// <summary>
/// Makes images gray: all three channels get the luma, 0.299 red + 0.587 green + 0.114 blue (ITU-R BT.601), not
/// rounded. As torchvision's RandomGrayscale, which takes 0.2989 for the first weight.
/// </summary>
/// <param name="P">The share of the images that become gray, 0 to 1; by default 0.1, as in torchvision.</param>
/// <exception cref="ArgumentOutOfRangeException">Not 0 to 1.</exception>
public sealed record RandomGrayscale(double P = 0.1) : SampleTransform
{
    /// <summary>The share of the images that become gray.</summary>
    public double P { get; init => field = Probability(value, nameof(P)); } = Probability(P, nameof(P));

    internal override void Draw(ref SampleGeometry geometry, ref ColorMatrix color, ref SampleRandom random)
    {
        if (random.NextDouble() < P)
            color = color.Then(ColorMatrix.Saturation(0));
    }
}
