using System.Numerics;

namespace SyntheticVoc;

/// <summary>Sky, with tree tops below at most.</summary>
internal sealed class OpenSky(float height, SeededRandom random) : Backdrop
{
    private readonly Sky _sky = new(random);
    private readonly Foliage _trees = new(random);
    private readonly float _tops = height * random.Between(0.8f, 1.2f);

    internal override float Horizon { get; } = height;

    internal override Vector3 ColorAt(float x, float y) =>
        y < _tops - 45 * _trees.Profile(x) ? _sky.ColorAt(x, y, Horizon) : _trees.ColorAt(x, y);
}
