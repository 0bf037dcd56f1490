using VocSeg.Torch;

namespace Throughput.Loaders;

/// <summary>The library's own loader.</summary>
internal static class OurLoader
{
    internal static void Serve(Job job)
    {
        using var dataset = job.OpenDataset();
        using var loader = new VocSegDataLoader(dataset, job.LoaderOptions());
        Protocol.Serve(job, () => loader.Select(batch => (batch.Image, batch.Label)));
    }
}
