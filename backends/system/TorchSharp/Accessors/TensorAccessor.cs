using System.Collections;

namespace TorchSharp.Utils;

/// <summary>A CPU tensor's elements in its own memory, in order of its indices whatever the strides.</summary>
public sealed unsafe class TensorAccessor<T> : IDisposable, IEnumerable<T> where T : unmanaged
{
    private torch.Tensor tensor;
    private T* memory;

    internal TensorAccessor(torch.Tensor tensor)
    {
        tensor.RequireCpu();
        memory = (T*)tensor.DataPointer();
        this.tensor = tensor;
    }

    public long Count => tensor?.numel() ?? 0;

    public bool IsReadOnly => false;

    public T this[params long[] indices]
    {
        get
        {
            RequireInside(indices);
            return indices.Length == 1 ? memory[Offset(indices[0])] : memory[Offset(indices)];
        }
        set
        {
            RequireInside(indices);
            memory[Offset(indices)] = value;
        }
    }

    public T[] ToArray()
    {
        var array = new T[Count];
        if (array.Length > 0 || tensor.ndim > 1) CopyTo(array);
        return array;
    }

    /// <summary>An array of the tensor's own rank; of rank one for a single number.</summary>
    public Array ToNDArray()
    {
        var shape = tensor.shape;
        if (shape.Length < 2) return ToArray();
        var array = Array.CreateInstance(typeof(T), shape);
        var position = new long[shape.Length];
        foreach (var value in this)
        {
            array.SetValue(value, position);
            for (var i = shape.Length - 1; i >= 0 && ++position[i] == shape[i]; i--) position[i] = 0;
        }
        return array;
    }

    public void CopyTo(T[] array, int arrayIndex = 0, long tensorIndex = 0) => CopyTo(array.AsSpan(), arrayIndex, tensorIndex);

    public void CopyTo(Span<T> array, int arrayIndex = 0, long tensorIndex = 0)
    {
        RequireStart(tensorIndex);
        var count = Math.Min(array.Length - arrayIndex, Count - tensorIndex);
        if (tensor.is_contiguous())
        {
            for (var i = 0; i < count; i++) array[arrayIndex + i] = memory[tensorIndex + i];
            return;
        }
        foreach (var offset in Offsets(tensorIndex, count)) array[arrayIndex++] = memory[offset];
    }

    public void CopyFrom(T[] array, int arrayIndex = 0, long tensorIndex = 0)
        => CopyFrom(new ReadOnlySpan<T>(array), arrayIndex, tensorIndex);

    public void CopyFrom(ReadOnlySpan<T> array, int arrayIndex = 0, long tensorIndex = 0)
    {
        RequireStart(tensorIndex);
        var count = Math.Min(array.Length - arrayIndex, Count - tensorIndex);
        foreach (var offset in Offsets(tensorIndex, count)) memory[offset] = array[arrayIndex++];
    }

    public IEnumerator<T> GetEnumerator()
    {
        foreach (var offset in Offsets(0, Count)) yield return Read(offset);
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Lets go of the tensor, which lives on.</summary>
    public void Dispose()
    {
        tensor = null!;
        memory = null;
    }

    public override bool Equals(object? obj) => obj is TensorAccessor<T> other && this == other;

    public override int GetHashCode() => memory == null ? 0 : ((IntPtr)memory).GetHashCode();

    public static bool operator ==(TensorAccessor<T> left, TensorAccessor<T> right) => left.SequenceEqual(right);

    public static bool operator !=(TensorAccessor<T> left, TensorAccessor<T> right) => !(left == right);

    internal static T ReadItemAt(torch.Tensor tensor, long index)
    {
        tensor.RequireCpu();
        tensor.ValidateType(typeof(T));
        var accessor = new TensorAccessor<T>(tensor);
        return accessor.memory[accessor.Offset(index)];
    }

    private T Read(long offset) => memory[offset];

    private void RequireInside(long[] indices)
    {
        if (indices.Length == 1 && indices[0] >= Count) throw new IndexOutOfRangeException();
    }

    private void RequireStart(long index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index, "startingIndex");
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count, "startingIndex");
    }

    private long Offset(long index)
    {
        if (index < 0 || index >= Count)
            throw new ArgumentOutOfRangeException($"{index} in a collection of  ${Count} elements.");
        if (tensor.is_contiguous()) return index;
        var (shape, strides, offset) = (tensor.shape, tensor.stride(), 0L);
        for (var i = shape.Length - 1; i >= 0; i--)
        {
            index = Math.DivRem(index, shape[i], out var position);
            offset += position * strides[i];
        }
        return offset;
    }

    private long Offset(long[] indices)
    {
        var (shape, strides, offset) = (tensor.shape, tensor.stride(), 0L);
        for (var i = shape.Length - 1; i >= 0; i--)
        {
            if (indices[i] < 0 || indices[i] >= shape[i])
                throw new IndexOutOfRangeException($"{indices[i]} >= {shape[i]} in dimension {i}.");
            offset += indices[i] * strides[i];
        }
        return offset;
    }

    private IEnumerable<long> Offsets(long start, long count)
    {
        if (count <= 0) yield break;
        var (shape, strides) = (tensor.shape, tensor.stride());
        var position = new long[shape.Length];
        var offset = Offset(start);
        for (var i = shape.Length - 1; i >= 0; i--) start = Math.DivRem(start, shape[i], out position[i]);
        while (true)
        {
            yield return offset;
            if (--count == 0) yield break;
            for (var i = shape.Length - 1; ; i--)
            {
                offset += strides[i];
                if (++position[i] < shape[i]) break;
                offset -= position[i] * strides[i];
                position[i] = 0;
            }
        }
    }
}
