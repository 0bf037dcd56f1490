using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public unsafe partial class Tensor
    {
        public long Dimensions => Bridge.tensor_dim(Handle);
        public long dim() => Dimensions;
        public long ndim => Dimensions;
        public long NumberOfElements => Bridge.tensor_numel(Handle);
        public long numel() => NumberOfElements;
        public long ElementSize => Bridge.tensor_element_size(Handle);
        public long element_size() => ElementSize;

        public ScalarType dtype => (ScalarType)Bridge.tensor_dtype(Handle);
        public DeviceType device_type => (DeviceType)Bridge.tensor_device_type(Handle);
        public int device_index => Bridge.tensor_device_index(Handle);

        public Device device
            => device_type == DeviceType.CPU ? new Device(DeviceType.CPU) : new Device(device_type, device_index);

        public bool is_integral() => torch.is_integral(dtype);
        public bool is_floating_point() => torch.is_floating_point(dtype);
        public bool is_complex() => torch.is_complex(dtype);
        public bool is_quantized() => torch.is_quantized(dtype);
        public bool is_cuda => device_type == DeviceType.CUDA;
        public bool is_meta => device_type == DeviceType.META;
        public bool is_cpu() => device_type == DeviceType.CPU;
        public bool is_sparse => Bridge.tensor_is_sparse(Handle) != 0;
        public bool is_contiguous() => Bridge.tensor_is_contiguous(Handle) != 0;
        public bool is_pinned() => Op.Bool("is_pinned", this);

        public bool is_nonzero()
            => NumberOfElements == 1
                ? Op.Bool("is_nonzero", this)
                : throw new InvalidOperationException("is_nonzero() called on non-singleton tensor");

        public long[] shape => size();

        public long[] size()
        {
            var sizes = new long[Dimensions];
            fixed (long* p = sizes) Bridge.tensor_sizes(Handle, p);
            GC.KeepAlive(this);
            Bridge.Check();
            return sizes;
        }

        public long size(int dim) => Checked(Bridge.tensor_size(Handle, dim));

        public long[] stride()
        {
            var strides = new long[Dimensions];
            fixed (long* p = strides) Bridge.tensor_strides(Handle, p);
            GC.KeepAlive(this);
            Bridge.Check();
            return strides;
        }

        public long stride(int dim) => Checked(Bridge.tensor_stride(Handle, dim));

        public long storage_offset() => Bridge.tensor_storage_offset(Handle);

        // This tensor must outlive the call that its handle went into.
        private T Checked<T>(T result)
        {
            GC.KeepAlive(this);
            Bridge.Check();
            return result;
        }
    }
}
