namespace VocSeg.Torch;

/// <summary>
/// Mirrors samples, left for right. It costs nothing. Do not use it where left and right are classes of their own.
/// </summary>
/// <param name="P">
/// The share of the samples that are mirrored, 0 to 1; by default 0.5, as in torchvision and MMSegmentation.
/// </param>
/// <exception cref="ArgumentOutOfRangeException">Not 0 to 1.</exception>
public sealed record RandomHorizontalFlip(double P = 0.5) : SampleTransform
{
    /// <summary>The share of the samples that are mirrored.</summary>
    public double P { get; init => field = Probability(value, nameof(P)); } = Probability(P, nameof(P));

    internal override void Draw(ref SampleGeometry geometry, ref ColorMatrix color, ref SampleRandom random)
    {
        if (random.NextDouble() < P)
            geometry = geometry.FlipHorizontally();
    }
}

/// <summary>
/// Mirrors samples, top for bottom: for images that have no up and down, such as those taken from above.
/// </summary>
/// <param name="P">The share of the samples that are mirrored, 0 to 1; by default 0.5, as in torchvision.</param>
/// <exception cref="ArgumentOutOfRangeException">Not 0 to 1.</exception>
public sealed record RandomVerticalFlip(double P = 0.5) : SampleTransform
{
    /// <summary>The share of the samples that are mirrored.</summary>
    public double P { get; init => field = Probability(value, nameof(P)); } = Probability(P, nameof(P));

    internal override void Draw(ref SampleGeometry geometry, ref ColorMatrix color, ref SampleRandom random)
    {
        if (random.NextDouble() < P)
            geometry = geometry.FlipVertically();
    }
}
