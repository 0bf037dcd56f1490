using TorchSharp;

namespace VocSeg.Torch.Tests;

internal static class TensorValues
{
    /// <summary>All values of a tensor, in its order.</summary>
    internal static T[] Values<T>(this torch.Tensor tensor)
        where T : unmanaged
    {
        using var onHost = tensor.cpu();
        using var data = onHost.data<T>();
        return data.ToArray();
    }
}
