using System.Collections.Immutable;
using SkiaSharp;

namespace SyntheticVoc;

/// <summary>What one sample is to show: its main object, and others of the set's classes that go with it.</summary>
internal sealed record SamplePlan(
    ulong Seed, (int Height, int Width) Size, ClassLook Main, ImmutableArray<ClassLook> Classes)
{
    // Multiples of these two fill a square evenly however few are taken (Roberts, "The unreasonable effectiveness of
    // quasirandom sequences"), so that a small split has sizes and classes in their shares too.
    private const double SizeStep = 0.7548776662466927;
    private const double ClassStep = 0.5698402909980532;

    // The sizes of VOC 2012's 2913 segmentation images, condensed: neighbours are counted to the commonest of them.
    // Share in thousandths. First those that hold a crop 320 high and 480 wide (760), then those that do not.
    private static readonly (int Width, int Height, int Share)[] Sizes =
    [
        (500, 375, 430), (500, 333, 165), (500, 334, 30), (500, 332, 30), (500, 335, 15), (500, 400, 15),
        (500, 338, 15), (500, 500, 10), (500, 357, 10), (500, 327, 10), (500, 388, 10), (500, 413, 10), (480, 360, 10),
        (375, 500, 112), (333, 500, 48), (334, 500, 12), (400, 500, 6), (500, 281, 14), (500, 313, 12), (500, 297, 8),
        (500, 274, 6), (400, 300, 8), (320, 240, 6), (336, 448, 4), (448, 299, 4),
    ];

    internal static SamplePlan For(SyntheticVocOptions options, int index)
    {
        var place = index < options.Train ? index : index - options.Train;
        double Fraction(double step) => (0.5 + step * (place + 1)) % 1;
        var classes = ClassLook.ForSetOf(options.Train + options.Val);
        var main = At(classes, look => look.Weight, Fraction(ClassStep));
        var size = At(Sizes, size => size.Share, Fraction(SizeStep));
        var seed = SeededRandom.Mix((uint)options.Seed, (uint)index);
        return new(seed, options.Size ?? (size.Height, size.Width), main, classes);
    }

    /// <summary>What stands at a place, 0 to 1, when everything takes room by its weight.</summary>
    internal static T At<T>(IReadOnlyList<T> choices, Func<T, int> weight, double place)
    {
        var left = place * choices.Sum(weight);
        return choices.First(choice => (left -= weight(choice)) < 0);
    }
}

/// <summary>Composes an image and its label: backdrop, objects from far to near, camera.</summary>
internal static class Scene
{
    /// <summary>The image, and one class index a pixel in rows without padding.</summary>
    internal static (SKBitmap Image, byte[] Labels) Paint(SamplePlan plan)
    {
        var (height, width) = plan.Size;
        var random = new SeededRandom(plan.Seed);
        var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        using var classes = new SKBitmap(new SKImageInfo(width, height, SKColorType.Alpha8));
        classes.Erase(SKColors.Transparent);
        using SKCanvas image = new(bitmap), label = new(classes);

        var places = Enum.GetValues<Places>().Where(place => plan.Main.Places.HasFlag(place)).ToArray();
        var place = places[(int)(random.Unit() * places.Length)];
        var pixels = Math.Max(width, height) / Backdrop.LongestSide;
        image.Scale(pixels);
        var ground = new Backdrop(image, width / pixels, height / pixels, random).Paint(place) * pixels;
        image.ResetMatrix();
        foreach (var figure in ChooseFigures(plan, place, ground, random).OrderBy(one => one.Centre.Y + one.Scale))
            figure.Paint(image, label, random);

        // A camera adds exposure and grain; squared, as most images have little of it and a few much.
        var (exposure, strength, bits) = (random.Between(0.9f, 1.12f), random.Unit(), 0u);
        var grain = (2.2f + 29 * strength * strength) / 256;
        var rgba = bitmap.GetPixelSpan();
        for (var at = 0; at < rgba.Length; at++)
        {
            // Two bytes are common to the channels of a pixel, one is a channel's own.
            bits = at % 4 == 0 ? random.NextSeed() : bits;
            var noise = (byte)(bits >> 24) + (byte)(bits >> 16) - 255 + 0.75f * ((byte)(bits >> 8 * (at % 4)) - 127);
            rgba[at] = (byte)Math.Clamp(rgba[at] * exposure + noise * grain + 0.5f, 0, 255);
        }
        return (bitmap, classes.Bytes);
    }

    private static Figure[] ChooseFigures(SamplePlan plan, Places place, float ground, SeededRandom random)
    {
        var (height, width) = plan.Size;
        var around = plan.Classes.Where(look => look.Places.HasFlag(place)).ToArray();
        var figures = new Figure[1 + (int)(random.Unit() * 4)];
        for (var i = 0; i < figures.Length; i++)
        {
            var look = i == 0 ? plan.Main : SamplePlan.At(around, look => look.Weight, random.Unit());
            var centreX = width * (i + random.Between(0.2f, 0.8f)) / figures.Length;
            var inAir = place == Places.Air;
            var near = inAir ? 0 : random.Between(i == 0 ? 0.5f : 0.15f, 1);
            var share = inAir ? random.Between(0.25f, 0.6f) : (0.12f + 0.3f * near) * random.Between(0.85f, 1.15f);
            // Not all of the image, and enough pixels to be more than border.
            var most = Math.Min(0.45f * height, 0.5f * width / look.Reach);
            var scale = Math.Max(14, Math.Min(look.Height * height * share, most));
            var centreY = inAir ? height * random.Between(0.2f, 0.75f) : ground + near * (height - ground) - scale;
            figures[i] = new(look, new(centreX, centreY), scale, Stands: !inAir);
        }
        return figures;
    }
}
