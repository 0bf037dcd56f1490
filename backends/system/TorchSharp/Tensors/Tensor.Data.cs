using TorchSharp.Native;
using TorchSharp.Utils;

namespace TorchSharp;

public static partial class torch
{
    public unsafe partial class Tensor
    {
        /// <summary>The elements; of a tensor on another device, of a copy of it on the CPU.</summary>
        public TensorAccessor<T> data<T>() where T : unmanaged
        {
            ValidateType(typeof(T));
            return new TensorAccessor<T>(device_type == DeviceType.CPU ? this : cpu());
        }

        public T item<T>() where T : unmanaged
        {
            if (NumberOfElements != 1) throw new ArgumentException("Number of elements in the tensor must be 1");
            return data<T>()[0];
        }

        public Scalar ToScalar() => new(Op.Single("item", this));

        public Storage<T> storage<T>() where T : unmanaged => new(to_type(Storage.TypeOf<T>()));

        public Span<byte> bytes
        {
            get
            {
                var total = NumberOfElements * ElementSize;
                RequireReadable(total);
                return new Span<byte>((void*)DataPointer(), (int)total);
            }
            set
            {
                if (!is_contiguous()) throw new InvalidOperationException("SetBytes() called on non-contiguous tensor.");
                if (NumberOfElements * ElementSize != value.Length)
                    throw new ArgumentException("Mismatched data sizes in SetBytes().");
                RequireCpu();
                value.CopyTo(new Span<byte>((void*)DataPointer(), value.Length));
            }
        }

        public T ReadCpuValue<T>(long i) where T : unmanaged => TensorAccessor<T>.ReadItemAt(this, i);
        public double ReadCpuDouble(long i) => ReadCpuValue<double>(i);
        public float ReadCpuSingle(long i) => ReadCpuValue<float>(i);
        public int ReadCpuInt32(long i) => ReadCpuValue<int>(i);
        public long ReadCpuInt64(long i) => ReadCpuValue<long>(i);
        public byte ReadCpuByte(long i) => ReadCpuValue<byte>(i);
        public sbyte ReadCpuSByte(long i) => ReadCpuValue<sbyte>(i);
        public short ReadCpuInt16(long i) => ReadCpuValue<short>(i);
        public bool ReadCpuBool(long i) => ReadCpuValue<bool>(i);

        public void WriteBytesToStream(Stream stream, int bufferSize = 1024)
        {
            RequireReadable(0);
            using var memory = Memory(FileAccess.Read);
            memory.CopyTo(stream, bufferSize);
        }

        public void ReadBytesFromStream(Stream stream, int bufferSize = 1024)
        {
            RequireReadable(0);
            using var memory = Memory(FileAccess.Write);
            var buffer = new byte[bufferSize];
            while (memory.Position < memory.Length)
            {
                var read = stream.Read(buffer, 0, (int)Math.Min(bufferSize, memory.Length - memory.Position));
                if (read == 0) throw new EndOfStreamException();
                memory.Write(buffer, 0, read);
            }
        }

        internal IntPtr DataPointer() => Checked(Bridge.tensor_data(Handle));

        internal void ValidateType(Type type)
        {
            if (NetTypeOf(dtype) is { } expected && type != expected)
                throw new ArgumentException($"{type.Name} is not compatible with {dtype}");
        }

        private UnmanagedMemoryStream Memory(FileAccess access)
        {
            var total = NumberOfElements * ElementSize;
            return new UnmanagedMemoryStream((byte*)DataPointer(), total, total, access);
        }

        private void RequireReadable(long total)
        {
            if (!is_contiguous()) throw new InvalidOperationException("Bytes() called on non-contiguous tensor.");
            if (total > int.MaxValue) throw new ArgumentException("Span only supports up to int.MaxValue elements.");
            RequireCpu();
        }

        internal void RequireCpu()
        {
            if (device_type != DeviceType.CPU)
                throw new InvalidOperationException(
                    "Reading data from non-CPU memory is not supported. Move or copy the tensor to the cpu before reading.");
        }
    }
}
