using System.Numerics;

namespace SyntheticVoc;

/// <summary>A wall with a picture, and floor boards.</summary>
internal sealed class Room : Backdrop
{
    private readonly float _height, _paper, _board, _lamp, _pictureX, _pictureY, _pictureWidth, _pictureHeight;
    private readonly Vector3 _wall, _floor;
    private readonly Lake _picture;
    private readonly ValueNoise _noise;

    internal Room(float width, float height, SeededRandom random)
    {
        _height = height;
        Horizon = height * random.Between(0.45f, 0.68f);
        _wall = Tone.Hsv(random.Between(20, 220), random.Between(0.06f, 0.28f), random.Between(0.55f, 0.85f));
        _floor = Tone.Hsv(random.Between(18, 36), random.Between(0.25f, 0.5f), random.Between(0.35f, 0.65f));
        _paper = random.Chance(0.5f) ? random.Between(0.12f, 0.5f) : 0;
        _board = random.Between(18, 45);
        _lamp = width * random.Between(0.1f, 0.9f);
        _pictureWidth = random.Between(70, 150);
        _pictureHeight = _pictureWidth * random.Between(0.6f, 1);
        _pictureX = random.Between(10, width - _pictureWidth);
        _pictureY = random.Between(5, Math.Max(6, Horizon - _pictureHeight - 30));
        _picture = new(_pictureHeight, random);
        _noise = new(random.NextSeed());
    }

    internal override float Horizon { get; }

    internal override Vector3 ColorAt(float x, float y)
    {
        if (y >= Horizon)
            return Floor(x, y);
        float dx = x - _lamp, dy = y - 0.2f * _height;
        var light = 0.62f + 0.5f / (1 + (dx * dx + dy * dy) / 60_000);
        if (y > Horizon - 12)
            return Tone.Gray(0.8f) * light * (y > Horizon - 2 ? 0.5f : 1);

        float left = x - _pictureX, top = y - _pictureY;
        if (left > 0 && top > 0 && left < _pictureWidth && top < _pictureHeight)
        {
            var framed = left < 7 || top < 7 || left > _pictureWidth - 7 || top > _pictureHeight - 7;
            return framed ? _floor * (0.5f + 0.5f * _noise.At(x * 0.4f, y * 0.4f)) : _picture.ColorAt(left, top);
        }
        var plaster = 0.8f + 0.25f * _noise.Fractal(x * 0.02f, y * 0.02f, 4) + 0.24f * _noise.Fractal(x * 0.35f, y * 0.35f, 2);
        var pattern = _paper > 0 ? 1 + 0.12f * MathF.Sin(x * _paper) * MathF.Sin(y * _paper * 0.7f + 2 * _noise.At(x * 0.05f, y * 0.05f)) : 1;
        return _wall * light * plaster * pattern;
    }

    private Vector3 Floor(float x, float y)
    {
        var near = (y - Horizon) / (_height - Horizon);
        var away = 1 / (near + 0.25f);
        var across = (x - 250) * away;
        var board = MathF.Floor(across / _board);
        var joint = across / _board - board < 0.05f ? 0.6f : 1;
        var grain = _noise.Fractal(across * 0.25f, away * 14 + board * 7, 5);
        return _floor * joint * (0.6f + 0.35f * _noise.Lattice((int)board, 5) + 0.6f * (grain - 0.3f));
    }
}
