namespace VocSeg.Torch;

/// <summary>
/// Cuts a part of drawn area, ratio and place out and stretches it to a fixed size: torchvision's RandomResizedCrop. Up
/// to 10 parts are drawn until one lies within the sample; after those the largest part in the middle whose ratio is
/// within the bounds is taken. No sample is too small for it.
/// </summary>
/// <remarks>The part is not smoothed where it shrinks; torchvision does so by default (antialias).</remarks>
/// <param name="Size">Height and width of what comes out.</param>
/// <exception cref="ArgumentException">The size has no pixels.</exception>
public sealed record RandomResizedCrop(ImageSize Size) : SampleTransform
{
    private const int MostDraws = 10;

    /// <summary>With bounds of the area and the ratio.</summary>
    /// <param name="size">See <see cref="Size"/>.</param>
    /// <param name="scale">See <see cref="Scale"/>.</param>
    /// <param name="ratio">See <see cref="Ratio"/>.</param>
    /// <exception cref="ArgumentException">One is out of its bounds, or the size has no pixels.</exception>
    public RandomResizedCrop(ImageSize size, (double Low, double High) scale, (double Low, double High) ratio)
        : this(size) => (Scale, Ratio) = (scale, ratio);

    /// <summary>Height and width of what comes out.</summary>
    public ImageSize Size { get; init => field = Framing.Require(value); } = Framing.Require(Size);

    /// <summary>
    /// The smallest and the largest area as shares of the sample's, above 0 to 1; every one between is as likely. By
    /// default (0.08, 1), torchvision's. That was made for classification: for segmentation (0.25, 1) is more usual.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Out of these bounds, or low is above high.</exception>
    public (double Low, double High) Scale { get; init => field = Range(value, 1e-6, 1, nameof(Scale)); } = (0.08, 1);

    /// <summary>
    /// The smallest and the largest width by height, within 0.01 to 100; their logarithm is drawn evenly. By default
    /// (3/4, 4/3), torchvision's.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Out of these bounds, or low is above high.</exception>
    public (double Low, double High) Ratio { get; init => field = Range(value, 0.01, 100, nameof(Ratio)); } =
        (3.0 / 4, 4.0 / 3);

    internal override ImageSize? FixedSize => Size;

    internal override bool IsFraming => true;

    internal override ImageSize Smallest(ImageSize size) => Size;

    internal override ImageSize Largest(ImageSize size) => Size;

    internal override void Draw(ref SampleGeometry geometry, ref ColorMatrix color, ref SampleRandom random)
    {
        var (top, left, part) = Part(geometry.Output, ref random);
        geometry = geometry.Stretch(top, left, part, Size);
    }

    private (int Top, int Left, ImageSize Part) Part(ImageSize size, ref SampleRandom random)
    {
        for (var draw = 0; draw < MostDraws; draw++)
        {
            var area = size.Pixels * random.Between(Scale.Low, Scale.High);
            var ratio = Math.Exp(random.Between(Math.Log(Ratio.Low), Math.Log(Ratio.High)));
            var (height, width) = ((int)Math.Round(Math.Sqrt(area / ratio)), (int)Math.Round(Math.Sqrt(area * ratio)));
            if (height > 0 && width > 0 && height <= size.Height && width <= size.Width)
                return (random.Next(size.Height - height + 1), random.Next(size.Width - width + 1), new(height, width));
        }
        var part = ((double)size.Width / size.Height) switch
        {
            var own when own < Ratio.Low => new ImageSize(AtLeastOne(size.Width / Ratio.Low), size.Width),
            var own when own > Ratio.High => new(size.Height, AtLeastOne(size.Height * Ratio.High)),
            _ => size,
        };
        return ((size.Height - part.Height) / 2, (size.Width - part.Width) / 2, part);

        static int AtLeastOne(double length) => Math.Max(1, (int)Math.Round(length));
    }
}
