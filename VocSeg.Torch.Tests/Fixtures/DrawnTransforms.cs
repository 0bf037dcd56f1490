namespace VocSeg.Torch.Tests;

/// <summary>Scales a sample, by 0.5 to 2 and by factors of their own for height and width.</summary>
internal sealed record DrawnScale : SampleTransform
{
    internal override bool ChangesSize => true;

    internal override ImageSize Smallest(ImageSize size) => Scaled(size, 0.5, 0.5);

    internal override ImageSize Largest(ImageSize size) => Scaled(size, 2, 2);

    internal override void Draw(ref SampleGeometry geometry, ref ColorMatrix color, ref SampleRandom random) =>
        geometry = geometry.Stretch(
            0, 0, geometry.Output, Scaled(geometry.Output, random.Between(0.5, 2), random.Between(0.5, 2)));

    private static ImageSize Scaled(ImageSize size, double down, double across) =>
        new((int)(size.Height * down), (int)(size.Width * across));
}

/// <summary>Flips a sample, or not.</summary>
internal sealed record DrawnFlip : SampleTransform
{
    internal override void Draw(ref SampleGeometry geometry, ref ColorMatrix color, ref SampleRandom random)
    {
        if (random.Next(2) == 0)
            geometry = geometry.FlipHorizontally();
        if (random.Next(2) == 0)
            geometry = geometry.FlipVertically();
    }
}

/// <summary>Turns a sample by any angle and moves it by a few pixels.</summary>
internal sealed record DrawnTurn : SampleTransform
{
    internal override void Draw(ref SampleGeometry geometry, ref ColorMatrix color, ref SampleRandom random)
    {
        var (sin, cos) = Math.SinCos(random.Between(0, 2 * Math.PI));
        geometry = geometry.Turn(cos, -sin, sin, cos, random.Between(-5, 5), random.Between(-5, 5));
    }
}

/// <summary>Changes the colours of a sample.</summary>
internal sealed record DrawnColor : SampleTransform
{
    internal override void Draw(ref SampleGeometry geometry, ref ColorMatrix color, ref SampleRandom random)
    {
        color = color.Then(ColorMatrix.Brightness(random.Between(0.5, 1.5)));
        color = color.Then(ColorMatrix.Saturation(random.Between(0, 1.5)));
        color = color.Then(ColorMatrix.Hue(random.Between(-18, 18)));
    }
}
