using SkiaSharp;

namespace SyntheticVoc;

/// <summary>Paints of fractal noise: what makes flat colours look like cloth, leaves or clouds.</summary>
internal static class Noise
{
    private const int Side = 512;
    private const int Bump = 32;

    // Skia's own noise takes too long to run it for every image, so it fills one tile for all of them.
    private static readonly SKImage Tile = DrawTile();

    /// <summary>Noise that makes a colour darker and lighter by a share.</summary>
    internal static SKPaint Around(
        SKColorF color, float share, float bumpsX, float bumpsY, uint seed, SKMatrix? place = null) =>
        Between(Times(color, 1 - share), Times(color, 1 + share), bumpsX, bumpsY, seed, place);

    /// <summary>Noise with one colour at 1/4 of its strength and another at 3/4, and so many bumps a unit.</summary>
    internal static SKPaint Between(
        SKColorF from, SKColorF to, float bumpsX, float bumpsY, uint seed, SKMatrix? place = null)
    {
        static float[] Row(float low, float high) => [2 * (high - low), 0, 0, 0, 1.5f * low - high / 2];
        var (red, green, blue) = (Row(from.Red, to.Red), Row(from.Green, to.Green), Row(from.Blue, to.Blue));
        float[] rows = [.. red, .. green, .. blue, .. Row(from.Alpha, to.Alpha)];
        using var colors = SKColorFilter.CreateColorMatrix(rows);
        var matrix = (place ?? SKMatrix.Identity)
            .PreConcat(SKMatrix.CreateScale(1 / (bumpsX * Bump), 1 / (bumpsY * Bump)))
            .PreConcat(SKMatrix.CreateTranslation(seed % Side, seed / Side % Side));
        using var tile = Tile.ToShader(
            SKShaderTileMode.Repeat, SKShaderTileMode.Repeat, new(SKFilterMode.Linear), matrix);
        using var shader = tile.WithColorFilter(colors);
        return new() { Shader = shader, IsAntialias = true };
    }

    /// <summary>A darker or lighter colour, opaque.</summary>
    internal static SKColorF Times(SKColorF color, float factor) =>
        new(color.Red * factor, color.Green * factor, color.Blue * factor);

    private static SKImage DrawTile()
    {
        // Strengthened, so that it reaches from black to white.
        float[] red = [2.4f, 0, 0, 0, -0.7f];
        using var strengthened = SKColorFilter.CreateColorMatrix([.. red, .. red, .. red, 0, 0, 0, 0, 1]);
        using var noise = SKShader.CreatePerlinNoiseFractalNoise(1f / Bump, 1f / Bump, 5, 0, new SKSizeI(Side, Side));
        using var paint = new SKPaint { Shader = noise, ColorFilter = strengthened };
        using var surface = SKSurface.Create(new SKImageInfo(Side, Side, SKColorType.Rgba8888, SKAlphaType.Opaque));
        surface.Canvas.DrawPaint(paint);
        return surface.Snapshot();
    }
}
