using VocSeg.Torch;

namespace Throughput.Loaders;

/// <summary>What every contestant is asked to do.</summary>
internal sealed record Job(string Root, int BatchSize, CropSize Crop, double Seconds, int Workers, SampleCache Cache)
{
    internal VocSegDataset OpenDataset() => new(Root, "train", new() { Crop = Crop });

    internal VocSegDataLoaderOptions LoaderOptions() => new() { BatchSize = BatchSize, Workers = Workers, Cache = Cache };
}
