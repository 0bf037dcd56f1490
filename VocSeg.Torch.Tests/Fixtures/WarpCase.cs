using CsCheck;

namespace VocSeg.Torch.Tests;

/// <summary>A map, a change of colours and a form that a test tries.</summary>
/// <param name="Map">The map.</param>
/// <param name="Color">The change of colours.</param>
/// <param name="Frame">The size of the batch, at least that of the map's output.</param>
/// <param name="Channels">What images hold.</param>
/// <param name="LabelForm">What labels hold.</param>
/// <param name="Seed">What pixels and class indices are drawn from.</param>
internal sealed record WarpCase(
    SampleGeometry Map, ColorMatrix Color, ImageSize Frame, ImageChannels Channels, LabelForm LabelForm, int Seed)
{
    private static readonly SegmentationPalette TwoClasses =
        new([new(0, 0, 0), new(255, 255, 255)], ["background", "cell"]) { IgnoreColors = [new(224, 224, 192)] };

    private static readonly Gen<int> Length = Gen.Frequency<int>((20, Gen.Int[1, 48]), (1, Gen.Int[49, 600]));

    private static readonly Gen<ImageSize> Size =
        Gen.Select(Length, Length, (height, width) => new ImageSize(height, width));

    // Sizes at which a pixel's centre falls upon a border are as frequent as others.
    private static readonly Gen<double> Factor = Gen.OneOf<double>(
        Gen.Double[-3, 3].Select(power => Math.Pow(2, power)), Gen.OneOf(0.125, 0.25, 0.5, 1, 1.5, 2, 3, 8));

    private static readonly Gen<double> Sign = Gen.OneOf(-1.0, 1.0);

    /// <summary>Where the middle of the output comes from, in lengths of the stored sample.</summary>
    private static readonly Gen<double> Middle = Gen.Frequency<double>(
        (4, Gen.Double[0.2, 0.8]), (2, Gen.Double[-0.3, 1.3]), (1, Gen.Double[-3, 4]));

    private static readonly Gen<(double XX, double XY, double YX, double YY)> Moved =
        Gen.Select(Sign, Sign, (x, y) => (x, 0.0, 0.0, y));

    private static readonly Gen<(double XX, double XY, double YX, double YY)> Scaled =
        Gen.Select(Factor, Factor, Sign, Sign, (x, y, flipX, flipY) => (x * flipX, 0.0, 0.0, y * flipY));

    private static readonly Gen<(double XX, double XY, double YX, double YY)> Turned = Gen.Select(
        Gen.OneOf<double>(Gen.Double[-180, 180], Gen.OneOf(0.0, 45, 90, 180)), Factor, Gen.Double[-0.7, 0.7], Sign,
        (degrees, factor, shear, flip) =>
        {
            var (sin, cos) = Math.SinCos(degrees * Math.PI / 180);
            return (
                flip * factor * cos, factor * (shear * cos - sin), flip * factor * sin, factor * (shear * sin + cos));
        });

    private static readonly Gen<ColorMatrix> Recolored = Gen.Select(
        Gen.Double[0.5, 1.5], Gen.Double[0.5, 1.5], Gen.Double[0, 1.5], Gen.Double[-18, 18], Gen.Double[-32, 32],
        (brightness, contrast, saturation, hue, offset) => ColorMatrix.Brightness(brightness)
            .Then(ColorMatrix.Offset(offset))
            .Then(ColorMatrix.Saturation(saturation))
            .Then(ColorMatrix.Hue(hue))
            .Then(ColorMatrix.Contrast(contrast)));

    private static readonly Gen<ColorMatrix> Colors = Gen.Frequency<ColorMatrix>(
        (1, Gen.Const(ColorMatrix.Identity)), (2, Recolored));

    internal static readonly Gen<WarpCase> Any = Gen.Select(
        Gen.Select(
            Gen.OneOf<(double, double, double, double)>(Moved, Scaled, Turned), Size, Size, Middle, Middle,
            Gen.OneOf(0.0, 0.5, 1), Place),
        Colors,
        Gen.Select(Gen.Int[0, 20], Gen.Int[0, 20], Gen.Bool, (down, right, isSame) => isSame ? (0, 0) : (down, right)),
        Gen.OneOf(ImageChannels.Rgb, ImageChannels.Gray),
        Gen.OneOf(LabelForm.ClassIndex, LabelForm.Mask),
        Gen.Int[0, 1_000_000],
        (map, color, more, channels, form, seed) => new WarpCase(
            map, color, new(map.Output.Height + more.Item1, map.Output.Width + more.Item2), channels, form, seed));

    internal static readonly Gen<WarpCase> Small = Any.Where(sample =>
        sample.Map.Source is { Height: < 49, Width: < 49 } && sample.Frame is { Height: < 49, Width: < 49 });

    /// <summary>
    /// The same with images that are reduced, whose rest lies before the first or behind the last pixel.
    /// </summary>
    internal static Gen<WarpCase> Reduced(Gen<WarpCase> cases) => Gen.Select(
        cases.Where(sample => !sample.Map.IsMoved), Gen.Int[0, 3], Gen.Bool, Gen.Bool,
        (sample, halvings, fromLower, fromLast) =>
        {
            var (size, reduction) = (sample.Map.Source, new ImageReduction(halvings));
            var reduced = reduction.Reduce(size);
            return sample with
            {
                Image = new(
                    reduced, reduction, fromLower ? reduced.Height - (double)size.Height / reduction.Divisor : 0,
                    fromLast ? reduced.Width - (double)size.Width / reduction.Divisor : 0),
            };
        });

    /// <summary>Where the image's pixels lie in the sample.</summary>
    internal ImageGrid Image { get; init; } = new(Map.Source);

    internal VocSegDatasetOptions Options => new()
    {
        Channels = Channels,
        LabelForm = LabelForm,
        Palette = PaletteOf(LabelForm),
    };

    internal static SegmentationPalette PaletteOf(LabelForm form) =>
        form == LabelForm.Mask ? TwoClasses : SegmentationPalette.Voc;

    /// <summary>
    /// Four bytes for each pixel of the image, of which the fourth is noise, and a class index or the ignore index for
    /// each of the sample.
    /// </summary>
    internal (byte[] Pixels, byte[] Classes) Sample()
    {
        var random = new Random(Seed);
        var pixels = new byte[4 * Image.Size.Pixels];
        random.NextBytes(pixels);
        var (count, ignored) = (Options.Palette.ClassCount, Options.Palette.IgnoreIndex);
        var classes = new byte[Map.Source.Pixels];
        for (var at = 0; at < classes.Length; at++)
        {
            var index = random.Next(count + 1);
            classes[at] = index < count ? (byte)index : ignored;
        }
        return (pixels, classes);
    }

    private static SampleGeometry Place(
        (double XX, double XY, double YX, double YY) map, ImageSize source, ImageSize output, double middleX,
        double middleY, double grid)
    {
        var x0 = middleX * source.Width - (map.XX * output.Width + map.XY * output.Height) / 2;
        var y0 = middleY * source.Height - (map.YX * output.Width + map.YY * output.Height) / 2;
        return new(source, output)
        {
            XX = map.XX,
            XY = map.XY,
            X0 = grid == 0 ? x0 : Math.Round(x0 / grid) * grid,
            YX = map.YX,
            YY = map.YY,
            Y0 = grid == 0 ? y0 : Math.Round(y0 / grid) * grid,
        };
    }
}
