using TorchSharp.Native;
using NativeIndex = TorchSharp.Native.Index;

namespace TorchSharp;

public static partial class torch
{
    public struct TensorIndex
    {
        private long? first;
        private long? stop;
        private long? step;
        private Tensor? tensor;

        // The packages keep one kind more, Null, which adds a dimension as None does.
        private IndexKind kind;

        public static TensorIndex Slice(long? start = null, long? stop = null, long? step = null)
            => new() { kind = IndexKind.Slice, first = start, stop = stop, step = step };

        public static TensorIndex Slice((int? start, int? end) range) => Slice(range.start, range.end);

        public static TensorIndex Slice(Range range)
            => Slice(Position(range.Start), range.End is { IsFromEnd: true, Value: 0 } ? null : Position(range.End));

        public static TensorIndex Bool(bool value) => new() { kind = IndexKind.Mask, first = value ? 1 : 0 };
        public static TensorIndex Single(long? index) => new() { kind = IndexKind.Single, first = index };
        public static TensorIndex Tensor(Tensor tensor) => new() { kind = IndexKind.Indices, tensor = tensor };

        public static TensorIndex Ellipsis = new() { kind = IndexKind.Ellipsis };
        public static TensorIndex None = new() { kind = IndexKind.NewAxis };
        public static TensorIndex Null = new() { kind = IndexKind.NewAxis };
        public static TensorIndex Colon = Slice();

        public static implicit operator TensorIndex(long value) => Single(value);
        public static implicit operator TensorIndex((int? start, int? end) range) => Slice(range);
        public static implicit operator TensorIndex(Range range) => Slice(range);
        public static implicit operator TensorIndex(System.Index index) => Single(Position(index));

        // Lets the compiler choose the indexer with indices over the one with tensors; never run.
        public static implicit operator Tensor(TensorIndex value)
            => throw new InvalidOperationException("Should not be called.");

        internal readonly NativeIndex ToNative() => new()
        {
            Kind = kind,
            Parts = (first.HasValue ? IndexParts.Start : 0) | (stop.HasValue ? IndexParts.Stop : 0)
                | (step.HasValue ? IndexParts.Step : 0),
            Start = first.GetValueOrDefault(),
            Stop = stop.GetValueOrDefault(),
            Step = step.GetValueOrDefault(),
            Tensor = tensor?.Handle ?? IntPtr.Zero,
        };

        private static long Position(System.Index index) => index.IsFromEnd ? -index.Value : index.Value;
    }
}
