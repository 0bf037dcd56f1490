using System.Numerics;

namespace SyntheticVoc;

/// <summary>Asphalt below houses and sky.</summary>
internal sealed class Street(float height, SeededRandom random) : Backdrop
{
    private readonly Sky _sky = new(random);
    private readonly float _lots = random.Between(70, 150);
    private readonly float _storey = random.Between(28, 44);
    private readonly float _roofs = height * random.Between(0.16f, 0.4f);
    private readonly float _lane = random.Between(90, 420);
    private readonly Vector3 _asphalt = Tone.Hsv(random.Between(20, 230), random.Between(0.02f, 0.08f), random.Between(0.36f, 0.56f));
    private readonly ValueNoise _noise = new(random.NextSeed());

    internal override float Horizon { get; } = height * random.Between(0.42f, 0.58f);

    internal override Vector3 ColorAt(float x, float y) => y < Horizon ? AboveGround(x, y) : Ground(x, y);

    private Vector3 AboveGround(float x, float y)
    {
        var lot = (int)MathF.Floor(x / _lots);
        var roof = Horizon - _roofs * (0.5f + _noise.Lattice(lot, 1));
        if (y < roof)
            return _sky.ColorAt(x, y, Horizon);

        var kind = _noise.Lattice(lot, 2);
        var wall = Tone.Hsv(15 + 30 * kind, 0.12f + 0.3f * _noise.Lattice(lot, 3), 0.45f + 0.4f * _noise.Lattice(lot, 4));
        var brick = MathF.Abs(y * 0.22f % 1 - 0.5f) < 0.09f ? 0.9f : 1;
        wall *= brick * (0.62f + 0.55f * _noise.Fractal(x * 0.06f, y * 0.06f, 5)) * (0.85f + 0.3f * _noise.At(x * 0.6f, y * 0.6f));

        float across = (x / _lots - lot) * (3 + (int)(kind * 3)) % 1, down = (y - roof) / _storey % 1;
        var inWindow = across is > 0.25f and < 0.75f && down is > 0.25f and < 0.8f;
        if (!inWindow || y > Horizon - 6)
            return wall * (y - roof < 3 ? 0.6f : 1);
        var frame = across is < 0.3f or > 0.7f || down is < 0.3f or > 0.76f || MathF.Abs(across - 0.5f) < 0.02f;
        return frame ? Tone.Gray(0.82f) : Tone.Mix(new(0.1f, 0.12f, 0.15f), new(0.5f, 0.58f, 0.66f), _noise.Fractal(x * 0.05f, y * 0.07f, 4) * 1.6f - 0.4f);
    }

    private Vector3 Ground(float x, float y)
    {
        var near = (y - Horizon) / (height - Horizon);
        var away = 1 / (near + 0.1f);
        var across = (x - _lane) * away;
        var wear = _noise.Fractal(across * 0.008f, away * 2, 4);
        var grit = _noise.Fractal(x * 0.45f, y * 0.6f, 2);
        var color = _asphalt * (0.72f + 0.5f * wear + (0.35f + 0.5f * near) * (grit - 0.5f));
        if (near < 0.1f)
            return Tone.Gray(0.62f) * (0.8f + 0.4f * grit);
        var onLine = MathF.Abs(across) < 7 && MathF.Sin(away * 9) > -0.3f;
        return onLine ? Tone.Mix(color, Tone.Gray(0.85f), 0.55f + 0.4f * wear) : color;
    }
}
