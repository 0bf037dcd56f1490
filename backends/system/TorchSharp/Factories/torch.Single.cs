using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>A tensor of no dimensions.</summary>
    private static Tensor Single(Scalar value, ScalarType type, ScalarType? dtype, Device? device, bool requires_grad)
    {
        device = InitializeDevice(device);
        var tensor = Op.Tensor("scalar_tensor", value, dtype ?? type, Arg.None, device);
        return Finished(tensor, requires_grad, null);
    }
}
