using System.Text;

namespace TorchSharp.Native;

/// <summary>An operator's argument; the bridge converts it to what the operator's schema asks for.</summary>
internal readonly struct Arg
{
    private readonly object? source;
    private readonly Value value;

    private Arg(Value value, object? source = null)
    {
        this.value = value;
        this.source = source;
    }

    /// <summary>The default that the schema names.</summary>
    public static Arg Default => new(new Value { Tag = Tag.Default });
    public static Arg None => default;

    public static Arg Sizes(ReadOnlySpan<long> sizes) => sizes.ToArray();
    public static Arg Tensors(IEnumerable<torch.Tensor?> tensors) => tensors as torch.Tensor?[] ?? tensors.ToArray();

    public static implicit operator Arg(torch.Tensor? tensor)
        => tensor is null ? default : new(new Value { Tag = Tag.Tensor, Pointer = tensor.Handle }, tensor);
    public static implicit operator Arg(Scalar? scalar) => scalar is null ? default : new(scalar.Value);
    public static implicit operator Arg(int value) => (long)value;
    public static implicit operator Arg(long value) => new(new Value { Tag = Tag.Int, Int = value });
    public static implicit operator Arg(double value) => new(new Value { Tag = Tag.Double, Double = value });
    public static implicit operator Arg(bool value) => new(new Value { Tag = Tag.Bool, Int = value ? 1 : 0 });
    public static implicit operator Arg(long? value) => value.HasValue ? value.Value : default(Arg);
    public static implicit operator Arg(double? value) => value.HasValue ? value.Value : default(Arg);
    public static implicit operator Arg(bool? value) => value.HasValue ? value.Value : default(Arg);
    public static implicit operator Arg(torch.ScalarType value) => (long)value;
    public static implicit operator Arg(torch.ScalarType? value) => value.HasValue ? (long)value.Value : default(Arg);
    public static implicit operator Arg(torch.Device? device)
        => device is null ? default : new(new Value { Tag = Tag.Device, Int = (long)device.type, Count = device.index });
    public static implicit operator Arg(torch.Generator? generator)
        => generator is null ? default : new(new Value { Tag = Tag.Generator, Pointer = generator.Handle }, generator);
    public static implicit operator Arg(long[]? values)
        => values is null ? default : new(new Value { Tag = Tag.Ints, Count = values.Length }, values);
    public static implicit operator Arg(double[]? values)
        => values is null ? default : new(new Value { Tag = Tag.Doubles, Count = values.Length }, values);
    public static implicit operator Arg(torch.Tensor?[] tensors)
        => new(new Value { Tag = Tag.Tensors, Count = tensors.Length }, tensors);
    public static implicit operator Arg(string? text)
    {
        if (text is null) return default;
        var bytes = Encoding.UTF8.GetBytes(text);
        return new(new Value { Tag = Tag.String, Count = bytes.Length }, bytes);
    }

    /// <summary>How many words of scratch memory <see cref="Write"/> needs.</summary>
    public int Words => value.Tag switch
    {
        Tag.Ints or Tag.Doubles or Tag.Tensors => value.Count,
        Tag.String => (value.Count + 7) / 8,
        _ => 0,
    };

    public unsafe Value Write(long* words)
    {
        var written = value;
        switch (source)
        {
            case long[] ints: ints.CopyTo(new Span<long>(words, ints.Length)); break;
            case double[] doubles: doubles.CopyTo(new Span<double>(words, doubles.Length)); break;
            case byte[] bytes: bytes.CopyTo(new Span<byte>(words, bytes.Length)); break;
            case torch.Tensor?[] tensors:
                for (var i = 0; i < tensors.Length; i++) words[i] = tensors[i]?.Handle ?? IntPtr.Zero;
                break;
            default: return written;
        }
        written.Pointer = (IntPtr)words;
        return written;
    }

    /// <summary>Keeps the tensors behind the handles alive up to here.</summary>
    public void KeepAlive() => GC.KeepAlive(source);
}
