using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace VocSeg.Torch;

/// <summary>What becomes of the colours of a row. The structs that implement it are type arguments.</summary>
internal interface IRowColor
{
    Vector512<float> Red(Vector512<float> red, Vector512<float> green, Vector512<float> blue);

    Vector512<float> Green(Vector512<float> red, Vector512<float> green, Vector512<float> blue);

    Vector512<float> Blue(Vector512<float> red, Vector512<float> green, Vector512<float> blue);

    (float R, float G, float B) Of((float R, float G, float B) pixel);
}

/// <summary>They stay as they are.</summary>
internal readonly struct KeptColor : IRowColor
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<float> Red(Vector512<float> red, Vector512<float> green, Vector512<float> blue) => red;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<float> Green(Vector512<float> red, Vector512<float> green, Vector512<float> blue) => green;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<float> Blue(Vector512<float> red, Vector512<float> green, Vector512<float> blue) => blue;

    public (float R, float G, float B) Of((float R, float G, float B) pixel) => pixel;
}

/// <summary>They are changed by a matrix and clamped to 0 to 255.</summary>
internal readonly struct ChangedColor(in ColorMatrix matrix) : IRowColor
{
    private readonly ColorMatrix matrix = matrix;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<float> Red(Vector512<float> red, Vector512<float> green, Vector512<float> blue) =>
        Channel(red, green, blue, matrix.Red, matrix.Constant.R);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<float> Green(Vector512<float> red, Vector512<float> green, Vector512<float> blue) =>
        Channel(red, green, blue, matrix.Green, matrix.Constant.G);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<float> Blue(Vector512<float> red, Vector512<float> green, Vector512<float> blue) =>
        Channel(red, green, blue, matrix.Blue, matrix.Constant.B);

    public (float R, float G, float B) Of((float R, float G, float B) pixel) => (
        Channel(pixel, matrix.Red, matrix.Constant.R),
        Channel(pixel, matrix.Green, matrix.Constant.G),
        Channel(pixel, matrix.Blue, matrix.Constant.B));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Channel(
        Vector512<float> red, Vector512<float> green, Vector512<float> blue,
        (float R, float G, float B) weights, float constant)
    {
        var level = red * Vector512.Create(weights.R) + green * Vector512.Create(weights.G)
            + blue * Vector512.Create(weights.B) + Vector512.Create(constant);
        return Vector512.Min(Vector512.Max(level, Vector512<float>.Zero), Vector512.Create(255f));
    }

    private static float Channel((float R, float G, float B) pixel, (float R, float G, float B) weights, float constant) =>
        Math.Clamp(pixel.R * weights.R + pixel.G * weights.G + pixel.B * weights.B + constant, 0, 255);
}
