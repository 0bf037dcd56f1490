using System.Globalization;

namespace FcnTraining;

/// <summary>How the epoch stands so far.</summary>
/// <param name="Epoch">From 1.</param>
/// <param name="Step">Steps done since the beginning.</param>
/// <param name="Loss">The mean over the batches.</param>
/// <param name="Accuracy">The share of pixels that were right when they were trained on.</param>
/// <param name="LearningRate">Of the last step.</param>
/// <param name="ImagesPerSecond">In training.</param>
/// <param name="DataWait">The share of the time that the loop waited for the loader.</param>
internal sealed record TrainingReport(long Epoch, long Step, double Loss, double Accuracy, double LearningRate, double ImagesPerSecond, double DataWait)
{
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"loss {Loss:F3}, accuracy {Accuracy:F3}, {ImagesPerSecond:F1} images/s, data wait {100 * DataWait:F0}%");
}
