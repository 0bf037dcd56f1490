namespace VocSeg.Torch.Tests;

/// <summary>Keeps all that it is told; may do something at each report.</summary>
internal sealed class Listener(Action<VocArchiveProgress>? then = null) : IProgress<VocArchiveProgress>
{
    internal List<VocArchiveProgress> Reports { get; } = [];

    public void Report(VocArchiveProgress value)
    {
        Reports.Add(value);
        then?.Invoke(value);
    }
}
