namespace VocSeg.Torch;

/// <summary>
/// Scales samples by a factor that is drawn, every one within the bounds as likely as any other. Both sides are
/// multiplied and rounded to whole pixels. The bounds are the usual ones of training on VOC, as in MMSegmentation's
/// RandomResize with ratio_range (0.5, 2.0) and keep_ratio; there they scale a fixed size, here the sample's own.
/// </summary>
/// <remarks>A shrunk image is not smoothed before (no antialiasing), so that all geometry is one pass.</remarks>
/// <param name="Low">The smallest factor, from 0.01; by default 0.5.</param>
/// <param name="High">The largest factor, to 100 and not below the smallest; by default 2.</param>
/// <exception cref="ArgumentOutOfRangeException">Not 0.01 to 100, or the smallest is above the largest.</exception>
public sealed record RandomScale(double Low = 0.5, double High = 2) : SampleTransform
{
    /// <summary>The smallest factor.</summary>
    public double Low { get; init => field = Bounds((value, High), nameof(Low)).Low; } = Bounds(
        (Low, High), nameof(Low)).Low;

    /// <summary>The largest factor.</summary>
    public double High { get; init => field = Bounds((Low, value), nameof(High)).High; } = High;

    internal override bool ChangesSize => true;

    internal override ImageSize Smallest(ImageSize size) => Scaled(size, Low);

    internal override ImageSize Largest(ImageSize size) => Scaled(size, High);

    internal override void Draw(ref SampleGeometry geometry, ref ColorMatrix color, ref SampleRandom random)
    {
        var size = Scaled(geometry.Output, random.Between(Low, High));
        geometry = geometry.Stretch(0, 0, geometry.Output, size);
    }

    private static ImageSize Scaled(ImageSize size, double factor) =>
        Fit.Rounded(size.Height * factor, size.Width * factor);

    private static (double Low, double High) Bounds((double Low, double High) bounds, string name) =>
        Range(bounds, 0.01, 100, name);
}
