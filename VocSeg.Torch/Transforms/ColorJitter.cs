namespace VocSeg.Torch;

/// <summary>
/// Changes brightness, contrast, saturation and hue by amounts that are drawn, in an order that is drawn; labels stay.
/// The arguments and their ranges are those of torchvision's ColorJitter.
/// </summary>
/// <remarks>
/// <para>
/// All of it is one linear map of red, green and blue, clamped to 0..255 once at its end. Brightness and saturation are
/// torchvision's (it clamps and rounds after each step, and takes 0.2989 for 0.299). Contrast moves levels away from
/// the fixed level 128, torchvision from the mean luma of the image. Hue turns colours about the axis of gray in the
/// YIQ space, torchvision in HSV: like angles give like hues, but here luma stays and strong colours may clamp.
/// </para>
/// <para>The model is that of DALI's ColorTwist.</para>
/// </remarks>
/// <param name="Brightness">
/// From 0: the factor is drawn from max(0, 1 - Brightness) to 1 + Brightness. By default 0, no change.
/// </param>
/// <param name="Contrast">From 0: the factor is drawn in the same way. By default 0, no change.</param>
/// <param name="Saturation">From 0: the factor is drawn in the same way. By default 0, no change.</param>
/// <param name="Hue">
/// 0 to 0.5: the share of a full turn is drawn from -Hue to Hue. By default 0, no change.
/// </param>
/// <exception cref="ArgumentOutOfRangeException">An amount is out of its range.</exception>
public sealed record ColorJitter(double Brightness = 0, double Contrast = 0, double Saturation = 0, double Hue = 0)
    : SampleTransform
{
    private const double Most = 100;

    /// <summary>How far the factor of brightness may be from 1, 0 to 100.</summary>
    public double Brightness { get; init => field = Within(value, 0, Most, nameof(Brightness)); } =
        Within(Brightness, 0, Most, nameof(Brightness));

    /// <summary>How far the factor of contrast may be from 1, 0 to 100.</summary>
    public double Contrast { get; init => field = Within(value, 0, Most, nameof(Contrast)); } =
        Within(Contrast, 0, Most, nameof(Contrast));

    /// <summary>How far the factor of saturation may be from 1, 0 to 100.</summary>
    public double Saturation { get; init => field = Within(value, 0, Most, nameof(Saturation)); } =
        Within(Saturation, 0, Most, nameof(Saturation));

    /// <summary>The largest share of a full turn in either direction, 0 to 0.5.</summary>
    public double Hue { get; init => field = Within(value, 0, 0.5, nameof(Hue)); } = Within(Hue, 0, 0.5, nameof(Hue));

    internal override void Draw(ref SampleGeometry geometry, ref ColorMatrix color, ref SampleRandom random)
    {
        // All are drawn whatever the amounts are: another amount then changes only what it bounds.
        ReadOnlySpan<ColorMatrix> changes =
        [
            ColorMatrix.Brightness(Factor(Brightness, ref random)),
            ColorMatrix.Contrast(Factor(Contrast, ref random)),
            ColorMatrix.Saturation(Factor(Saturation, ref random)),
            ColorMatrix.Hue(360 * random.Between(-Hue, Hue)),
        ];
        Span<int> order = [0, 1, 2, 3];
        for (var last = order.Length - 1; last > 0; last--)
        {
            var other = random.Next(last + 1);
            (order[last], order[other]) = (order[other], order[last]);
        }
        foreach (var change in order)
            color = color.Then(changes[change]);

        static double Factor(double amount, ref SampleRandom random) =>
            random.Between(Math.Max(0, 1 - amount), 1 + amount);
    }
}
