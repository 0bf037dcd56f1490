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
    private readonly SlidingPrediction? window;

    internal Evaluation(SampleCatalog catalog, Settings settings, VocSegDatasetOptions data, EvaluateOn on)
    {
        var isWhole = on == EvaluateOn.Whole;
        Dataset = new(catalog, data with { Transforms = [isWhole ? new Whole() : new RandomCrop(settings.Crop)] });
        loader = new(Dataset, settings.Loading with
        {
            BatchSize = isWhole ? 1 : settings.BatchSize,
            // Each worker then has an image to decode.
            Prefetch = isWhole ? settings.Workers : 2,
            Warn = _ => { },
        });
        window = isWhole ? settings.Window : null;
    }

    internal VocSegDataset Dataset { get; }

    /// <summary>
    /// The score of all samples; each evaluation sees the same crops. Whoever wants is told the classes
    /// (1, height, width) of each whole sample, in order.
    /// </summary>
    internal SegmentationScore Run(
        Fcn model, Action<SegmentationSample, Tensor>? seen = null, CancellationToken stop = default)
    {
        using var constant = no_grad();
        var palette = Dataset.Options.Palette;
        using var matrix = new ConfusionMatrix(palette.ClassCount, Dataset.Device, palette.IgnoreIndex);
        model.eval();
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
        loader.Dispose();
        Dataset.Dispose();
    }
}
