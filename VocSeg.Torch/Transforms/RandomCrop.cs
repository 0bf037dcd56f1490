namespace VocSeg.Torch;

/// <summary>
/// Cuts a part of a fixed size out, at a place that is drawn: every place is as likely as any other. Smaller samples
/// are left out, unless a <see cref="PadIfSmaller"/> stands before it.
/// </summary>
/// <param name="Size">Height and width of the crop.</param>
/// <param name="CatMaxRatio">
/// The share that no class may reach, above 0 to 1; by default 1, which takes any place.
/// </param>
/// <exception cref="ArgumentException">The size has no pixels, or the share is out of its bounds.</exception>
public sealed record RandomCrop(ImageSize Size, double CatMaxRatio = 1) : SampleTransform
{
    /// <summary>
    /// How often a place is drawn where the label must meet a condition. The last one is taken as it is.
    /// </summary>
    internal const int MostDraws = 10;

    /// <summary>Height and width of the crop.</summary>
    public ImageSize Size { get; init => field = Framing.Require(value); } = Framing.Require(Size);

    /// <summary>
    /// The share of the crop's pixels that no class may reach, above 0 to 1; ignored pixels do not count. Where a class
    /// does, another place is drawn, up to 10 in all. By default 1, which takes the first place. MMSegmentation trains
    /// with 0.75 (its RandomCrop, cat_max_ratio).
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Not above 0, or above 1.</exception>
    public double CatMaxRatio { get; init => field = Share(value); } = Share(CatMaxRatio);

    /// <summary>
    /// The least share of the crop's pixels that must be of a class other than 0, 0 to 1. Where a crop has less,
    /// another place is drawn, up to 10 in all. By default 0, which takes the first place.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Not 0 to 1.</exception>
    public double MinForeground { get; init => field = Probability(value, nameof(MinForeground)); }

    internal override ImageSize? FixedSize => Size;

    internal override ImageSize? Needs => Size;

    internal override bool IsFraming => true;

    internal bool HasCondition => CatMaxRatio < 1 || MinForeground > 0;

    internal override ImageSize Smallest(ImageSize size) => Size;

    internal override ImageSize Largest(ImageSize size) => Size;

    internal override void Draw(ref SampleGeometry geometry, ref ColorMatrix color, ref SampleRandom random)
    {
        int rows = geometry.Output.Height - Size.Height + 1, columns = geometry.Output.Width - Size.Width + 1;
        geometry = geometry.Crop(random.Next(rows), random.Next(columns), Size);
    }

    /// <summary>Whether the label of a crop is as it should be.</summary>
    /// <param name="pixels">How many pixels each class has, by its index; ignored ones are not among them.</param>
    internal bool IsMetBy(ReadOnlySpan<int> pixels)
    {
        long counted = 0, most = 0;
        foreach (var count in pixels)
            (counted, most) = (counted + count, Math.Max(most, count));
        var isMixed = CatMaxRatio == 1 || (counted > 0 && most < CatMaxRatio * counted);
        return isMixed && counted - pixels[0] >= MinForeground * Size.Pixels;
    }

    private static double Share(double value) => value is > 0 and <= 1
        ? value
        : throw new ArgumentOutOfRangeException(
            nameof(CatMaxRatio), $"CatMaxRatio is above 0 to 1; {value} was given.");
}
