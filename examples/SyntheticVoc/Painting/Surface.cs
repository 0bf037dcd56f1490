using System.Numerics;

namespace SyntheticVoc;

/// <summary>The colours of one object: those of its class, a little off, with texture and light on them.</summary>
internal sealed class Surface(ClassLook look, SeededRandom random)
{
    private readonly Vector3 _body = look.Body * random.Between(0.82f, 1.12f) + Tint(random);
    private readonly Vector3 _second = look.Second * random.Between(0.85f, 1.1f) + Tint(random);
    private readonly Vector3 _skin = Tone.Hsv(24, random.Between(0.35f, 0.6f), random.Between(0.45f, 0.92f));
    private readonly ValueNoise _noise = new(random.NextSeed());
    private readonly float _stripes = random.Chance(0.4f) ? random.Between(14, 30) : 0;

    internal Vector3 ColorAt(Paint paint, Vector2 point, Vector3 facing, Vector3 light)
    {
        var color = paint switch
        {
            Paint.Body => Textured(_body, _second, point),
            Paint.Second => Textured(_second, _body, point),
            Paint.Skin => _skin * Rough(point, 9, 0.16f),
            Paint.Light => Tone.Gray(0.88f) * Rough(point, 12, 0.12f),
            Paint.Glass => Tone.Mix(new(0.1f, 0.13f, 0.17f), new(0.62f, 0.7f, 0.78f), Tone.Step(0.35f, 0.75f, _noise.Fractal(point.X * 1.5f + point.Y, point.Y * 2.5f, 4))),
            _ => Tone.Gray(0.09f) * Rough(point, 20, 0.8f),
        };
        var lit = MathF.Max(0, Vector3.Dot(facing, light));
        color *= 0.42f + 0.75f * lit;
        if (look.Texture == Texture.Gloss || paint == Paint.Glass)
        {
            var shine = lit * lit;
            shine *= shine;
            color += Tone.Gray(0.3f * shine * shine * shine);
        }
        return color;
    }

    private Vector3 Textured(Vector3 own, Vector3 other, Vector2 point)
    {
        float x = point.X, y = point.Y;
        switch (look.Texture)
        {
            case Texture.Cloth:
                var band = _stripes > 0 && MathF.Sin(y * _stripes) > 0.55f ? 0.35f : 0;
                return Tone.Mix(own, Tone.Gray(0.9f), band) * (0.6f + 0.75f * _noise.Fractal(x * 6 + y, y * 3, 5)) * Rough(point, 70, 0.2f);
            case Texture.Fur:
                return own * (0.45f + 1.1f * _noise.Fractal(x * 9 + 3 * y, y * 26, 4));
            case Texture.Stripes:
                var stripe = MathF.Sin(x * 17 + 5 * _noise.At(x * 3, y * 4));
                return Tone.Mix(own, other, 0.75f * Tone.Step(0.45f, 0.8f, stripe)) * (0.55f + 0.9f * _noise.Fractal(x * 34, y * 14, 3));
            case Texture.Patches:
                return Tone.Mix(own, other, Tone.Step(0.5f, 0.54f, _noise.Fractal(x * 1.7f, y * 1.7f, 3))) * (0.7f + 0.6f * _noise.Fractal(x * 20, y * 32, 3));
            case Texture.Wool:
                return own * (0.35f + 1.15f * _noise.Fractal(x * 12, y * 12, 4));
            case Texture.Wood:
                return own * (0.8f + 0.16f * MathF.Sin(y * 40 + 14 * _noise.At(x * 1.3f, y * 5))) * Rough(point, 45, 0.25f);
            case Texture.Leaves:
                return own * (0.2f + 1.6f * _noise.Fractal(x * 9, y * 9, 4));
            default:
                return own * Rough(point, 6, 0.14f) * Rough(point, 55, 0.07f);
        }
    }

    private float Rough(Vector2 point, float fineness, float strength) =>
        1 + strength * (_noise.At(point.X * fineness, point.Y * fineness) - 0.5f);

    private static Vector3 Tint(SeededRandom random) =>
        new(random.Between(-0.04f, 0.04f), random.Between(-0.04f, 0.04f), random.Between(-0.04f, 0.04f));
}
