using System.Numerics;
using TorchSharp.Native;

namespace TorchSharp;

public static class ScalarExtensionMethods
{
    public static Scalar ToScalar(this byte value) => new((long)value);
    public static Scalar ToScalar(this sbyte value) => new((long)value);
    public static Scalar ToScalar(this short value) => new((long)value);
    public static Scalar ToScalar(this int value) => new((long)value);
    public static Scalar ToScalar(this long value) => new(value);
    public static Scalar ToScalar(this Half value) => new((double)value);
    public static Scalar ToScalar(this float value) => new((double)value);
    public static Scalar ToScalar(this double value) => new(value);
    public static Scalar ToScalar(this bool value) => new(value);
    public static Scalar ToScalar(this (float, float) value) => new(new Complex(value.Item1, value.Item2));
    public static Scalar ToScalar(this Complex value) => new(value);

    public static Half ToHalf(this Scalar value) => (Half)Real(value);
    public static float ToSingle(this Scalar value) => (float)Real(value);
    public static double ToDouble(this Scalar value) => Real(value);
    public static sbyte ToSByte(this Scalar value) => checked((sbyte)Whole(value));
    public static byte ToByte(this Scalar value) => checked((byte)Whole(value));
    public static short ToInt16(this Scalar value) => checked((short)Whole(value));
    public static int ToInt32(this Scalar value) => checked((int)Whole(value));
    public static long ToInt64(this Scalar value) => Whole(value);
    public static bool ToBoolean(this Scalar value) => value.Value.Tag == Tag.Double ? Real(value) != 0 : Whole(value) != 0;

    public static Complex ToComplexFloat64(this Scalar value)
        => value.Value.Tag == Tag.Complex ? new(value.Value.Double, value.Value.Imaginary) : new(Real(value), 0);

    public static (float Real, float Imaginary) ToComplexFloat32(this Scalar value)
    {
        var complex = value.ToComplexFloat64();
        return ((float)complex.Real, (float)complex.Imaginary);
    }

    private static double Real(Scalar value)
        => value.Value.Tag is Tag.Int or Tag.Bool ? value.Value.Int : value.Value.Double;

    private static long Whole(Scalar value)
        => value.Value.Tag is Tag.Int or Tag.Bool ? value.Value.Int : (long)value.Value.Double;
}
