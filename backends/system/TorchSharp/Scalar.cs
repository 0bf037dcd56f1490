using System.Numerics;
using TorchSharp.Native;

namespace TorchSharp;

public sealed class Scalar : IDisposable
{
    private readonly Value value;
    private bool disposed;

    internal Scalar(long value) : this(new Value { Tag = Tag.Int, Int = value }) { }
    internal Scalar(double value) : this(new Value { Tag = Tag.Double, Double = value }) { }
    internal Scalar(bool value) : this(new Value { Tag = Tag.Bool, Int = value ? 1 : 0 }) { }
    internal Scalar(Complex value)
        : this(new Value { Tag = Tag.Complex, Double = value.Real, Imaginary = value.Imaginary }) { }
    internal Scalar(Value value) => this.value = value;

    internal Value Value
        => disposed ? throw new InvalidOperationException("Scalar invalid -- empty handle.") : value;

    public torch.ScalarType Type => Value.Tag switch
    {
        Tag.Int => torch.ScalarType.Int64,
        Tag.Bool => torch.ScalarType.Bool,
        Tag.Complex => torch.ScalarType.ComplexFloat64,
        _ => torch.ScalarType.Float64,
    };

    public void Dispose() => disposed = true;

    public static implicit operator Scalar(byte value) => value.ToScalar();
    public static implicit operator Scalar(sbyte value) => value.ToScalar();
    public static implicit operator Scalar(short value) => value.ToScalar();
    public static implicit operator Scalar(int value) => value.ToScalar();
    public static implicit operator Scalar(long value) => value.ToScalar();
    public static implicit operator Scalar(Half value) => value.ToScalar();
    public static implicit operator Scalar(float value) => value.ToScalar();
    public static implicit operator Scalar(double value) => value.ToScalar();
    public static implicit operator Scalar(bool value) => value.ToScalar();
    public static implicit operator Scalar((float, float) value) => value.ToScalar();
    public static implicit operator Scalar(Complex value) => value.ToScalar();
}
