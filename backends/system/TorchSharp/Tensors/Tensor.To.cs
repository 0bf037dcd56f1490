using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor to(DeviceType deviceType, int deviceIndex = -1, bool copy = false, bool disposeAfter = false, bool non_blocking = false)
        {
            InitializeDeviceType(deviceType);
            return Moved(null, new Device(deviceType, deviceIndex), copy, disposeAfter, non_blocking);
        }

        public Tensor to(ScalarType type, Device device, bool copy = false, bool disposeAfter = false, bool non_blocking = false)
            => Moved(type, InitializeDevice(device), copy, disposeAfter, non_blocking);

        public Tensor to(ScalarType type, bool copy = false, bool disposeAfter = false, bool non_blocking = false)
            => to_type(type, copy, disposeAfter, non_blocking);

        public Tensor to(string device, bool copy = false, bool disposeAfter = false, bool non_blocking = false)
            => to(new Device(device), copy, disposeAfter, non_blocking);

        public Tensor to(Device device, bool copy = false, bool disposeAfter = false, bool non_blocking = false)
            => to(device.type, device.index, copy, disposeAfter, non_blocking);

        // The packages pass the flag on as `copy`; code that leans on it must see the same.
        public Tensor to(Tensor other, bool non_blocking = false) => to(other.dtype, other.device, non_blocking);

        public Tensor to_type(ScalarType type, bool copy = false, bool disposeAfter = false, bool non_blocking = false)
            => Moved(type, null, copy, disposeAfter, non_blocking);

        private Tensor Moved(ScalarType? type, Device? device, bool copy, bool disposeAfter, bool non_blocking)
        {
            var moved = Op.Tensor("to.dtype_layout", this, type, Arg.None, device, Arg.None, non_blocking, copy);
            if (disposeAfter) Dispose();
            return moved;
        }

        public Tensor type_as(Tensor tensor) => to_type(tensor.dtype);
        public Tensor type(Func<Tensor, Tensor> typeFunc) => typeFunc(this);
        public Tensor type(ScalarType dtype) => to(dtype);

        public Tensor cpu() => Moved(null, CPU, false, false, false);

        // With a device, the packages take this tensor's own index and not the device's.
        public Tensor cuda(Device? device = null, bool non_blocking = false)
        {
            if (device is not null && device.type != DeviceType.CUDA)
                throw new ArgumentException("Not a CUDA device.", nameof(device));
            InitializeDeviceType(DeviceType.CUDA);
            var index = device is null ? -1 : device_index;
            return Moved(null, new Device(DeviceType.CUDA, index), false, false, device is not null && non_blocking);
        }

        public Tensor @bool() => to_type(ScalarType.Bool);
        public Tensor @byte() => to_type(ScalarType.Byte);
        public Tensor @char() => to_type(ScalarType.Int8);
        public Tensor @short() => to_type(ScalarType.Int16);
        public Tensor @int() => to_type(ScalarType.Int32);
        public Tensor @long() => to_type(ScalarType.Int64);
        public Tensor half() => to_type(ScalarType.Float16);
        public Tensor bfloat16() => to_type(ScalarType.BFloat16);
        public Tensor @float() => to_type(ScalarType.Float32);
        public Tensor @double() => to_type(ScalarType.Float64);

        public Tensor clone() => Op.Tensor("clone", this);
        public Tensor alias() => Op.Tensor("alias", this);
        public Tensor contiguous() => Op.Tensor("contiguous", this);
        public Tensor pin_memory() => Op.Tensor("pin_memory", this);

        public Tensor copy_(Tensor source, bool nonBlocking = false) => Op.InPlace("copy_", this, source, nonBlocking);
        public Tensor set_(Tensor source) => Op.InPlace("set_.source_Tensor", this, source);
    }
}
