namespace VocSeg.Torch;

/// <summary>How far <see cref="VocArchive"/> has come.</summary>
/// <param name="Stage">What it is doing.</param>
/// <param name="Source">The URL, file or folder that it is doing it with.</param>
/// <param name="DoneBytes">Bytes of the tar that are done in this stage, those of earlier calls included.</param>
/// <param name="TotalBytes">Bytes of the tar; null where the server does not say.</param>
/// <param name="BytesPerSecond">The rate of the last few seconds; 0 where there is none yet.</param>
/// <param name="Note">What else there is to say: why an attempt failed, when the next one follows.</param>
public sealed record VocArchiveProgress(
    VocArchiveStage Stage,
    string Source,
    long DoneBytes = 0,
    long? TotalBytes = null,
    double BytesPerSecond = 0,
    string? Note = null)
{
    /// <summary>How long the rest of this stage takes at this rate; null where that cannot be said.</summary>
    public TimeSpan? TimeLeft => TotalBytes is { } total && BytesPerSecond > 0
        ? TimeSpan.FromSeconds(Math.Min((total - DoneBytes) / BytesPerSecond, TimeSpan.MaxValue.TotalSeconds / 2))
        : null;
}
