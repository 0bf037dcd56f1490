using System.Collections;

namespace TorchSharp;

public static partial class torch
{
    public sealed unsafe class Storage<T> : Storage, IDisposable, IEnumerable<T> where T : unmanaged
    {
        internal Storage(Tensor tensor) : base(tensor)
        {
        }

        public override int element_size() => sizeof(T);

        public int Count => checked((int)(nbytes() / (ulong)sizeof(T)));

        public Device device => _tensor.device;

        public T this[int index]
        {
            get => Elements[index];
            set => Elements[index] = value;
        }

        public T[] ToArray() => Elements.ToArray();

        public IList<T> tolist() => ToArray();

        public void fill_(T value) => Elements.Fill(value);

        public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)ToArray()).GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        /// <summary>Lets go of the tensor, which lives on.</summary>
        public void Dispose()
        {
            _tensor_data_ptr = IntPtr.Zero;
            _tensor = null!;
        }

        private Span<T> Elements
        {
            get
            {
                _tensor.RequireCpu();
                return new Span<T>((void*)_tensor_data_ptr, Count);
            }
        }
    }
}
