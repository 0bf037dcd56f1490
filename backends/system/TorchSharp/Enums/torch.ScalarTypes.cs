using System.Numerics;
using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    private static ScalarType defaultDtype = ScalarType.Float32;

    public static ScalarType get_default_dtype() => defaultDtype;

    public static void set_default_dtype(ScalarType dtype)
        => defaultDtype = is_floating_point(dtype)
            ? dtype
            : throw new ArgumentException("only floating-point types are supported as the default type");

    public static bool is_integral(ScalarType type)
        => type is ScalarType.Byte or ScalarType.Int8 or ScalarType.Int16 or ScalarType.Int32 or ScalarType.Int64 or ScalarType.Bool;
    public static bool is_floating_point(ScalarType type)
        => type is ScalarType.BFloat16 or ScalarType.Float16 or ScalarType.Float32 or ScalarType.Float64;
    public static bool is_complex(ScalarType type) => type is ScalarType.ComplexFloat32 or ScalarType.ComplexFloat64;
    public static bool is_quantized(ScalarType type) => type is ScalarType.QInt8 or ScalarType.QUInt8 or ScalarType.QInt32;

    public static bool is_integral(Tensor t) => is_integral(t.dtype);
    public static bool is_floating_point(Tensor input) => is_floating_point(input.dtype);
    public static bool is_complex(Tensor input) => is_complex(input.dtype);
    public static bool is_nonzero(Tensor input) => input.is_nonzero();
    public static bool is_tensor(object obj) => obj is Tensor;
    public static bool is_storage(object obj) => obj is Storage;
    public static long numel(Tensor input) => input.numel();

    public static long max_int_value(ScalarType type) => type switch
    {
        ScalarType.Byte => byte.MaxValue,
        ScalarType.Int8 => sbyte.MaxValue,
        ScalarType.Int16 => short.MaxValue,
        ScalarType.Int32 => int.MaxValue,
        ScalarType.Int64 => long.MaxValue,
        _ => throw new ArgumentException("Not an integral type"),
    };

    public static bool can_cast(ScalarType from, ScalarType to) => Bridge.can_cast((int)from, (int)to) != 0;

    public static ScalarType promote_types(ScalarType type1, ScalarType type2)
        => (ScalarType)Bridge.promote_types((int)type1, (int)type2);

    public static ScalarType result_type(Tensor tensor1, Tensor tensor2)
        => (ScalarType)Op.Single("result_type.Tensor", tensor1, tensor2).Int;

    internal static Type? NetTypeOf(ScalarType type) => type switch
    {
        ScalarType.Byte => typeof(byte),
        ScalarType.Int8 => typeof(sbyte),
        ScalarType.Int16 => typeof(short),
        ScalarType.Int32 => typeof(int),
        ScalarType.Int64 => typeof(long),
        ScalarType.Bool => typeof(bool),
        ScalarType.Float16 => typeof(Half),
        ScalarType.Float32 => typeof(float),
        ScalarType.Float64 => typeof(double),
        ScalarType.ComplexFloat32 => typeof((float, float)),
        ScalarType.ComplexFloat64 => typeof(Complex),
        _ => null,
    };

    internal static ScalarType ToScalarType(Type type)
    {
        foreach (var candidate in Enum.GetValues<ScalarType>())
            if (NetTypeOf(candidate) == type) return candidate;
        throw new NotSupportedException($"The type {type.FullName} is not supported.");
    }
}
