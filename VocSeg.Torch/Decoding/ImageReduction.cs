namespace VocSeg.Torch;

/// <summary>By what the sides of a JPEG are divided while it is decoded: 1, 2, 4 or 8.</summary>
/// <param name="Halvings">How often the sides are halved, 0 to 3.</param>
internal readonly record struct ImageReduction(int Halvings)
{
    /// <summary>libjpeg-turbo decodes at every eighth, but only these pay.</summary>
    private const int MostHalvings = 3;

    /// <summary>
    /// TurboJPEG 2 is told a size, and below the side of a block several numbers of eighths come to the same.
    /// </summary>
    private const int LeastSide = 8;

    internal int Divisor => 1 << Halvings;

    internal bool IsWhole => Halvings == 0;

    /// <summary>The strongest one after which an image still has to shrink, and not to grow.</summary>
    /// <param name="size">The size of the whole image.</param>
    /// <param name="step">How many of its pixels lie from one wanted pixel to the next, where they lie closest.</param>
    internal static ImageReduction Of(ImageSize size, double step)
    {
        var halvings = 0;
        while (halvings < MostHalvings && step >= 2 << halvings && size.Holds(new(LeastSide, LeastSide)))
            halvings++;
        return new(halvings);
    }

    /// <summary>The size that an image is decoded in: the last row or column may be a part of one.</summary>
    internal ImageSize Reduce(ImageSize size) =>
        new((size.Height + Divisor - 1) >> Halvings, (size.Width + Divisor - 1) >> Halvings);
}
