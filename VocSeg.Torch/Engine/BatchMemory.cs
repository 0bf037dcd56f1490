using static TorchSharp.torch;

namespace VocSeg.Torch;

/// <summary>Memory that a loader keeps as long as it lives.</summary>
internal static class BatchMemory
{
    /// <summary>A tensor of any values, in no dispose scope; the caller disposes it.</summary>
    /// <remarks>It is made for training whatever mode the caller is in: one that was made in inference mode could never be trained on.</remarks>
    internal static Tensor Allocate(ScalarType type, Device device, params long[] shape)
    {
        using var scope = NewDisposeScope();
        using var normal = inference_mode(false);
        return scope.Detach(empty(shape, type, device));
    }

    /// <summary>Memory on the host that a device copies from: pinned where the device is a GPU.</summary>
    internal static Tensor AllocatePinned(ScalarType type, Device device, params long[] shape)
    {
        using var scope = NewDisposeScope();
        using var normal = inference_mode(false);
        var memory = empty(shape, type, CPU);
        return scope.Detach(device.type == TorchSharp.DeviceType.CUDA ? memory.pin_memory() : memory);
    }
}
