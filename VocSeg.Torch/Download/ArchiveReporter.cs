using System.Diagnostics;

namespace VocSeg.Torch;

/// <summary>Tells the caller how far the work has come, some times a second.</summary>
internal sealed class ArchiveReporter(IProgress<VocArchiveProgress>? progress)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan RateOver = TimeSpan.FromSeconds(5);
    private readonly Queue<(long Time, long Bytes)> recent = new();
    private VocArchiveStage stage;
    private string source = "";
    private long reported;

    /// <summary>Begins a stage of so many bytes; some may be done already.</summary>
    internal void Begin(VocArchiveStage next, string from, long done, long? total)
    {
        (stage, source) = (next, from);
        recent.Clear();
        recent.Enqueue((Stopwatch.GetTimestamp(), done));
        Report(done, total);
    }

    internal void Advance(long done, long? total)
    {
        if (Stopwatch.GetElapsedTime(reported) >= Pause || done == total)
            Report(done, total);
    }

    internal void Say(VocArchiveStage now, string from, string? note = null) => progress?.Report(new(now, from, Note: note));

    private void Report(long done, long? total)
    {
        reported = Stopwatch.GetTimestamp();
        while (recent.Count > 1 && Stopwatch.GetElapsedTime(recent.Peek().Time, reported) > RateOver)
            recent.Dequeue();
        var (time, bytes) = recent.Peek();
        var seconds = Stopwatch.GetElapsedTime(time, reported).TotalSeconds;
        recent.Enqueue((reported, done));
        progress?.Report(new(stage, source, done, total, seconds > 0 ? Math.Max(0, done - bytes) / seconds : 0));
    }
}
