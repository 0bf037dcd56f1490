using System.Collections.Immutable;
using static SyntheticVoc.Paint;
using static SyntheticVoc.Tone;

namespace SyntheticVoc;

/// <summary>
/// The looks of VOC's twenty classes. Colour and texture tell them apart, so that a small network can learn them from few
/// photos. The weights are the counts of training photos in the devkit, for person half of it: persons come beside other
/// objects too.
/// </summary>
internal static class ClassLooks
{
    // Few classes in a small set, or each would have too few photos to be learnt; these six differ the most.
    private const int SmallSet = 400;
    private static readonly byte[] SmallSetClasses = [15, 7, 8, 3, 6, 17];

    private static readonly ImmutableArray<ClassLook> All =
    [
        new(1, 88, Places.Air, 0.4f, Hsv(210, 0.05f, 0.92f), Hsv(222, 0.8f, 0.6f), Texture.Gloss, 0,
            [Box(0.1f, -0.1f, 0.75f, 0.1f, Body, 65), Ellipse(0, 0, 2.1f, 0.3f, Body), Box(-1.75f, -0.5f, 0.22f, 0.5f, Second, -20), Box(0.1f, 0.02f, 1.5f, 0.05f, Second),
             Box(0, 0.45f, 0.95f, 0.12f, Body, -35), Ellipse(0.2f, 0.55f, 0.28f, 0.15f, Dark), Ellipse(1.75f, -0.08f, 0.14f, 0.08f, Glass)]),
        new(2, 65, Places.Outside, 0.55f, Hsv(187, 0.85f, 0.8f), Hsv(187, 0.9f, 0.45f), Texture.Plain, 0,
            [Ring(-0.95f, 0.35f, 0.6f, 0.6f, Dark), Ring(0.95f, 0.35f, 0.6f, 0.6f, Dark), Box(-0.5f, 0.0f, 0.6f, 0.09f, Body, -52), Box(0.1f, -0.45f, 0.75f, 0.09f, Body),
             Box(0.35f, 0.05f, 0.72f, 0.09f, Body, -60), Box(0.85f, -0.2f, 0.75f, 0.08f, Second, 70), Box(-0.35f, 0.4f, 0.6f, 0.08f, Second), Ellipse(-0.35f, -0.75f, 0.3f, 0.1f, Dark), Box(0.65f, -0.9f, 0.28f, 0.07f, Dark)]),
        new(3, 105, Places.Air | Places.Meadow | Places.Water, 0.4f, Hsv(52, 0.9f, 0.95f), Hsv(40, 0.9f, 0.6f), Texture.Fur, 0.03f,
            [Ellipse(-1.1f, 0.3f, 0.6f, 0.16f, Second, -25), Box(-0.1f, 0.75f, 0.05f, 0.25f, Dark), Box(0.15f, 0.75f, 0.05f, 0.25f, Dark), Ellipse(0, 0.1f, 0.95f, 0.55f, Body, -15),
             Ellipse(0.75f, -0.5f, 0.42f, 0.4f, Body), Ellipse(1.2f, -0.45f, 0.22f, 0.1f, Dark), Ellipse(-0.2f, 0, 0.7f, 0.32f, Second, -25), Ellipse(0.88f, -0.58f, 0.07f, 0.07f, Dark)]),
        new(4, 78, Places.Water, 0.75f, Hsv(8, 0.75f, 0.45f), Hsv(30, 0.06f, 0.93f), Texture.Gloss, 0,
            [Box(-0.1f, -0.4f, 0.05f, 0.6f, Dark), Box(-0.35f, 0.1f, 0.65f, 0.38f, Second), Box(-0.35f, 0.02f, 0.55f, 0.14f, Glass), Ellipse(-0.6f, 0.62f, 0.9f, 0.34f, Body), Ellipse(0.5f, 0.5f, 1.1f, 0.3f, Body, -12), Box(0, 0.52f, 1.3f, 0.28f, Body), Box(0, 0.45f, 1.35f, 0.06f, Second, -3)]),
        new(5, 87, Places.Room, 0.45f, Hsv(155, 0.85f, 0.4f), Hsv(45, 0.35f, 0.9f), Texture.Gloss, 0,
            [Box(0, -0.65f, 0.12f, 0.35f, Body), Ellipse(0, -0.15f, 0.32f, 0.35f, Body), Box(0, 0.42f, 0.33f, 0.58f, Body), Box(0, 0.4f, 0.33f, 0.25f, Second), Box(0, -0.92f, 0.14f, 0.08f, Dark)]),
        new(6, 78, Places.Street, 1.35f, Hsv(222, 0.85f, 0.75f), Hsv(222, 0.3f, 0.95f), Texture.Gloss, 0,
            [Box(0, -0.05f, 1.7f, 0.9f, Body), Box(0, -0.35f, 1.58f, 0.3f, Glass), Box(-0.8f, -0.35f, 0.05f, 0.32f, Body), Box(0, -0.35f, 0.05f, 0.32f, Body), Box(0.8f, -0.35f, 0.05f, 0.32f, Body),
             Box(0, 0.2f, 1.68f, 0.08f, Second), Box(1.35f, 0.1f, 0.22f, 0.65f, Second), Ellipse(-1.0f, 0.75f, 0.25f, 0.25f, Dark), Ellipse(1.0f, 0.75f, 0.25f, 0.25f, Dark), Ellipse(1.0f, 0.75f, 0.11f, 0.11f, Light), Ellipse(-1.0f, 0.75f, 0.11f, 0.11f, Light)]),
        new(7, 128, Places.Street, 0.72f, Hsv(2, 0.9f, 0.78f), Hsv(2, 0.95f, 0.5f), Texture.Gloss, 0,
            [Ellipse(-0.1f, -0.25f, 1.15f, 0.7f, Body), Ellipse(-0.1f, -0.25f, 1.0f, 0.55f, Glass), Box(-0.1f, -0.4f, 0.07f, 0.5f, Body), Box(0, 0.25f, 1.9f, 0.42f, Body), Box(0, 0.5f, 1.85f, 0.12f, Second),
             Ellipse(-1.15f, 0.6f, 0.4f, 0.4f, Dark), Ellipse(1.15f, 0.6f, 0.4f, 0.4f, Dark), Ellipse(-1.15f, 0.6f, 0.2f, 0.2f, Light), Ellipse(1.15f, 0.6f, 0.2f, 0.2f, Light), Ellipse(1.75f, 0.15f, 0.12f, 0.1f, Light)]),
        new(8, 131, Places.Room | Places.Meadow, 0.55f, Hsv(26, 0.85f, 0.88f), Hsv(20, 0.85f, 0.5f), Texture.Stripes, 0.03f,
            [Ellipse(-1.0f, -0.1f, 0.14f, 0.75f, Second, -25), Ellipse(-0.2f, 0.4f, 0.85f, 0.55f, Body), Ellipse(0.35f, 0.75f, 0.16f, 0.28f, Body), Ellipse(-0.65f, 0.75f, 0.2f, 0.28f, Body),
             Box(0.38f, -0.75f, 0.16f, 0.22f, Second, -20), Box(0.86f, -0.75f, 0.16f, 0.22f, Second, 20), Ellipse(0.62f, -0.25f, 0.5f, 0.48f, Body), Ellipse(0.45f, -0.3f, 0.08f, 0.08f, Dark), Ellipse(0.8f, -0.3f, 0.08f, 0.08f, Dark), Ellipse(0.62f, -0.05f, 0.2f, 0.13f, Light)]),
        new(9, 148, Places.Room, 0.75f, Hsv(36, 0.6f, 0.78f), Hsv(36, 0.65f, 0.5f), Texture.Wood, 0,
            [Box(-0.45f, 0.6f, 0.08f, 0.4f, Second), Box(0.45f, 0.6f, 0.08f, 0.4f, Second), Box(-0.42f, -0.4f, 0.1f, 0.6f, Body), Box(-0.3f, -0.5f, 0.3f, 0.45f, Second), Box(0, 0.15f, 0.6f, 0.12f, Body)]),
        new(10, 64, Places.Meadow, 0.85f, Hsv(30, 0.08f, 0.92f), Hsv(25, 0.3f, 0.14f), Texture.Patches, 0.03f,
            [Box(-0.85f, 0.6f, 0.12f, 0.42f, Body), Box(0.55f, 0.6f, 0.12f, 0.42f, Body), Box(-0.1f, -0.05f, 1.15f, 0.52f, Body), Box(-0.6f, 0.6f, 0.12f, 0.4f, Body), Box(0.8f, 0.6f, 0.12f, 0.4f, Body),
             Ellipse(1.3f, -0.4f, 0.42f, 0.32f, Body, 35), Ellipse(1.5f, -0.2f, 0.2f, 0.18f, Skin), Ellipse(1.1f, -0.72f, 0.1f, 0.22f, Dark, 30)]),
        new(11, 82, Places.Room, 0.6f, Hsv(20, 0.7f, 0.42f), Hsv(20, 0.75f, 0.28f), Texture.Wood, 0,
            [Box(-1.2f, 0.4f, 0.12f, 0.6f, Second), Box(1.2f, 0.4f, 0.12f, 0.6f, Second), Ellipse(0, -0.35f, 1.7f, 0.42f, Body), Ellipse(-0.7f, -0.42f, 0.32f, 0.12f, Light), Ellipse(0.6f, -0.32f, 0.34f, 0.13f, Light), Ellipse(0.05f, -0.6f, 0.15f, 0.28f, Glass)]),
        new(12, 121, Places.Outside | Places.Room, 0.6f, Hsv(24, 0.6f, 0.36f), Hsv(30, 0.35f, 0.75f), Texture.Fur, 0.03f,
            [Ellipse(-1.05f, -0.25f, 0.1f, 0.45f, Body, -35), Box(-0.65f, 0.6f, 0.12f, 0.4f, Body), Box(0.4f, 0.6f, 0.12f, 0.4f, Second), Ellipse(-0.1f, 0.1f, 0.95f, 0.42f, Body), Box(0.6f, 0.6f, 0.12f, 0.4f, Body),
             Ellipse(0.75f, -0.45f, 0.42f, 0.4f, Body), Ellipse(1.1f, -0.3f, 0.3f, 0.2f, Second), Ellipse(0.5f, -0.45f, 0.16f, 0.35f, Dark, 15), Ellipse(1.35f, -0.35f, 0.09f, 0.08f, Dark)]),
        new(13, 68, Places.Meadow, 1.1f, Hsv(12, 0.75f, 0.4f), Hsv(15, 0.7f, 0.14f), Texture.Fur, 0.02f,
            [Ellipse(-1.1f, 0.1f, 0.16f, 0.6f, Second, 15), Box(-0.75f, 0.55f, 0.1f, 0.45f, Body), Box(0.5f, 0.55f, 0.1f, 0.45f, Body), Ellipse(-0.1f, -0.02f, 1.0f, 0.38f, Body), Box(-0.55f, 0.55f, 0.1f, 0.45f, Second), Box(0.68f, 0.55f, 0.1f, 0.45f, Second),
             Ellipse(0.85f, -0.4f, 0.55f, 0.24f, Body, -55), Ellipse(0.72f, -0.55f, 0.45f, 0.1f, Second, -55), Ellipse(1.25f, -0.7f, 0.38f, 0.17f, Body, 35)]),
        new(14, 81, Places.Street, 0.62f, Hsv(75, 0.9f, 0.75f), Hsv(0, 0, 0.25f), Texture.Gloss, 0,
            [Ring(-0.95f, 0.5f, 0.45f, 0.45f, Dark), Ring(0.95f, 0.5f, 0.45f, 0.45f, Dark), Box(0, 0.35f, 0.6f, 0.28f, Second), Ellipse(0.2f, -0.1f, 0.55f, 0.25f, Body), Ellipse(-0.55f, -0.15f, 0.5f, 0.15f, Dark, 10),
             Box(0.75f, 0.0f, 0.65f, 0.08f, Light, 60), Ellipse(0.95f, 0.1f, 0.35f, 0.16f, Body), Box(0.45f, -0.65f, 0.3f, 0.07f, Dark, 20), Ellipse(-1.0f, 0.1f, 0.35f, 0.13f, Body)]),
        new(15, 220, Places.Outside | Places.Room, 1, Hsv(322, 0.8f, 0.75f), Hsv(232, 0.65f, 0.32f), Texture.Cloth, 0.015f,
            [Box(-0.14f, 0.55f, 0.11f, 0.42f, Second, 4), Box(0.14f, 0.55f, 0.11f, 0.42f, Second, -4), Ellipse(-0.17f, 0.95f, 0.14f, 0.06f, Dark), Ellipse(0.2f, 0.95f, 0.14f, 0.06f, Dark), Box(0, -0.63f, 0.08f, 0.12f, Skin),
             Box(0, -0.2f, 0.27f, 0.38f, Body), Box(-0.33f, -0.2f, 0.085f, 0.36f, Body, 12), Box(0.33f, -0.2f, 0.085f, 0.36f, Body, -12), Ellipse(-0.41f, 0.18f, 0.07f, 0.09f, Skin), Ellipse(0.41f, 0.18f, 0.07f, 0.09f, Skin),
             Ellipse(0, -0.84f, 0.17f, 0.17f, Dark), Ellipse(0.02f, -0.79f, 0.13f, 0.17f, Skin)]),
        new(16, 82, Places.Room, 0.55f, Hsv(105, 0.8f, 0.5f), Hsv(14, 0.65f, 0.65f), Texture.Leaves, 0.06f,
            [Box(0, 0.65f, 0.35f, 0.35f, Second), Ellipse(-0.4f, -0.2f, 0.2f, 0.6f, Body, -35), Ellipse(0.4f, -0.2f, 0.2f, 0.6f, Body, 35), Ellipse(0, -0.4f, 0.22f, 0.6f, Body), Ellipse(-0.25f, 0.1f, 0.4f, 0.25f, Body), Ellipse(0.3f, 0.05f, 0.35f, 0.25f, Body), Box(0, 0.38f, 0.4f, 0.1f, Second)]),
        new(17, 63, Places.Meadow, 0.6f, Hsv(42, 0.12f, 0.93f), Hsv(30, 0.25f, 0.2f), Texture.Wool, 0.06f,
            [Box(-0.5f, 0.75f, 0.09f, 0.25f, Second), Box(0.45f, 0.75f, 0.09f, 0.25f, Second), Box(-0.3f, 0.75f, 0.09f, 0.25f, Second), Box(0.62f, 0.75f, 0.09f, 0.25f, Second), Ellipse(0, -0.05f, 1.05f, 0.65f, Body), Ellipse(1.0f, -0.4f, 0.32f, 0.26f, Second, 35), Ellipse(0.8f, -0.6f, 0.35f, 0.22f, Body)]),
        new(18, 93, Places.Room, 0.65f, Hsv(272, 0.6f, 0.55f), Hsv(272, 0.65f, 0.38f), Texture.Cloth, 0.01f,
            [Box(0, -0.2f, 1.6f, 0.6f, Second), Box(-0.75f, -0.1f, 0.72f, 0.5f, Body), Box(0.75f, -0.1f, 0.72f, 0.5f, Body), Box(0, 0.45f, 1.6f, 0.25f, Body), Box(-1.65f, 0.25f, 0.25f, 0.55f, Second), Box(1.65f, 0.25f, 0.25f, 0.55f, Second), Box(0, 0.74f, 1.7f, 0.2f, Dark)]),
        new(19, 83, Places.Outside, 1.15f, Hsv(172, 0.85f, 0.5f), Hsv(48, 0.75f, 0.92f), Texture.Gloss, 0,
            [Box(0, -0.05f, 2.8f, 0.75f, Body), Box(-0.3f, -0.3f, 2.2f, 0.22f, Glass), Box(-1.4f, -0.3f, 0.08f, 0.25f, Body), Box(-0.3f, -0.3f, 0.08f, 0.25f, Body), Box(0.8f, -0.3f, 0.08f, 0.25f, Body), Box(0, 0.15f, 2.78f, 0.09f, Second), Box(2.4f, -0.25f, 0.3f, 0.3f, Glass),
             Box(0, 0.7f, 2.6f, 0.22f, Dark), Ellipse(-2.0f, 0.8f, 0.2f, 0.2f, Dark), Ellipse(-1.4f, 0.8f, 0.2f, 0.2f, Dark), Ellipse(1.4f, 0.8f, 0.2f, 0.2f, Dark), Ellipse(2.0f, 0.8f, 0.2f, 0.2f, Dark)]),
        new(20, 84, Places.Room, 0.5f, Hsv(0, 0, 0.12f), Hsv(195, 0.65f, 0.95f), Texture.Plain, 0,
            [Box(0, 0.9f, 0.55f, 0.1f, Body), Box(0, 0.75f, 0.12f, 0.2f, Body), Box(0, -0.15f, 1.3f, 0.82f, Body), Box(0, -0.18f, 1.17f, 0.68f, Second), Box(0.2f, -0.1f, 0.5f, 0.3f, Glass)]),
    ];

    internal static ImmutableArray<ClassLook> ForSetOf(int samples) =>
        samples > SmallSet ? All : [.. SmallSetClasses.Select(index => All.Single(look => look.Index == index))];

    /// <summary>The class at a place, 0 to 1, when each takes room by its weight.</summary>
    internal static ClassLook Draw(ImmutableArray<ClassLook> classes, double place)
    {
        var left = place * classes.Sum(look => look.Weight);
        foreach (var look in classes)
        {
            if ((left -= look.Weight) < 0)
                return look;
        }
        return classes[^1];
    }

    private static Part Ellipse(float x, float y, float radiusX, float radiusY, Paint paint, float turn = 0) =>
        new(PartShape.Ellipse, x, y, radiusX, radiusY, paint, turn);

    private static Part Box(float x, float y, float radiusX, float radiusY, Paint paint, float turn = 0) =>
        new(PartShape.Box, x, y, radiusX, radiusY, paint, turn);

    private static Part Ring(float x, float y, float radiusX, float radiusY, Paint paint) =>
        new(PartShape.Ring, x, y, radiusX, radiusY, paint);
}
