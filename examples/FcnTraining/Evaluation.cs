using Options;
using VocSeg.Torch;

namespace FcnTraining;

internal enum EvaluateOn { Whole, Crops }

/// <summary>
/// Compares what a network says of samples with their labels. Whole images come one by one and in their own size: what
/// a batch pads beside an image would reach into the network's view of its edges.
/// </summary>
internal sealed class Evaluation : IDisposable
{
    private readonly VocSegDataLoader loader;
    private readonly ConfusionMatrix matrix;
    private readonly SlidingPrediction? window;

    /// <param name="catalog">The samples.</param>
    /// <param name="settings">Crop, batch size, workers, cache, sliding window.</param>
    /// <param name="data">Palette, device and seed.</param>
    /// <param name="on">Whether images are seen whole, or one random crop of each.</param>
    internal Evaluation(SampleCatalog catalog, Settings settings, VocSegDatasetOptions data, EvaluateOn on)
    {
        var isWhole = on == EvaluateOn.Whole;
        Dataset = new(catalog, data with { Transforms = [isWhole ? new Whole() : new RandomCrop(settings.Crop)] });
        loader = new(Dataset, new()
        {
            BatchSize = isWhole ? 1 : settings.BatchSize,
            // Each worker then has an image to decode.
            Prefetch = isWhole ? settings.Workers : 2,
            Workers = settings.Workers,
            Cache = settings.Cache,
            CacheProgress = new CacheStatus(),
            Inform = StatusLine.Print,
            Warn = _ => { },
        });
        matrix = new(data.Palette.ClassCount, Dataset.Device, data.Palette.IgnoreIndex);
        window = isWhole ? settings.Window : null;
    }

    internal VocSegDataset Dataset { get; }

    /// <summary>The score of all samples; each evaluation sees the same crops.</summary>
    /// <param name="model">The network.</param>
    /// <param name="seen">Is told the classes (1, height, width) of each whole sample, in order.</param>
    /// <param name="stop">Stops it.</param>
    internal SegmentationScore Run(
        Fcn model, Action<SegmentationSample, Tensor>? seen = null, CancellationToken stop = default)
    {
        using var constant = no_grad();
        model.eval();
        matrix.Reset();
        loader.NextEpoch = 0;
        foreach (var batch in loader.WithCancellation(stop))
        {
            using var scope = NewDisposeScope();
            var classes = window?.Predict(model.call, matrix.Classes, batch.Image) ?? model.call(batch.Image).argmax(1);
            matrix.Add(classes, batch.Label);
            seen?.Invoke(Dataset.Samples[(int)batch.Indices[0]], classes);
        }
        return matrix.Score();
    }

    public void Dispose()
    {
        matrix.Dispose();
        loader.Dispose();
        Dataset.Dispose();
    }
}
