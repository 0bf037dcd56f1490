using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace VocSeg.Torch;

/// <summary>A change of colours for sixteen pixels at once, clamped to 0..255.</summary>
/// <param name="color">The change.</param>
[method: MethodImpl(MethodImplOptions.AggressiveInlining)]
internal readonly struct ColorMix(in ColorMatrix color)
{
    private readonly Channel red = new(color.Red, color.Constant.R);
    private readonly Channel green = new(color.Green, color.Constant.G);
    private readonly Channel blue = new(color.Blue, color.Constant.B);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Vector512<float> Red(Vector512<float> r, Vector512<float> g, Vector512<float> b) => red.Of(r, g, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Vector512<float> Green(Vector512<float> r, Vector512<float> g, Vector512<float> b) => green.Of(r, g, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Vector512<float> Blue(Vector512<float> r, Vector512<float> g, Vector512<float> b) => blue.Of(r, g, b);

    [method: MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly struct Channel((float R, float G, float B) weights, float constant)
    {
        private readonly Vector512<float> red = Vector512.Create(weights.R);
        private readonly Vector512<float> green = Vector512.Create(weights.G);
        private readonly Vector512<float> blue = Vector512.Create(weights.B);
        private readonly Vector512<float> constant = Vector512.Create(constant);

        // Floats of one sign are in the order of their bits as integers, and negative ones are below 0 in both. So they
        // are clamped by instructions that take no thought of what is no number.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        internal Vector512<float> Of(Vector512<float> r, Vector512<float> g, Vector512<float> b)
        {
            var level = (r * red + g * green + b * blue + constant).AsInt32();
            return Vector512.Min(
                Vector512.Max(level, Vector512<int>.Zero), Vector512.Create(255f).AsInt32()).AsSingle();
        }
    }
}
