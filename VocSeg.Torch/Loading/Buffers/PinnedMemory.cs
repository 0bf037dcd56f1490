using static TorchSharp.torch;

namespace VocSeg.Torch;

/// <summary>Host memory that a device copies from: pinned where the device is a GPU.</summary>
internal static class PinnedMemory
{
    /// <summary>Bytes of a shape, of any value; in no dispose scope, the caller disposes them.</summary>
    internal static Tensor Allocate(Device device, params long[] shape)
    {
        using var scope = NewDisposeScope();
        var memory = empty(shape, ScalarType.Byte);
        return scope.Detach(device.type == TorchSharp.DeviceType.CUDA ? memory.pin_memory() : memory);
    }
}
