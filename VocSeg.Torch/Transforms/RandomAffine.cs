namespace VocSeg.Torch;

/// <summary>
/// Turns samples about their middle by an angle that is drawn, every one within the bounds as likely as any other. The
/// size stays; corners are cut off, and what comes in from outside has the mean colour and the ignore index. As
/// torchvision's RandomRotation without expand: angles above 0 turn counter-clockwise.
/// </summary>
/// <param name="Degrees">The largest angle in either direction, 0 to 180 degrees.</param>
/// <exception cref="ArgumentOutOfRangeException">Not 0 to 180.</exception>
public sealed record RandomRotation(double Degrees) : SampleTransform
{
    /// <summary>The largest angle in either direction, in degrees.</summary>
    public double Degrees { get; init => field = Within(value, 0, 180, nameof(Degrees)); } =
        Within(Degrees, 0, 180, nameof(Degrees));

    internal override void Draw(ref SampleGeometry geometry, ref ColorMatrix color, ref SampleRandom random) =>
        geometry = Turn(geometry, random.Between(-Degrees, Degrees));

    /// <summary>Turns counter-clockwise.</summary>
    internal static SampleGeometry Turn(in SampleGeometry geometry, double degrees) =>
        RandomAffine.Move(geometry, -degrees, 0, 0, 1, (0, 0));
}

/// <summary>
/// Turns, moves, scales and shears samples about their middle by amounts that are drawn, each within its bounds and
/// every value as likely as any other. The size stays; what comes in from outside has the mean colour and the ignore
/// index. As torchvision's RandomAffine: angles above 0 turn clockwise, and the sample is sheared first, then turned
/// and scaled, then moved by whole pixels.
/// </summary>
/// <param name="Degrees">The largest angle in either direction, 0 to 180 degrees.</param>
/// <exception cref="ArgumentOutOfRangeException">Not 0 to 180.</exception>
public sealed record RandomAffine(double Degrees) : SampleTransform
{
    /// <summary>All four amounts.</summary>
    /// <param name="degrees">See <see cref="Degrees"/>.</param>
    /// <param name="translate">See <see cref="Translate"/>.</param>
    /// <param name="scale">See <see cref="Scale"/>.</param>
    /// <param name="shear">See <see cref="Shear"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">One is out of its bounds.</exception>
    public RandomAffine(
        double degrees, (double X, double Y) translate, (double Low, double High) scale, (double X, double Y) shear)
        : this(degrees) => (Translate, Scale, Shear) = (translate, scale, shear);

    /// <summary>The largest angle in either direction, in degrees.</summary>
    public double Degrees { get; init => field = Within(value, 0, 180, nameof(Degrees)); } =
        Within(Degrees, 0, 180, nameof(Degrees));

    /// <summary>
    /// How far a sample is moved at most, to either side and up or down, as shares of its width and its height, 0 to 1.
    /// By default (0, 0).
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Not 0 to 1.</exception>
    public (double X, double Y) Translate
    {
        get;
        init => field = (Within(value.X, 0, 1, nameof(Translate)), Within(value.Y, 0, 1, nameof(Translate)));
    }

    /// <summary>The smallest and the largest factor, within 0.01 to 100. By default (1, 1), no change.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Out of these bounds, or low is above high.</exception>
    public (double Low, double High) Scale { get; init => field = Range(value, 0.01, 100, nameof(Scale)); } = (1, 1);

    /// <summary>
    /// The largest angles of shear in either direction, along rows (X) and along columns (Y), from 0 to below 90
    /// degrees. By default (0, 0). torchvision's single number is X alone.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Not from 0 to 89.</exception>
    public (double X, double Y) Shear
    {
        get;
        init => field = (Within(value.X, 0, 89, nameof(Shear)), Within(value.Y, 0, 89, nameof(Shear)));
    }

    internal override void Draw(ref SampleGeometry geometry, ref ColorMatrix color, ref SampleRandom random)
    {
        // All are drawn whatever the bounds are: another bound then changes only what it bounds.
        var degrees = random.Between(-Degrees, Degrees);
        var moveX = Math.Round(random.Between(-Translate.X, Translate.X) * geometry.Output.Width);
        var moveY = Math.Round(random.Between(-Translate.Y, Translate.Y) * geometry.Output.Height);
        var scale = random.Between(Scale.Low, Scale.High);
        var shear = (random.Between(-Shear.X, Shear.X), random.Between(-Shear.Y, Shear.Y));
        geometry = Move(geometry, degrees, moveX, moveY, scale, shear);
    }

    /// <summary>Shears along rows, then along columns; turns clockwise and scales; then moves.</summary>
    internal static SampleGeometry Move(
        in SampleGeometry geometry, double degrees, double moveX, double moveY, double scale,
        (double X, double Y) shear)
    {
        var (sin, cos) = Math.SinCos(degrees * Math.PI / 180);
        double shearX = -Math.Tan(shear.X * Math.PI / 180), shearY = -Math.Tan(shear.Y * Math.PI / 180);
        // Turned by the angle after both shears: (cos, -sin; sin, cos) * (1, 0; shearY, 1) * (1, shearX; 0, 1).
        double xx = cos - sin * shearY, yx = sin + cos * shearY;
        double xy = xx * shearX - sin, yy = yx * shearX + cos;
        // Its determinant is 1.
        return geometry.Turn(yy / scale, -xy / scale, -yx / scale, xx / scale, moveX, moveY);
    }
}
