using System.Collections.Immutable;
using SkiaSharp;
using static SyntheticVoc.Cover;
using static SyntheticVoc.Places;

namespace SyntheticVoc;

[Flags]
internal enum Places { Street = 1, Meadow = 2, Water = 4, Room = 8, Air = 16 }

/// <summary>What covers a part: one of its class's two colours, or a material that is alike on all classes.</summary>
internal enum Cover { Body, Trim, Dark, Light, Skin, Glass }

/// <summary>A piece of an object: an outline of radius 1, placed in hundredths of half the object's height.</summary>
internal sealed record Part(SKPath Outline, float X, float Y, float RadiusX, float RadiusY, Cover Cover, float Turn)
{
    internal SKMatrix Place => SKMatrix.CreateTranslation(X, Y).PreConcat(SKMatrix.CreateRotationDegrees(Turn))
        .PreConcat(SKMatrix.CreateScale(RadiusX, RadiusY));
}

/// <summary>
/// What the objects of one of VOC's twenty classes look like: colour and texture tell them apart, so that a small
/// network learns them from few images. The weight is how many of VOC's training images show the class (for person half
/// of them, as others come with persons), the height is beside a grown person's. Parts lie from back to front.
/// </summary>
internal sealed record ClassLook(
    byte Index, int Weight, Places Places, float Height, SKColor BodyColor, SKColor TrimColor,
    (float BumpsX, float BumpsY, float Share) Texture, ImmutableArray<Part> Parts)
{
    // A small set has few classes, or each would have too few images to be learnt; these six differ the most.
    private static readonly byte[] SmallSet = [15, 7, 8, 3, 6, 17];

    private static readonly SKPath Circle = SKPath.ParseSvgPathData("M-1 0A1 1 0 0 1 1 0A1 1 0 0 1-1 0Z")!;
    private static readonly SKPath Square = SKPath.ParseSvgPathData("M-1-1H1V1H-1Z")!;
    private static readonly SKPath Wheel = SKPath.ParseSvgPathData(
        "M-1.13 0A1.13 1.13 0 0 1 1.13 0A1.13 1.13 0 0 1-1.13 0ZM-.87 0A.87 .87 0 0 0 .87 0A.87 .87 0 0 0-.87 0Z")!;

    private static readonly ImmutableArray<ClassLook> All =
    [
        new(1, 88, Air, 0.4f, 0xDFE5EB, 0x1F4399, (6, 6, 0.06f), [Box(10, -10, 75, 10, Body, 65),
            Oval(0, 0, 210, 30, Body), Box(-175, -50, 22, 50, Trim, -20), Box(10, 2, 150, 5, Trim),
            Box(0, 45, 95, 12, Body, -35), Oval(20, 55, 28, 15, Dark)]), // aeroplane
        new(2, 65, Street | Meadow, 0.55f, 0x1FB8CC, 0x0B6773, (6, 6, 0.07f), [Ring(-95, 35, 60, 60, Dark),
            Ring(95, 35, 60, 60, Dark), Box(-50, 0, 60, 9, Body, -52), Box(10, -45, 75, 9, Body),
            Box(35, 5, 72, 9, Body, -60), Box(85, -20, 75, 8, Trim, 70), Box(-35, 40, 60, 8, Trim),
            Oval(-35, -75, 30, 10, Dark), Box(65, -90, 28, 7, Dark)]), // bicycle
        new(3, 105, Air | Meadow | Water, 0.4f, 0xF2D518, 0x996B0F, (9, 26, 0.25f), [Oval(-110, 30, 60, 16, Trim, -25),
            Box(-10, 75, 5, 25, Dark), Box(15, 75, 5, 25, Dark), Oval(0, 10, 95, 55, Body, -15),
            Oval(75, -50, 42, 40, Body), Oval(120, -45, 22, 10, Dark)]), // bird
        new(4, 78, Water, 0.75f, 0x73281D, 0xEDE6DF, (6, 6, 0.06f), [Box(-10, -40, 5, 60, Dark),
            Box(-35, 10, 65, 38, Trim), Box(-35, 2, 55, 14, Glass), Oval(-60, 62, 90, 34, Body),
            Oval(50, 50, 110, 30, Body, -12), Box(0, 52, 130, 28, Body)]), // boat
        new(5, 87, Room, 0.45f, 0x0F6642, 0xE6D195, (6, 6, 0.06f), [Box(0, -65, 12, 35, Body),
            Oval(0, -15, 32, 35, Body), Box(0, 42, 33, 58, Body), Box(0, -92, 14, 8, Dark)]), // bottle
        new(6, 78, Street, 1.35f, 0x1D4DBF, 0xAABFF2, (6, 6, 0.06f), [Box(0, -5, 170, 90, Body),
            Box(0, -35, 158, 30, Glass), Box(0, 20, 168, 8, Trim), Box(135, 10, 22, 65, Trim),
            Oval(-100, 75, 25, 25, Dark), Oval(100, 75, 25, 25, Dark)]), // bus
        new(7, 128, Street, 0.72f, 0xC71A14, 0x800A06, (6, 6, 0.06f), [Oval(-10, -25, 115, 70, Body),
            Oval(-10, -25, 100, 55, Glass), Box(0, 25, 190, 42, Body), Oval(-115, 60, 40, 40, Dark),
            Oval(115, 60, 40, 40, Dark), Oval(-115, 60, 20, 20, Light), Oval(115, 60, 20, 20, Light)]), // car
        new(8, 131, Room | Meadow, 0.55f, 0xE07422, 0x803713, (17, 2, 0.3f), [Oval(-100, -10, 14, 75, Trim, -25),
            Oval(-20, 40, 85, 55, Body), Oval(35, 75, 16, 28, Body), Oval(-65, 75, 20, 28, Body),
            Box(38, -75, 16, 22, Trim, -20), Box(86, -75, 16, 22, Trim, 20), Oval(62, -25, 50, 48, Body)]), // cat
        new(9, 148, Room, 0.75f, 0xC79750, 0x805E2D, (1.3f, 20, 0.2f), [Box(-45, 60, 8, 40, Trim),
            Box(45, 60, 8, 40, Trim), Box(-42, -40, 10, 60, Body), Box(-30, -50, 30, 45, Trim),
            Box(0, 15, 60, 12, Body)]), // chair
        new(10, 64, Meadow, 0.85f, 0xEBE1D8, 0x241D19, (2, 2, 0.35f), [Box(-85, 60, 12, 42, Body),
            Box(55, 60, 12, 42, Body), Box(-10, -5, 115, 52, Body), Box(-60, 60, 12, 40, Body),
            Box(80, 60, 12, 40, Body), Oval(130, -40, 42, 32, Body, 35), Oval(110, -72, 10, 22, Dark, 30)]), // cow
        new(11, 82, Room, 0.6f, 0x6B3920, 0x472412, (1.3f, 20, 0.2f), [Box(-120, 40, 12, 60, Trim),
            Box(120, 40, 12, 60, Trim), Oval(0, -35, 170, 42, Body), Oval(-70, -42, 32, 12, Light),
            Oval(60, -32, 34, 13, Light), Oval(5, -60, 15, 28, Glass)]), // dining table
        new(12, 121, Street | Meadow | Room, 0.6f, 0x5C3B25, 0xBF9E7C, (9, 26, 0.25f), [
            Oval(-105, -25, 10, 45, Body, -35), Box(-65, 60, 12, 40, Body), Box(50, 60, 22, 40, Trim),
            Oval(-10, 10, 95, 42, Body), Oval(75, -45, 42, 40, Body), Oval(110, -30, 30, 20, Trim)]), // dog
        new(13, 68, Meadow, 1.1f, 0x66291A, 0x24110B, (9, 26, 0.25f), [Oval(-110, 10, 16, 60, Trim, 15),
            Box(-75, 55, 10, 45, Body), Box(50, 55, 10, 45, Body), Oval(-10, -2, 100, 38, Body),
            Box(-55, 55, 10, 45, Trim), Box(68, 55, 10, 45, Trim), Oval(85, -40, 55, 24, Body, -55),
            Oval(125, -70, 38, 17, Body, 35)]), // horse
        new(14, 81, Street, 0.62f, 0x94BF13, 0x404040, (6, 6, 0.06f), [Ring(-95, 50, 45, 45, Dark),
            Ring(95, 50, 45, 45, Dark), Box(0, 35, 60, 28, Trim), Oval(20, -10, 55, 25, Body),
            Oval(-55, -15, 50, 15, Dark, 10), Box(75, 0, 65, 8, Light, 60), Oval(95, 10, 35, 16, Body),
            Box(45, -65, 30, 7, Dark, 20), Oval(-100, 10, 35, 13, Body)]), // motorbike
        new(15, 220, Street | Meadow | Room, 1, 0xBF2687, 0x1D2452, (7, 3, 0.2f), [Box(-14, 55, 11, 42, Trim, 4),
            Box(14, 55, 11, 42, Trim, -4), Box(0, -63, 8, 12, Skin), Box(0, -20, 27, 38, Body),
            Box(-33, -20, 9, 36, Body, 12), Box(33, -20, 9, 36, Body, -12), Oval(-41, 18, 7, 9, Skin),
            Oval(41, 18, 7, 9, Skin), Oval(0, -84, 17, 17, Dark), Oval(2, -79, 13, 17, Skin)]), // person
        new(16, 82, Room, 0.55f, 0x338019, 0xA6533A, (9, 9, 0.5f), [Box(0, 65, 35, 35, Trim),
            Oval(-40, -20, 20, 60, Body, -35), Oval(40, -20, 20, 60, Body, 35), Oval(0, -40, 22, 60, Body),
            Oval(-25, 10, 40, 25, Body), Oval(30, 5, 35, 25, Body)]), // potted plant
        new(17, 63, Meadow, 0.6f, 0xEDE5D1, 0x332D26, (12, 12, 0.25f), [Box(-50, 75, 9, 25, Trim),
            Box(45, 75, 9, 25, Trim), Box(-30, 75, 9, 25, Trim), Box(62, 75, 9, 25, Trim), Oval(0, -5, 105, 65, Body),
            Oval(100, -40, 32, 26, Trim, 35), Oval(80, -60, 35, 22, Body)]), // sheep
        new(18, 93, Room, 0.65f, 0x65388C, 0x442261, (7, 3, 0.2f), [Box(0, -20, 160, 60, Trim),
            Box(-75, -10, 72, 50, Body), Box(75, -10, 72, 50, Body), Box(0, 45, 160, 25, Body),
            Box(-165, 25, 25, 55, Trim), Box(165, 25, 25, 55, Trim), Box(0, 74, 170, 20, Dark)]), // sofa
        new(19, 83, Street | Meadow, 1.15f, 0x138071, 0xEBC73B, (6, 6, 0.06f), [Box(0, -5, 280, 75, Body),
            Box(-30, -30, 220, 22, Glass), Box(0, 15, 278, 9, Trim), Box(240, -25, 30, 30, Glass),
            Box(0, 70, 260, 22, Dark), Oval(-170, 80, 50, 20, Dark), Oval(170, 80, 50, 20, Dark)]), // train
        new(20, 84, Room, 0.5f, 0x1F1F1F, 0x55CBF2, (6, 6, 0.07f), [Box(0, 90, 55, 10, Body), Box(0, 75, 12, 20, Body),
            Box(0, -15, 130, 82, Body), Box(0, -18, 117, 68, Trim), Box(20, -10, 50, 30, Glass)]), // tv/monitor
    ];

    internal float Reach { get; } =
        Parts.Max(part => MathF.Abs(part.X) + 1.13f * float.Hypot(part.RadiusX, part.RadiusY)) / 100;

    internal static ImmutableArray<ClassLook> ForSetOf(int samples) =>
        samples > 400 ? All : [.. SmallSet.Select(index => All.Single(look => look.Index == index))];

    private static Part Oval(float x, float y, float radiusX, float radiusY, Cover cover, float turn = 0) =>
        new(Circle, x, y, radiusX, radiusY, cover, turn);

    private static Part Box(float x, float y, float radiusX, float radiusY, Cover cover, float turn = 0) =>
        new(Square, x, y, radiusX, radiusY, cover, turn);

    private static Part Ring(float x, float y, float radiusX, float radiusY, Cover cover) =>
        new(Wheel, x, y, radiusX, radiusY, cover, Turn: 0);
}
