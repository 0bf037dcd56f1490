using System.Numerics;

namespace SyntheticVoc;

/// <summary>Grass below trees and sky.</summary>
internal sealed class Meadow(float height, SeededRandom random) : Backdrop
{
    private readonly Sky _sky = new(random);
    private readonly Foliage _trees = new(random);
    private readonly float _treeHeight = height * random.Between(0.1f, 0.4f);
    private readonly Vector3 _fresh = Tone.Hsv(random.Between(78, 105), random.Between(0.4f, 0.6f), random.Between(0.45f, 0.65f));
    private readonly Vector3 _dry = Tone.Hsv(random.Between(42, 70), random.Between(0.3f, 0.5f), random.Between(0.5f, 0.7f));
    private readonly ValueNoise _noise = new(random.NextSeed());

    internal override float Horizon { get; } = height * random.Between(0.35f, 0.58f);

    internal override Vector3 ColorAt(float x, float y)
    {
        if (y < Horizon)
            return y < Horizon - _treeHeight * _trees.Profile(x) * 1.4f ? _sky.ColorAt(x, y, Horizon) : _trees.ColorAt(x, y);

        var near = (y - Horizon) / (height - Horizon);
        var away = 1 / (near + 0.08f);
        var patch = _noise.Fractal((x - 250) * away * 0.012f, away * 3, 3);
        var blades = _noise.Fractal((x - 250) * away * 0.16f, y * 0.16f, 4);
        var contrast = 0.35f + 0.75f * near;
        return Tone.Mix(_fresh, _dry, Tone.Step(0.35f, 0.7f, patch)) * (0.85f + contrast * 2f * (blades - 0.5f));
    }
}
