namespace TorchSharp;

public static partial class torch
{
    public struct FInfo
    {
        public int bits;
        public double eps;
        public double max;
        public double min;
        public double tiny;
        public double smallest_normal;
        public double resolution;
    }

    public static FInfo finfo() => finfo(get_default_dtype());

    public static FInfo finfo(ScalarType dtype) => dtype switch
    {
        ScalarType.Float16 => Describe(16, 10, 15, 1e-3),
        ScalarType.BFloat16 => Describe(16, 7, 127, 1e-2),
        ScalarType.Float32 or ScalarType.ComplexFloat32 => Describe(32, 23, 127, 1e-6),
        ScalarType.Float64 or ScalarType.ComplexFloat64 => Describe(64, 52, 1023, 1e-15),
        _ => throw new ArgumentException("'dtype' must be floating point or complex"),
    };

    private static FInfo Describe(int bits, int fraction, int exponent, double resolution)
    {
        var eps = Math.ScaleB(1, -fraction);
        var max = Math.ScaleB(2 - eps, exponent);
        var smallest = Math.ScaleB(1, 1 - exponent);
        return new FInfo
        {
            bits = bits,
            eps = eps,
            max = max,
            min = -max,
            tiny = smallest,
            smallest_normal = smallest,
            resolution = resolution,
        };
    }
}
