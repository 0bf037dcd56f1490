using System.Collections;
using System.Collections.Concurrent;
using TorchSharp;

namespace VocSeg.Torch;

/// <summary>One epoch of a loader: decodes a batch into staging memory on several threads, then hands it to the device.</summary>
internal sealed class EpochEnumerator : IEnumerator<VocSegBatch>
{
    private readonly VocSegDataset dataset;
    private readonly VocSegDataLoaderOptions options;
    private readonly long epoch;
    private readonly int[] order;
    private readonly StagingBuffer staging;
    private readonly ConcurrentBag<SampleReader> readers = [];
    private VocSegBatch? current;
    private int next;

    internal EpochEnumerator(VocSegDataLoader loader, long epoch)
    {
        dataset = loader.Dataset;
        options = loader.Options;
        this.epoch = epoch;
        order = EpochOrder.Create((int)dataset.Count, options.Shuffle, options.Seed ?? dataset.Seed, epoch);
        staging = new(Math.Min(options.BatchSize, order.Length), dataset.LargestSample, dataset.Device.type == DeviceType.CUDA);
    }

    public VocSegBatch Current => current ?? throw new InvalidOperationException("There is no batch before MoveNext or after the end of the epoch.");

    object IEnumerator.Current => Current;

    public bool MoveNext()
    {
        ReleaseCurrent();
        var count = Math.Min(options.BatchSize, order.Length - next);
        if (count == 0 || (options.DropLast && count < options.BatchSize))
            return false;

        var indices = new long[count];
        for (var slot = 0; slot < count; slot++)
            indices[slot] = order[next + slot];
        Decode(indices);
        next += count;

        using var scope = torch.NewDisposeScope();
        var (image, label) = dataset.Transform.Apply(staging, count);
        scope.Detach(image, label);
        current = new(image, label, epoch, indices);
        return true;
    }

    public void Reset() => throw new NotSupportedException("Begin a new epoch by a new foreach.");

    public void Dispose()
    {
        ReleaseCurrent();
        staging.Dispose();
    }

    private void Decode(long[] indices)
    {
        try
        {
            Parallel.For(0, indices.Length, new ParallelOptions { MaxDegreeOfParallelism = options.Workers }, slot =>
            {
                if (!readers.TryTake(out var reader))
                    reader = dataset.CreateReader();
                dataset.Stage(reader, staging, slot, indices[slot], epoch);
                readers.Add(reader);
            });
        }
        catch (AggregateException errors) when (errors.InnerExceptions[0] is VocDataException first)
        {
            throw new VocDataException(first);
        }
    }

    private void ReleaseCurrent()
    {
        current?.Release();
        current = null;
    }
}
