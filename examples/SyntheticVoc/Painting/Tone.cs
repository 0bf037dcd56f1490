using System.Numerics;

namespace SyntheticVoc;

/// <summary>Colours as red, green and blue of 0 to 1, and the curves that mix them.</summary>
internal static class Tone
{
    internal static Vector3 Gray(float value) => new(value);

    /// <summary>A colour of hue in degrees, saturation and value.</summary>
    internal static Vector3 Hsv(float hue, float saturation, float value)
    {
        float Channel(float offset)
        {
            var sector = (offset + hue / 60f + 12f) % 6f;
            return value * (1 - saturation * Math.Clamp(MathF.Min(sector, 4 - sector), 0, 1));
        }
        return new(Channel(5), Channel(3), Channel(1));
    }

    internal static Vector3 Mix(Vector3 from, Vector3 to, float share) => Vector3.Lerp(from, to, Math.Clamp(share, 0, 1));

    /// <summary>0 to 1 as an S.</summary>
    internal static float Ease(float share) => share * share * (3 - 2 * share);

    /// <summary>0 below one bound, 1 above the other, an S between.</summary>
    internal static float Step(float from, float to, float value) => Ease(Math.Clamp((value - from) / (to - from), 0, 1));
}
