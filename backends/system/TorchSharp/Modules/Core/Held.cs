namespace TorchSharp.Modules;

/// <summary>What a layer does with a tensor that it is given to keep.</summary>
internal static class Held
{
    /// <summary>Disposes the old tensor and takes the new one out of its dispose scope; false where they are one.</summary>
    public static bool Assign(this torch.Tensor? old, torch.Tensor? value)
    {
        if (ReferenceEquals(old, value)) return false;
        old?.Dispose();
        value?.DetachFromDisposeScope();
        return true;
    }
}
