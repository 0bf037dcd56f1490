namespace SyntheticVoc;

/// <summary>Noise in the plane: random values on a lattice, smooth between.</summary>
internal readonly struct ValueNoise(uint seed)
{
    /// <summary>0 to 1, one bump a unit.</summary>
    internal float At(float x, float y)
    {
        float left = MathF.Floor(x), top = MathF.Floor(y);
        int column = (int)left, row = (int)top;
        float right = Tone.Ease(x - left), bottom = Tone.Ease(y - top);
        var above = Lerp(Lattice(column, row), Lattice(column + 1, row), right);
        var below = Lerp(Lattice(column, row + 1), Lattice(column + 1, row + 1), right);
        return Lerp(above, below, bottom);
    }

    /// <summary>0 to 1, octave upon octave, each twice as fine and six tenths as strong.</summary>
    internal float Fractal(float x, float y, int octaves)
    {
        float sum = 0, weight = 1, total = 0;
        for (var octave = 0; octave < octaves; octave++)
        {
            sum += weight * At(x, y);
            total += weight;
            weight *= 0.6f;
            // Turned, or the lattices would lie on each other and show.
            (x, y) = (1.6f * x - 1.2f * y + 17.3f, 1.2f * x + 1.6f * y - 9.1f);
        }
        return sum / total;
    }

    /// <summary>The value of a lattice point, 0 or more and below 1.</summary>
    // Signed before it is a float: the processor converts that at once.
    internal float Lattice(int column, int row) => (int)(Hash(column, row) >> 8) * (1f / (1 << 24));

    /// <summary>32 random bits of a lattice point.</summary>
    internal uint Hash(int column, int row)
    {
        var hash = (uint)column * 0x9E3779B1u + (uint)row * 0x85157AF5u + seed;
        hash = (hash ^ hash >> 15) * 0x2C1B3C6Du;
        hash = (hash ^ hash >> 12) * 0x297A2D39u;
        return hash ^ hash >> 15;
    }

    private static float Lerp(float from, float to, float share) => from + (to - from) * share;
}
