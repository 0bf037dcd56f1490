using System.Text.Json;
using System.Text.Json.Serialization;
using TorchSharp;
using TorchSharp.Modules;
using VocSeg.Torch;

namespace FcnTraining;

/// <summary>Writes figures to <c>metrics.jsonl</c>, one JSON object a line, and to TensorBoard where that is asked for.</summary>
internal sealed class TrainingLog : IDisposable
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web) { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    private readonly StreamWriter lines;
    private readonly SummaryWriter? board;

    /// <param name="folder">Where the files go.</param>
    /// <param name="step">Steps that are done already; what a killed run wrote beyond them will be written again.</param>
    /// <param name="tensorBoard">Whether TensorBoard gets the figures too.</param>
    internal TrainingLog(string folder, long step, bool tensorBoard)
    {
        var path = Path.Combine(folder, "metrics.jsonl");
        string[] kept = step > 0 && File.Exists(path) ? [.. File.ReadLines(path).TakeWhile(line => StepOf(line) <= step)] : [];
        lines = new(path) { AutoFlush = true };
        foreach (var line in kept)
            lines.WriteLine(line);
        if (tensorBoard)
            board = torch.utils.tensorboard.SummaryWriter(Path.Combine(folder, "tensorboard"));
    }

    internal void Train(TrainingReport report)
    {
        lines.WriteLine(JsonSerializer.Serialize(report, Format));
        board?.add_scalar("train/loss", (float)report.Loss, (int)report.Step);
        board?.add_scalar("train/accuracy", (float)report.Accuracy, (int)report.Step);
        board?.add_scalar("train/learning rate", (float)report.LearningRate, (int)report.Step);
    }

    internal void Validation(long epoch, long step, SegmentationScore score, SegmentationPalette palette)
    {
        var classes = palette.ClassNames.Zip(score.ClassIoU).ToDictionary(pair => pair.First, pair => pair.Second, StringComparer.Ordinal);
        lines.WriteLine(JsonSerializer.Serialize(new { epoch, step, validationAccuracy = score.PixelAccuracy, meanIoU = score.MeanIoU, classIoU = classes }, Format));
        board?.add_scalar("validation/accuracy", (float)score.PixelAccuracy, (int)step);
        board?.add_scalar("validation/mean IoU", (float)score.MeanIoU, (int)step);
    }

    public void Dispose() => lines.Dispose();

    // The last line of a killed run may be cut short.
    private static long StepOf(string line)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            return json.RootElement.GetProperty("step").GetInt64();
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return long.MaxValue;
        }
    }
}
