using VocSeg.Torch;

namespace Options;

/// <summary>Shows how far a disk cache has come.</summary>
internal sealed class CacheStatus : IProgress<SampleCacheProgress>
{
    private readonly Lock gate = new();

    public void Report(SampleCacheProgress value)
    {
        var doing = value.IsWaiting ? "another process decodes into the disk cache" : "decoding into the disk cache";
        lock (gate)
            StatusLine.Show(value.Done, value.Total, $"{doing}: {value.Done} of {value.Total}");
    }
}
