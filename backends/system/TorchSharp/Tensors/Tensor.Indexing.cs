using System.Runtime.CompilerServices;
using TorchSharp.Native;
using NativeIndex = TorchSharp.Native.Index;

namespace TorchSharp;

public static partial class torch
{
    public unsafe partial class Tensor
    {
        [IndexerName("TensorItems")]
        public Tensor this[params TensorIndex[] indices]
        {
            get => index(indices);
            set => index_put_(value, indices);
        }

        [IndexerName("TensorItems")]
        public Tensor this[params Tensor[] indices]
        {
            get => index(indices);
            set => index_put_(value, indices);
        }

        [IndexerName("TensorItems")]
        public Tensor this[params long[] indices]
        {
            get => index(Singles(indices));
            set => index_put_(value, Singles(indices));
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1]
        {
            get => Element(i1);
            set => Assign(value, i1);
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1, long i2]
        {
            get => Element(i1, i2);
            set => Assign(value, i1, i2);
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1, long i2, long i3]
        {
            get => Element(i1, i2, i3);
            set => Assign(value, i1, i2, i3);
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1, long i2, long i3, long i4]
        {
            get => Element(i1, i2, i3, i4);
            set => Assign(value, i1, i2, i3, i4);
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1, long i2, long i3, long i4, long i5]
        {
            get => Element(i1, i2, i3, i4, i5);
            set => Assign(value, i1, i2, i3, i4, i5);
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1, long i2, long i3, long i4, long i5, long i6]
        {
            get => Element(i1, i2, i3, i4, i5, i6);
            set => Assign(value, i1, i2, i3, i4, i5, i6);
        }

        public Tensor index(params TensorIndex[] indices)
        {
            var native = ToNative(indices);
            fixed (NativeIndex* p = native)
            {
                var result = Checked(Bridge.tensor_index(Handle, p, native.Length));
                GC.KeepAlive(indices);
                return new Tensor(result);
            }
        }

        public Tensor index(params Tensor[] indices) => index(Array.ConvertAll(indices, TensorIndex.Tensor));

        public Tensor index_put_(Tensor value, params TensorIndex[] indices)
        {
            var native = ToNative(indices);
            fixed (NativeIndex* p = native) Bridge.tensor_index_put(Handle, p, native.Length, value.Handle);
            GC.KeepAlive(this);
            GC.KeepAlive(indices);
            GC.KeepAlive(value);
            Bridge.Check();
            return this;
        }

        public Tensor index_put_(Tensor value, params Tensor[] indices)
            => index_put_(value, Array.ConvertAll(indices, TensorIndex.Tensor));

        public Tensor index_put_(Tensor value, Tensor[] indices, bool accumulate = false)
            => Op.InPlace("index_put_", this, Arg.Tensors(indices), value, accumulate);

        public Tensor index_put_(Scalar value, params TensorIndex[] indices)
        {
            using var filling = torch.full(ReadOnlySpan<long>.Empty, value, dtype, device);
            return index_put_(filling, indices);
        }

        public Tensor index_put_(Scalar value, params Tensor[] indices)
            => index_put_(value, Array.ConvertAll(indices, TensorIndex.Tensor));

        private Tensor Element(params ReadOnlySpan<long> indices)
        {
            var element = select(0, indices[0]);
            for (var i = 1; i < indices.Length; i++)
            {
                using var outer = element;
                element = outer.select(0, indices[i]);
            }
            return element;
        }

        private void Assign(Tensor value, params ReadOnlySpan<long> indices)
        {
            using var element = Element(indices);
            element.copy_(value);
        }

        private static TensorIndex[] Singles(long[] indices) => Array.ConvertAll(indices, i => TensorIndex.Single(i));

        private static NativeIndex[] ToNative(TensorIndex[] indices) => Array.ConvertAll(indices, i => i.ToNative());
    }
}
