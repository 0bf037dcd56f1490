using VocSeg.Torch;

namespace Options;

/// <summary>What every program that loads batches lets its user choose.</summary>
internal record DataSettings : SampleSettings
{
    [Setting("--device DEVICE", "cpu, cuda, or cuda:N.")]
    public DeviceName Device { get; init; } = new("cpu");

    [Setting("--workers N", "Threads that decode.")]
    public int Workers { get; init; } = Environment.ProcessorCount;

    [Setting("--report", "Says after every epoch how fast it was and what bounds it.")]
    public bool Report { get; init; }

    [Setting("--cache none|host|device|disk=DIR", "Whether decoded samples are kept; device=DIR: filled from disk.")]
    public SampleCache Cache { get; init; } = SampleCache.None;

    internal VocSegDatasetOptions Data =>
        new() { Palette = Palette, Device = Device.Open(), Transforms = Augment.For(Crop), Seed = Seed };

    internal VocSegDataLoaderOptions Loading => new()
    {
        Workers = Workers,
        Cache = Cache,
        CacheProgress = new CacheStatus(),
        Inform = StatusLine.Print,
        Warn = StatusLine.Warn,
    };
}
