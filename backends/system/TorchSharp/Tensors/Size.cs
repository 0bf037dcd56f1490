using System.Collections;

namespace TorchSharp;

public static partial class torch
{
    public struct Size : IEnumerable<long>
    {
        private readonly long[] shape;

        public static Size Empty = new(Array.Empty<long>());

        public Size(long[] shape) => this.shape = (long[])shape.Clone();
        public Size(int[] shape) => this.shape = Array.ConvertAll(shape, size => (long)size);
        public Size(IEnumerable<long> shape) => this.shape = shape.ToArray();
        public Size(long size) => shape = [size];
        public Size((long, long) size) => shape = [size.Item1, size.Item2];
        public Size((long, long, long) size) => shape = [size.Item1, size.Item2, size.Item3];
        public Size((long, long, long, long) size) => shape = [size.Item1, size.Item2, size.Item3, size.Item4];

        public readonly long[] Shape => shape;
        public readonly int Length => shape.Length;
        public readonly bool IsEmpty => shape.Length == 0;
        public readonly bool IsScalar => shape.Length == 0;
        public readonly long this[int idx] => shape[idx];
        public readonly long this[long idx] => shape[(int)idx];
        public readonly long numel() => shape.TotalSize();

        public static implicit operator Size(long size) => new(size);
        public static implicit operator Size(long[] size) => new(size);
        public static implicit operator Size((long, long) size) => new(size);
        public static implicit operator Size((long, long, long) size) => new(size);
        public static implicit operator Size((long, long, long, long) size) => new(size);

        public static bool operator ==(Size left, Size right) => left.shape.SequenceEqual(right.shape);
        public static bool operator !=(Size left, Size right) => !(left == right);

        public override readonly bool Equals(object? obj) => obj is Size other && this == other;
        public override readonly int GetHashCode() => shape.Aggregate(17, HashCode.Combine);

        public readonly IEnumerator<long> GetEnumerator() => shape.AsEnumerable().GetEnumerator();
        readonly IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
