using System.Numerics;

namespace SyntheticVoc;

/// <summary>Trees and bushes.</summary>
internal sealed class Foliage(SeededRandom random)
{
    private readonly Vector3 _leaves = Tone.Hsv(random.Between(70, 125), random.Between(0.3f, 0.55f), random.Between(0.38f, 0.58f));
    private readonly ValueNoise _noise = new(random.NextSeed());

    /// <summary>How high the tops are along the picture, 0 to 1.</summary>
    internal float Profile(float x) => _noise.Fractal(x * 0.016f, 0.5f, 5);

    internal Vector3 ColorAt(float x, float y)
    {
        var light = _noise.Fractal(x * 0.07f, y * 0.08f, 4);
        var leaf = _noise.At(x * 0.55f, y * 0.5f);
        return _leaves * MathF.Max(0.06f, 2.5f * (light - 0.33f) + 0.75f * leaf * light);
    }
}
