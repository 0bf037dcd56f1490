using System.Numerics;

namespace SyntheticVoc;

/// <summary>Water below a far shore and sky.</summary>
internal sealed class Lake(float height, SeededRandom random) : Backdrop
{
    private readonly Sky _sky = new(random);
    private readonly Foliage _shore = new(random);
    private readonly float _hills = height * random.Between(0.05f, 0.2f);
    private readonly Vector3 _deep = Tone.Hsv(random.Between(185, 222), random.Between(0.35f, 0.6f), random.Between(0.25f, 0.42f));
    private readonly Vector3 _bright = Tone.Hsv(random.Between(195, 215), random.Between(0.12f, 0.28f), random.Between(0.65f, 0.85f));
    private readonly ValueNoise _noise = new(random.NextSeed());

    internal override float Horizon { get; } = height * random.Between(0.35f, 0.5f);

    internal override Vector3 ColorAt(float x, float y)
    {
        if (y < Horizon)
        {
            return y < Horizon - _hills * _shore.Profile(x) * 1.5f
                ? _sky.ColorAt(x, y, Horizon)
                : Tone.Mix(_shore.ColorAt(x, y), _bright, 0.3f);
        }
        var near = (y - Horizon) / (height - Horizon);
        var away = 1 / (near + 0.09f);
        var waves = _noise.Fractal((x - 250) * away * 0.018f, away * 9, 6);
        var ripples = _noise.At(x * 0.18f, y * 0.7f);
        return Tone.Mix(_deep, _bright, Tone.Step(0.3f, 0.85f, waves + 0.25f * (ripples - 0.5f)) + 0.35f * (1 - near) - 0.1f);
    }
}
