using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            public static Tensor interpolate(
                Tensor x, long[]? size = null, double[]? scale_factor = null, InterpolationMode mode = InterpolationMode.Nearest,
                bool? align_corners = null, bool recompute_scale_factor = false, bool antialias = false)
            {
                if ((size is null) == (scale_factor is null))
                    throw Refused(size is null
                        ? "either size or scale_factor should be defined"
                        : "only one of size or scale_factor should be defined");
                var nearest = mode is InterpolationMode.Nearest or InterpolationMode.NearestExact or InterpolationMode.Area;
                if (nearest && align_corners.HasValue)
                    throw Refused("align_corners option can only be set with the interpolating modes: linear | bilinear | bicubic | trilinear");
                if (antialias && mode is not (InterpolationMode.Bilinear or InterpolationMode.Bicubic))
                    throw Refused("Anti-alias option is only supported for bilinear and bicubic modes");
                if (recompute_scale_factor || mode == InterpolationMode.Area)
                {
                    size ??= x.shape[2..].Select((s, i) => (long)Math.Floor(s * scale_factor![scale_factor.Length == 1 ? 0 : i])).ToArray();
                    scale_factor = null;
                }
                var dims = (int)x.ndim - 2;
                if (size is { Length: 1 }) size = Enumerable.Repeat(size[0], dims).ToArray();
                if (scale_factor is { Length: 1 }) scale_factor = Enumerable.Repeat(scale_factor[0], dims).ToArray();
                if (mode == InterpolationMode.Area) return Op.Tensor($"adaptive_avg_pool{dims}d", x, size);
                var name = (mode, dims) switch
                {
                    (InterpolationMode.Nearest, 1 or 2 or 3) => $"upsample_nearest{dims}d",
                    (InterpolationMode.NearestExact, 1 or 2 or 3) => $"_upsample_nearest_exact{dims}d",
                    (InterpolationMode.Linear, 1) => "upsample_linear1d",
                    (InterpolationMode.Bilinear, 2) => antialias ? "_upsample_bilinear2d_aa" : "upsample_bilinear2d",
                    (InterpolationMode.Bicubic, 2) => antialias ? "_upsample_bicubic2d_aa" : "upsample_bicubic2d",
                    (InterpolationMode.Trilinear, 3) => "upsample_trilinear3d",
                    _ => throw Refused($"Input of {x.ndim} dimensions does not go with interpolation mode {mode}"),
                };
                return nearest
                    ? Op.Tensor(name + ".vec", x, size, scale_factor)
                    : Op.Tensor(name + ".vec", x, size, align_corners ?? false, scale_factor);
            }

            public static Tensor upsample(
                Tensor input, long[]? size = null, double[]? scale_factor = null, UpsampleMode mode = UpsampleMode.Nearest,
                bool align_corners = false)
                => interpolate(input, size, scale_factor, (InterpolationMode)mode, align_corners);

            private static System.Runtime.InteropServices.ExternalException Refused(string reason) => new(reason);
        }
    }
}
