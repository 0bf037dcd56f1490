namespace VocSeg.Torch;

/// <summary>How far the file of <see cref="SampleCache.Disk"/> has come.</summary>
/// <param name="Path">The file.</param>
/// <param name="IsWaiting">Whether another process or loader writes it, for whose end this one waits.</param>
/// <param name="Done">Samples that are written.</param>
/// <param name="Total">All samples of the file.</param>
public sealed record SampleCacheProgress(string Path, bool IsWaiting, int Done, int Total);
