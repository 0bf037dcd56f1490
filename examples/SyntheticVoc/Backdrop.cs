using SkiaSharp;

namespace SyntheticVoc;

/// <summary>What is behind the objects, in units of an image whose longest side is 500.</summary>
internal sealed class Backdrop(SKCanvas canvas, float width, float height, SeededRandom random)
{
    internal const float LongestSide = 500;

    /// <summary>Paints a place and tells where its ground ends, from the top.</summary>
    internal float Paint(Places place) => place switch
    {
        Places.Street => Street(),
        Places.Meadow => Land(0.1f, 0.4f, [78, 105, 40, 60, 45, 65], [42, 70, 30, 50, 50, 70], 0.58f, 0.012f, 3),
        Places.Water => Land(0.05f, 0.2f, [185, 222, 35, 60, 25, 42], [195, 215, 12, 28, 65, 85], 0.5f, 0.018f, 9),
        Places.Room => Room(),
        _ => OpenSky(),
    };

    private float Street()
    {
        Sky(0.6f * height);
        var (lot, storey, roofs) = (Between(70, 150), Between(28, 44), height * Between(0.16f, 0.4f));
        var (middle, asphalt) = (Between(90, 420), Color(20, 230, 2, 8, 36, 56));
        var (seed, horizon) = (random.NextSeed(), height * Between(0.42f, 0.58f));
        var houses = new SeededRandom(seed);
        SKColorF dark = new(0.1f, 0.1f, 0.1f), pale = new(0.5f, 0.6f, 0.7f);
        for (var left = 0f; left < width; left += lot)
        {
            var wall = SKColorF.FromHsv(houses.Between(15, 45), houses.Between(12, 42), houses.Between(45, 85));
            var roof = horizon - roofs * houses.Between(0.5f, 1.5f);
            Fill(Noise.Around(wall, 0.1f, 0.1f, 0.3f, seed), left, roof, left + lot, horizon);
            for (var y = roof + 8; y < horizon - storey; y += storey)
                Fill(Noise.Between(dark, pale, 0.15f, 0.01f, seed), left + 8, y, left + lot - 8, y + storey / 2);
        }
        Ground(asphalt, asphalt, 0.05f, 2, seed, horizon, middle);
        return horizon;
    }

    private float Land(float least, float most, float[] from, float[] to, float lowest, float bumpsX, float bumpsY)
    {
        Sky(0.6f * height);
        var (leaves, crowns, tall) = (Color(70, 125, 30, 55, 38, 58), random.NextSeed(), height * Between(least, most));
        var (first, second) = (Color(from), Color(to));
        var (seed, horizon) = (random.NextSeed(), height * Between(0.35f, lowest));
        Trees(leaves, crowns, horizon, tall);
        Ground(first, second, bumpsX, bumpsY, seed, horizon, width / 2);
        return horizon;
    }

    private float OpenSky()
    {
        Sky(height);
        var (leaves, crowns, tall) = (Color(70, 125, 30, 55, 38, 58), random.NextSeed(), 1.07f - Between(0.8f, 1.2f));
        Trees(leaves, crowns, height, height * Math.Max(0, tall));
        return height;
    }

    private float Room()
    {
        var horizon = height * Between(0.45f, 0.68f);
        var (wall, floor) = (Color(20, 220, 6, 28, 55, 85), Color(18, 36, 25, 50, 35, 65));
        var (paper, board) = (random.Unit() < 0.5f ? Between(0.12f, 0.5f) : 0.1f, Between(18, 45));
        var (middle, wide, ratio) = (width * Between(0.1f, 0.9f), Between(70, 150), Between(0.6f, 1));
        var (left, top) = (Between(10, width - wide), Between(5, Math.Max(6, horizon - wide * ratio - 30)));
        var seed = random.NextSeed();
        Fill(Noise.Around(wall, 0.07f, paper, 0.1f, seed), 0, 0, width, horizon);
        Ground(floor, floor, 4 / board, 14, seed, horizon, middle);
        // A picture of a lake hangs on the wall.
        canvas.Save();
        canvas.Translate(left, top);
        canvas.ClipRect(new(0, 0, wide, wide * ratio));
        new Backdrop(canvas, wide, wide * ratio, random).Paint(Places.Water);
        canvas.Restore();
        return horizon;
    }

    private void Sky(float bottom)
    {
        var (zenith, haze) = (Color(203, 220, 25, 65, 60, 90), Color(25, 215, 3, 14, 82, 97));
        var (clear, fine, seed) = (Between(0.3f, 0.75f), Between(0.006f, 0.014f), random.NextSeed());
        using var shader = SKShader.CreateLinearGradient(
            default, new(0, 0.5f * height), [(SKColor)zenith, (SKColor)haze], SKShaderTileMode.Clamp);
        Fill(new() { Shader = shader }, 0, 0, width, bottom);
        SKColorF gray = new(0.7f, 0.7f, 0.7f, 0.5f - clear), white = new(0.9f, 0.9f, 0.9f, 1.4f - clear);
        Fill(Noise.Between(gray, white, fine, 2 * fine, seed), 0, 0, width, bottom);
    }

    private void Trees(SKColorF leaves, uint seed, float foot, float tall)
    {
        var crowns = new SeededRandom(seed);
        using var path = new SKPathBuilder();
        using var paint = Noise.Around(leaves, 0.35f, 0.07f, 0.08f, seed);
        for (var x = 0f; x < width + 20; x += 8)
            path.AddOval(new(x - 14, foot - tall * crowns.Between(0.5f, 1.1f), x + 14, foot + tall));
        using var outline = path.Detach();
        canvas.DrawPath(outline, paint);
    }

    private void Ground(SKColorF from, SKColorF to, float bumpsX, float bumpsY, uint seed, float horizon, float middle)
    {
        // From the ground, across and away from the eye, to the image.
        SKMatrix plane = new(1, middle, 0, 0, 1.1f * horizon - 0.1f * height, height - horizon, 0, 1, 0);
        SKColorF dark = new(0, 0, 0, 0.08f), light = new(1, 1, 1, 0.08f);
        Fill(Noise.Between(from, to, bumpsX, bumpsY, seed, plane), 0, horizon, width, height);
        Fill(Noise.Between(dark, light, bumpsX, bumpsY, seed / 2, plane), 0, horizon, width, height);
        Fill(Noise.Between(dark, light, 0.45f, 0.5f, seed), 0, horizon, width, height);
    }

    private void Fill(SKPaint paint, float left, float top, float right, float bottom)
    {
        using (paint)
            canvas.DrawRect(new(left, top, right, bottom), paint);
    }

    private float Between(float least, float most) => random.Between(least, most);

    /// <summary>A colour between hues, saturations and values.</summary>
    private SKColorF Color(params float[] hsv) =>
        SKColorF.FromHsv(Between(hsv[0], hsv[1]), Between(hsv[2], hsv[3]), Between(hsv[4], hsv[5]));
}
