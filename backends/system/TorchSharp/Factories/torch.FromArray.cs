namespace TorchSharp;

public static partial class torch
{
    public static Tensor from_array(Array rawArray, Device? device = null)
        => from_array(rawArray, ElementType(rawArray), device ?? CPU);

    /// <summary>Shares the array's memory where neither dtype nor device ask for a copy.</summary>
    public static Tensor from_array(Array rawArray, ScalarType? dtype, Device? device = null, bool requires_grad = false, string[]? names = null)
    {
        var shape = new long[rawArray.Rank];
        for (var i = 0; i < shape.Length; i++) shape[i] = rawArray.GetLength(i);
        return Wrap(rawArray, shape, ElementType(rawArray), dtype, device, requires_grad, copy: false, names);
    }

    public static Tensor as_tensor(Array data, ScalarType? dtype = null, Device? device = null)
        => from_array(data, dtype, device, false);

    public static Tensor as_tensor(Tensor data, ScalarType? dtype = null, Device? device = null)
        => (dtype, device) switch
        {
            (null, null) => data.alias(),
            (null, { } to) => data.to(to),
            ({ } type, null) => data.to(type),
            ({ } type, { } to) => data.to(type, to),
        };

    /// <summary>Shares the array's memory; count and offset are in elements of the array.</summary>
    public static Tensor frombuffer(Array rawArray, ScalarType dtype, long count = -1, long offset = 0, bool requires_grad = false)
    {
        var length = rawArray.LongLength;
        if (offset < 0 || offset >= length) throw new ArgumentException($"invalid value for 'offset': {offset}");
        if (count < 0) count = length - offset;
        if (count > length - offset) throw new IndexOutOfRangeException($"element count is too large: {count}");
        var type = ElementType(rawArray);
        if (type == ScalarType.ComplexFloat32) throw new NotImplementedException("frombuffer(ComplexFloat32)");
        var shared = ManagedMemory.Tensor(rawArray, offset * type.ElementSize(), [count], type);
        if (requires_grad) shared.requires_grad = true;
        if (dtype == type) return shared;
        var converted = shared.to_type(dtype);
        shared.Dispose();
        return converted;
    }

    private static ScalarType ElementType(Array array) => ToScalarType(array.GetType().GetElementType()!);

    private static Tensor Wrap(
        Array array, ReadOnlySpan<long> shape, ScalarType type, ScalarType? dtype, Device? device, bool requires_grad,
        bool copy, string[]? names)
    {
        var needed = 1L;
        foreach (var size in shape) needed *= size;
        if (needed > array.LongLength)
            throw new ArgumentException($"mismatched total size creating a tensor from an array: {needed} vs. {array.LongLength}");
        device = InitializeDevice(device);
        var tensor = ManagedMemory.Tensor(copy ? (Array)array.Clone() : array, 0, shape, type);
        if (device.type != DeviceType.CPU || (dtype ?? type) != type)
        {
            using var shared = tensor;
            tensor = shared.to(dtype ?? type, device);
        }
        return Finished(tensor, requires_grad, names);
    }

    private static Tensor Finished(Tensor tensor, bool requires_grad, string[]? names)
    {
        if (names is { Length: > 0 }) throw new NotSupportedException("Named dimensions are not in this backend.");
        return requires_grad ? tensor.requires_grad_() : tensor;
    }
}
