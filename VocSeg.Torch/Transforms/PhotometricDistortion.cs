namespace VocSeg.Torch;

/// <summary>
/// Changes brightness, contrast, saturation and hue, each in half of the samples and by an amount that is drawn; labels
/// stay. Contrast comes second or last, as often the one as the other. Order, probabilities and ranges are those of
/// MMSegmentation's PhotoMetricDistortion, which trains most of its models with it.
/// </summary>
/// <remarks>
/// All of it is one linear map of red, green and blue, clamped to 0..255 once at its end; MMSegmentation clamps and
/// truncates after each step. Brightness adds and contrast multiplies, as there. Saturation moves colours away from
/// their luma and hue turns them about the axis of gray in the YIQ space, where MMSegmentation changes S and H of HSV.
/// </remarks>
public sealed record PhotometricDistortion : SampleTransform
{
    /// <summary>The most that is added to levels of 0 to 255, or taken away, 0 to 255. By default 32.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not 0 to 255.</exception>
    public double Brightness { get; init => field = Within(value, 0, 255, nameof(Brightness)); } = 32;

    /// <summary>The smallest and the largest factor of levels, within 0 to 100. By default (0.5, 1.5).</summary>
    /// <exception cref="ArgumentOutOfRangeException">Out of these bounds, or low is above high.</exception>
    public (double Low, double High) Contrast
    {
        get;
        init => field = Range(value, 0, 100, nameof(Contrast));
    } = (0.5, 1.5);

    /// <summary>
    /// The smallest and the largest factor of a colour's distance from its luma, within 0 to 100. By default (0.5,
    /// 1.5).
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Out of these bounds, or low is above high.</exception>
    public (double Low, double High) Saturation { get; init => field = Range(value, 0, 100, nameof(Saturation)); } =
        (0.5, 1.5);

    /// <summary>
    /// The largest turn of the hue in either direction, 0 to 180 degrees. By default 36, which is MMSegmentation's 18:
    /// OpenCV counts in steps of two degrees.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Not 0 to 180.</exception>
    public double HueDegrees { get; init => field = Within(value, 0, 180, nameof(HueDegrees)); } = 36;

    internal override void Draw(ref SampleGeometry geometry, ref ColorMatrix color, ref SampleRandom random)
    {
        // All are drawn, taken or not: another range then changes only what it bounds.
        var brightness = Half(ColorMatrix.Offset(random.Between(-Brightness, Brightness)), ref random);
        var contrast = Half(ColorMatrix.Brightness(random.Between(Contrast.Low, Contrast.High)), ref random);
        var saturation = Half(ColorMatrix.Saturation(random.Between(Saturation.Low, Saturation.High)), ref random);
        var hue = Half(ColorMatrix.Hue(random.Between(-HueDegrees, HueDegrees)), ref random);
        var isContrastLast = random.Next(2) == 0;
        color = color.Then(brightness);
        if (!isContrastLast)
            color = color.Then(contrast);
        color = color.Then(saturation);
        color = color.Then(hue);
        if (isContrastLast)
            color = color.Then(contrast);

        static ColorMatrix Half(ColorMatrix change, ref SampleRandom random) =>
            random.Next(2) == 0 ? change : ColorMatrix.Identity;
    }
}
