using System.Numerics;
using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>The whole memory under a tensor, which views of it share.</summary>
    public abstract unsafe class Storage
    {
        protected Tensor _tensor;
        protected IntPtr _tensor_data_ptr;

        protected Storage(Tensor tensor)
        {
            _tensor = tensor;
            _ = data_ptr();
        }

        public abstract int element_size();

        public IntPtr data_ptr()
        {
            if (_tensor_data_ptr == IntPtr.Zero) _tensor_data_ptr = Read().Pointer;
            return _tensor_data_ptr;
        }

        public ulong nbytes() => (ulong)Read().Bytes;

        internal static ScalarType TypeOf<T>()
        {
            var type = typeof(T);
            if (type == typeof(byte) || type == typeof(bool) || type == typeof(int) || type == typeof(long)
                || type == typeof(float) || type == typeof(double) || type == typeof((float, float)) || type == typeof(Complex))
                return ToScalarType(type);
            throw new NotSupportedException();
        }

        private (IntPtr Pointer, long Bytes) Read()
        {
            long bytes;
            var pointer = Bridge.tensor_storage_data(_tensor.Handle, &bytes);
            GC.KeepAlive(_tensor);
            Bridge.Check();
            return (pointer, bytes);
        }
    }
}
