using System.Numerics;

namespace SyntheticVoc;

/// <summary>An object of a class where it stands in the picture.</summary>
/// <param name="Look">Its class.</param>
/// <param name="Centre">Its middle, in pixels.</param>
/// <param name="Scale">Half its height, in pixels.</param>
/// <param name="Stands">Whether it throws a shadow on the ground below.</param>
internal sealed record Figure(ClassLook Look, Vector2 Centre, float Scale, bool Stands)
{
    // VOC's annotators left a border of about five pixels round every object to "ignore".
    private const float HalfBorder = 2.5f;
    private const byte Ignore = 255;

    internal float Foot => Centre.Y + Scale;

    internal void Paint(Canvas canvas, SeededRandom random)
    {
        if (Stands)
            PaintShadow(canvas);

        var surface = new Surface(Look, random);
        var light = Vector3.Normalize(new(random.Between(-0.8f, 0.8f), -0.7f, 0.7f));
        var lean = (Stands ? 3 : 14) * random.Between(-1, 1) * MathF.PI / 180;
        float cos = MathF.Cos(lean) / Scale, sin = MathF.Sin(lean) / Scale;
        var mirror = random.Chance(0.5f) ? -1 : 1;
        var outline = new ValueNoise(random.NextSeed());
        var margin = 4 / Scale;

        var (left, right) = Span(Centre.X, Look.HalfWidth * Scale + 4, canvas.Width);
        var (top, bottom) = Span(Centre.Y, (1.15f + 0.3f * MathF.Abs(MathF.Sin(lean)) * Look.HalfWidth) * Scale + 4, canvas.Height);
        for (var row = top; row < bottom; row++)
        {
            for (var column = left; column < right; column++)
            {
                float x = column - Centre.X, y = row - Centre.Y;
                var point = new Vector2((x * cos + y * sin) * mirror, y * cos - x * sin);
                var uneven = 0f;
                var pixel = row * canvas.Width + column;
                var nearest = float.MaxValue;
                foreach (var part in Look.Parts)
                {
                    float fromX = point.X - part.X, fromY = point.Y - part.Y, reach = part.Reach + margin + Look.Wobble;
                    if (fromX * fromX + fromY * fromY > reach * reach)
                        continue;
                    if (uneven == 0 && Look.Wobble > 0)
                        uneven = Look.Wobble * (outline.Fractal(point.X * 7, point.Y * 7, 2) * 2 - 1);
                    var distance = (part.Distance(point) + uneven) * Scale;
                    nearest = MathF.Min(nearest, distance);
                    if (distance < 0.5f)
                    {
                        var facing = part.Facing(point);
                        facing.X *= mirror;
                        var color = surface.ColorAt(part.Paint, point, facing, light);
                        canvas.Colors[pixel] = Tone.Mix(canvas.Colors[pixel], color, 0.5f - distance);
                    }
                }
                if (nearest < HalfBorder)
                    canvas.Labels[pixel] = nearest > -HalfBorder ? Ignore : Look.Index;
            }
        }
    }

    private void PaintShadow(Canvas canvas)
    {
        float radiusX = Look.HalfWidth * Scale * 0.95f, radiusY = 0.16f * Scale;
        var (left, right) = Span(Centre.X, radiusX, canvas.Width);
        var (top, bottom) = Span(Foot, radiusY, canvas.Height);
        for (var row = top; row < bottom; row++)
        {
            for (var column = left; column < right; column++)
            {
                float x = (column - Centre.X) / radiusX, y = (row - Foot) / radiusY;
                canvas.Colors[row * canvas.Width + column] *= 1 - 0.6f * Tone.Step(1, 0.3f, x * x + y * y);
            }
        }
    }

    private static (int First, int End) Span(float centre, float reach, int size) =>
        ((int)Math.Clamp(centre - reach, 0, size), (int)Math.Clamp(centre + reach + 1, 0, size));
}
