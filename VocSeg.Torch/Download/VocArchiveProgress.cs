using System.Diagnostics;

namespace VocSeg.Torch;

/// <summary>What <see cref="VocArchive"/> is doing.</summary>
public enum VocArchiveStage
{
    /// <summary>It waits for another process that works on the same folder.</summary>
    Waiting,

    /// <summary>It reads the bytes that an earlier call left, to compute their checksum.</summary>
    Checking,

    /// <summary>It receives bytes over the network.</summary>
    Downloading,

    /// <summary>An attempt has failed, and another one follows.</summary>
    Retrying,

    /// <summary>It takes files out of the tar.</summary>
    Unpacking,

    /// <summary>The VOC folder is complete.</summary>
    Finished,
}

/// <summary>How far <see cref="VocArchive"/> has come.</summary>
/// <param name="Stage">What it is doing.</param>
/// <param name="Source">The URL, file or folder that it is working on.</param>
/// <param name="DoneBytes">Bytes of the tar that this stage has done, including those of earlier calls.</param>
/// <param name="TotalBytes">Bytes of the whole tar; null where the server does not tell.</param>
/// <param name="BytesPerSecond">The rate over the last few seconds; 0 where it is not known yet.</param>
/// <param name="Note">Further information, such as why an attempt failed and when the next one follows.</param>
public sealed record VocArchiveProgress(
    VocArchiveStage Stage,
    string Source,
    long DoneBytes = 0,
    long? TotalBytes = null,
    double BytesPerSecond = 0,
    string? Note = null)
{
    /// <summary>How long the rest of this stage takes at this rate; null where it cannot be estimated.</summary>
    public TimeSpan? TimeLeft => TotalBytes is { } total && BytesPerSecond > 0
        ? TimeSpan.FromSeconds(Math.Min((total - DoneBytes) / BytesPerSecond, TimeSpan.MaxValue.TotalSeconds / 2))
        : null;
}

/// <summary>Reports progress to the caller a few times a second, and computes the rate.</summary>
internal sealed class ArchiveReporter(IProgress<VocArchiveProgress>? progress)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan RateOver = TimeSpan.FromSeconds(5);
    private readonly Queue<(long Time, long Bytes)> recent = new();
    private VocArchiveStage stage;
    private string source = "";
    private long reported;

    /// <summary>Begins a stage; some of its bytes may be done already.</summary>
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

    internal void Say(VocArchiveStage now, string from, string? note = null) =>
        progress?.Report(new(now, from, Note: note));

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
