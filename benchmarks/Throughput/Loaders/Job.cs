using TorchSharp;
using VocSeg.Torch;

namespace Throughput.Loaders;

/// <summary>What every contestant is asked to do.</summary>
/// <param name="Root">The VOC folder.</param>
/// <param name="BatchSize">Samples in a batch.</param>
/// <param name="Crop">The window.</param>
/// <param name="Seconds">The least time of a turn.</param>
/// <param name="Workers">Threads that decode.</param>
/// <param name="Cache">What is kept.</param>
/// <param name="Device">Where batches are made.</param>
/// <param name="Repeats">How often a measurement that has no turns is made.</param>
internal sealed record Job(string Root, int BatchSize, ImageSize Crop, double Seconds, int Workers, SampleCache Cache, torch.Device Device, int Repeats)
{
    internal bool OnGpu => Device.type == DeviceType.CUDA;

    /// <param name="split">A list of the set, or the path of another.</param>
    internal VocSegDataset OpenDataset(string split = "train") => new(Root, split, new() { Transforms = [new RandomCrop(Crop)], Device = Device });

    internal VocSegDataLoaderOptions LoaderOptions() => new() { BatchSize = BatchSize, Shuffle = true, DropLast = true, Workers = Workers, Cache = Cache };

    /// <summary>A GPU works behind its host: what is queued there is not done before this returns.</summary>
    internal void FinishQueue()
    {
        if (OnGpu)
            torch.cuda.synchronize(Device);
    }

    /// <summary>One epoch, of which nothing is kept but what the loader caches.</summary>
    /// <returns>How many images it had.</returns>
    internal static long RunEpoch(VocSegDataLoader loader)
    {
        long images = 0;
        foreach (var batch in loader)
            images += batch.Indices.Count;
        return images;
    }

    /// <summary>Runs epochs until the cache, if there is one, holds every sample: each epoch leaves out what makes no whole batch.</summary>
    internal static void FillCache(VocSegDataLoader loader)
    {
        for (var epoch = 0; epoch < 6 && loader.Options.Cache != SampleCache.None; epoch++)
            RunEpoch(loader);
    }

    /// <summary>Batches over the borders of epochs, without end.</summary>
    internal static IEnumerable<VocSegBatch> Endless(VocSegDataLoader loader)
    {
        while (true)
        {
            foreach (var batch in loader)
                yield return batch;
        }
    }
}
