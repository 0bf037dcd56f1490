using VocSeg.Torch;

namespace Options;

/// <summary>What every program that loads batches lets its user choose.</summary>
internal record DataSettings
{
    [Setting("--root DIR", "The VOC2012 folder, or one that holds it or VOCdevkit.", Required = true)]
    public string Root { get; init; } = "";

    [Setting("--labels NAME", "The folder in the VOC folder that holds the labels, such as SegmentationClassAug.")]
    public string Labels { get; init; } = new SampleCatalogOptions().LabelFolder;

    [Setting("--crop HxW", "Height and width of the crops; smaller samples are left out.")]
    public ImageSize Crop { get; init; } = new(320, 480);

    [Setting("--device DEVICE", "cpu, cuda, or cuda:N.")]
    public DeviceName Device { get; init; } = new("cpu");

    [Setting("--workers N", "Threads that decode.")]
    public int Workers { get; init; } = Environment.ProcessorCount;

    [Setting("--cache none|host|device", "Whether decoded samples are kept.")]
    public SampleCache Cache { get; init; }

    [Setting("--seed N", "What is random is drawn from it; without it runs differ.")]
    public long? Seed { get; init; }

    internal SampleCatalogOptions Files => new() { LabelFolder = Labels };
}
