using System.Numerics;

namespace SyntheticVoc;

/// <summary>What a camera adds to a scene: exposure, darker corners and grain.</summary>
internal static class Sensor
{
    internal static void Expose(Canvas canvas, SeededRandom random)
    {
        var exposure = random.Between(0.9f, 1.12f);
        var tint = new Vector3(random.Between(0.96f, 1.04f), 1, random.Between(0.96f, 1.04f)) * exposure;
        var vignette = random.Between(0, 0.22f);
        // Squared: most photos have little grain, a few much.
        var strength = random.Unit();
        var grain = 0.009f + 0.054f * strength * strength;
        var noise = new ValueNoise(random.NextSeed());

        float centreX = canvas.Width / 2f, centreY = canvas.Height / 2f;
        var reach = 1 / (centreX * centreX + centreY * centreY);
        for (int row = 0, i = 0; row < canvas.Height; row++)
        {
            for (var column = 0; column < canvas.Width; column++, i++)
            {
                float x = column - centreX, y = row - centreY;
                var light = 1 - vignette * (x * x + y * y) * reach;
                canvas.Colors[i] = canvas.Colors[i] * tint * light + Grain(noise.Hash(column, row), grain);
            }
        }
    }

    private static Vector3 Grain(uint hash, float strength)
    {
        // A sum of bytes is close to a bell curve; most of it is common to the three channels.
        float a = (byte)hash, b = (byte)(hash >> 8), c = (byte)(hash >> 16), d = hash >> 24;
        var common = a + b + c + d - 510;
        return (new Vector3(common) + 0.5f * new Vector3(a - c, b - d, c - b)) * (strength / 148);
    }
}
