using SkiaSharp;

namespace SyntheticVoc;

/// <summary>An object where it stands in the image: its middle and half its height, in pixels.</summary>
internal sealed record Figure(ClassLook Look, SKPoint Centre, float Scale, bool Stands)
{
    // Light from above on every part, as if it were blown up like a cushion.
    private static readonly SKShader Cushion = SKShader.CreateRadialGradient(
        new(-0.3f, -0.45f), 1.7f, [0x40FFFFFF, 0x00808080, 0xA0000000], [0, 0.35f, 1], SKShaderTileMode.Clamp);

    /// <summary>Paints the object on the image, and its class index on the label, as alpha.</summary>
    internal void Paint(SKCanvas image, SKCanvas label, SeededRandom random)
    {
        using var shadow = new SKPaint { Color = SKColors.Black.WithAlpha(Stands ? (byte)100 : (byte)0) };
        image.DrawOval(Centre.X, Centre.Y + Scale, 0.95f * Look.Reach * Scale, 0.12f * Scale, shadow);

        SKColorF Varied(SKColor color) => Noise.Times(color, random.Between(0.8f, 1.15f));
        var skin = Noise.Times(new SKColor(0xFFBF99), random.Between(0.45f, 0.92f));
        SKColorF dark = new(0.1f, 0.1f, 0.1f), white = new(0.9f, 0.9f, 0.9f), glass = new(0.36f, 0.42f, 0.48f);
        SKColorF[] covers = [Varied(Look.BodyColor), Varied(Look.TrimColor), dark, white, skin, glass];
        var (seed, lean) = (random.NextSeed(), random.Between(-1, 1) * (Stands ? 3 : 14));
        var place = SKMatrix.CreateTranslation(Centre.X, Centre.Y).PreConcat(SKMatrix.CreateRotationDegrees(lean))
            .PreConcat(SKMatrix.CreateScale((random.Unit() < 0.5f ? -Scale : Scale) / 100, Scale / 100));
        using var light = new SKPaint { Shader = Cushion, IsAntialias = true };
        using var outlines = new SKPathBuilder();
        var (bumpsX, bumpsY, share) = Look.Texture;
        foreach (var part in Look.Parts)
        {
            var (color, matrix) = (covers[(int)part.Cover], place.PreConcat(part.Place));
            using var cover = Noise.Around(color, share, bumpsX / 100, bumpsY / 100, seed, part.Place.Invert());
            image.SetMatrix(matrix);
            image.DrawPath(part.Outline, cover);
            image.DrawPath(part.Outline, light);
            outlines.AddPath(part.Outline, matrix);
        }
        image.ResetMatrix();

        using var silhouette = outlines.Detach();
        silhouette.Simplify(silhouette);
        silhouette.ToWinding(silhouette);
        // VOC's annotators clicked round every object and left a border of about five pixels to "ignore", 255.
        using var clicks = SKPathEffect.CreateDiscrete(7, 1, seed);
        using var fill = new SKPaint { PathEffect = clicks, BlendMode = SKBlendMode.Src };
        fill.Color = SKColors.Black.WithAlpha(Look.Index);
        label.DrawPath(silhouette, fill);
        using var border = new SKPaint { PathEffect = clicks, IsStroke = true, StrokeWidth = 5.2f };
        label.DrawPath(silhouette, border);
    }
}
