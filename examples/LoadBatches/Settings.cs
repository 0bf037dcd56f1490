using Options;
using VocSeg.Torch;

namespace LoadBatches;

/// <summary>What the command line asks for.</summary>
internal sealed record Settings(
    [property: Setting("--split NAME", "train, val, another list in ImageSets/Segmentation, or a list file's path.")]
    string Split = "train",
    [property: Setting("--verify", "Only decodes every image and label of the split, and lists what is wrong.")]
    bool Verify = false,
    [property: Setting("--batch-size N", "Samples in a batch.")] int BatchSize = 64,
    [property: Setting("--prefetch N", "Batches made ahead of the loop.")] int Prefetch = 2,
    [property: Setting("--decoder auto|skia|turbojpeg", "What decodes JPEG images.")]
    ImageDecoderKind Decoder = ImageDecoderKind.Auto,
    [property: Setting("--epochs N", "Epochs to run; the first of several is not measured.")] int Epochs = 3)
    : DataSettings;
