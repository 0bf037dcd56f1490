namespace VocSeg.Torch.Tests;

/// <summary>Keeps all reports, and may act on each.</summary>
internal sealed class Listener(Action<VocArchiveProgress>? then = null) : IProgress<VocArchiveProgress>
{
    internal List<VocArchiveProgress> Reports { get; } = [];

    public void Report(VocArchiveProgress value)
    {
        Reports.Add(value);
        then?.Invoke(value);
    }
}
