using TorchSharp;

namespace Throughput.Loaders;

/// <summary>TorchSharp's DataLoader over the library's data set: what there is without the library's loader.</summary>
internal static class RawLoader
{
    internal static void Serve(Job job)
    {
        using var dataset = job.OpenDataset();
        using var loader = torch.utils.data.DataLoader(
            dataset, job.BatchSize, shuffle: true, num_worker: job.Workers, drop_last: true, disposeDataset: false);
        Protocol.Serve(job, () => loader.Select(batch => (batch["image"], batch["label"])));
    }
}
