using System.Numerics;

namespace SyntheticVoc;

/// <summary>A sky, from clear to overcast, paler towards the horizon.</summary>
internal sealed class Sky(SeededRandom random)
{
    private readonly Vector3 _zenith = Tone.Hsv(random.Between(203, 220), random.Between(0.25f, 0.65f), random.Between(0.6f, 0.9f));
    private readonly Vector3 _haze = Tone.Hsv(random.Between(25, 215), random.Between(0.03f, 0.14f), random.Between(0.82f, 0.97f));
    private readonly float _clear = random.Between(0.3f, 0.75f);
    private readonly float _fineness = random.Between(0.006f, 0.014f);
    private readonly ValueNoise _noise = new(random.NextSeed());

    internal Vector3 ColorAt(float x, float y, float horizon)
    {
        var down = Math.Clamp(y / horizon, 0, 1);
        var cover = _noise.Fractal(x * _fineness, y * _fineness * (1.4f + down), 6);
        var cloud = Tone.Gray(0.72f + 0.42f * (cover - 0.35f));
        return Tone.Mix(Tone.Mix(_zenith, _haze, down * down), cloud, Tone.Step(_clear, _clear + 0.2f, cover));
    }
}
