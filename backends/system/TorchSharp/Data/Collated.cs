namespace TorchSharp.Modules;

internal static class Collated
{
    /// <summary>The samples along a new first dimension, on the device; moved out of the current scope.</summary>
    public static torch.Tensor Batch(IEnumerable<torch.Tensor> samples, torch.Device device)
    {
        var batch = torch.cat(samples.Select(s => s.unsqueeze(0)).ToArray(), 0);
        if (batch.device_type != device.type || batch.device_index != device.index) batch = batch.to(device);
        return batch.MoveToOuterDisposeScope();
    }
}
