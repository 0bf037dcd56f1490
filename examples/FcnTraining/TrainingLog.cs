using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace FcnTraining;

/// <summary>Writes figures to metrics.jsonl, one JSON object a line, and to TensorBoard if that is asked for.</summary>
internal sealed class TrainingLog : IDisposable
{
    private static readonly JsonSerializerOptions Format =
        new(JsonSerializerDefaults.Web) { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    private readonly StreamWriter lines;
    private readonly SummaryWriter? board;

    /// <summary>Opens the files; what a killed training wrote beyond the step of its checkpoint is taken out.</summary>
    internal TrainingLog(string folder, long step, bool tensorBoard)
    {
        var path = Path.Combine(folder, "metrics.jsonl");
        var told = step > 0 && File.Exists(path) ? File.ReadAllLines(path) : [];
        lines = new(path) { AutoFlush = true };
        foreach (var line in told.TakeWhile(line => StepOf(line) <= step))
            lines.WriteLine(line);
        board = tensorBoard ? utils.tensorboard.SummaryWriter(Path.Combine(folder, "tensorboard")) : null;
    }

    /// <summary>Writes a line of JSON, and those of its figures that TensorBoard draws.</summary>
    internal void Write<T>(long step, T figures, params ReadOnlySpan<(string Tag, double Value)> drawn)
    {
        lines.WriteLine(JsonSerializer.Serialize(figures, Format));
        foreach (var (tag, value) in drawn)
            board?.add_scalar(tag, (float)value, (int)step);
    }

    public void Dispose() => lines.Dispose();

    private static long StepOf(string line)
    {
        // The last line may be cut short; the reader is told so, and fails without an exception.
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(line), isFinalBlock: false, default);
        return JsonDocument.TryParseValue(ref reader, out var json)
            ? json.RootElement.GetProperty("step").GetInt64()
            : long.MaxValue;
    }
}
