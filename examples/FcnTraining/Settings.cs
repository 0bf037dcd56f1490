using Options;
using VocSeg.Torch;

namespace FcnTraining;

internal enum Schedule { Poly, Constant }

/// <summary>What the command line asks for.</summary>
internal sealed record Settings(
    [property: Setting("--train-split NAME", "The list to train on.")] string TrainSplit = "train",
    [property: Setting("--val-split NAME", "The list to evaluate on, every epoch.")] string ValidationSplit = "val",
    [property: Setting("--hold-out X", "The share of --images to evaluate on, where no {split} stands in a pattern.")]
    double HoldOut = 0.2,
    [property: Setting("--evaluate whole|crops", "Whole images, as in published results, or one random crop of each.")]
    EvaluateOn Evaluate = EvaluateOn.Whole,
    [property: Setting("--slide HxW", "Sees large images through a window of this size, and averages the logits.")]
    ImageSize? Slide = null,
    [property: Setting("--stride HxW", "From one window to the next; two thirds of --slide where it is not given.")]
    ImageSize? Stride = null,
    [property: Setting("--out DIR", "Where checkpoints, metrics.jsonl and predictions go.")] string Out = "runs/fcn",
    [property: Setting("--batch-size N", "Samples in a batch.")] int BatchSize = 16,
    [property: Setting("--epochs N", "Epochs to train.")] int Epochs = 30,
    [property: Setting("--lr X", "Learning rate of SGD.")] double LearningRate = 0.01,
    [property: Setting("--momentum X", "Momentum of SGD.")] double Momentum = 0.9,
    [property: Setting("--weight-decay X", "Weight decay of SGD.")] double WeightDecay = 0.001,
    [property: Setting("--schedule poly|constant", "poly: the learning rate falls to 0 as (1 - step / steps)^0.9.")]
    Schedule Schedule = Schedule.Poly,
    [property: Setting("--textbook", "The d2l.ai chapter's recipe, where nothing else is given: border as background, "
        + "loss summed over the batch, batch 32, 5 epochs, constant rate 0.001, momentum 0, crops; prints results.")]
    bool Textbook = false,
    [property: Setting("--head fcn32|fcn8", "fcn32: one transposed convolution, as in the chapter; fcn8: with skips.")]
    FcnHead Head = FcnHead.Fcn32,
    [property: Setting("--width N", "Channels behind the first convolution: 64 is ResNet-18, 16 trains on a CPU.")]
    int Width = ResNet18.FullWidth,
    [property: Setting("--weights FILE", "torchvision's resnet18, .pth or .safetensors; needs --width 64.")]
    string? Weights = null,
    [property: Setting("--log-every N", "Batches between two reports of loss and accuracy.")] int LogEvery = 10,
    [property: Setting("--checkpoint-every N", "Batches between checkpoints within an epoch; 0 for none.", AtLeast = 0)]
    int CheckpointEvery = 0,
    [property: Setting("--gallery N", "Samples in the gallery; 0 for no gallery.", AtLeast = 0)] int Gallery = 8,
    [property: Setting("--tensorboard", "Also writes TensorBoard event files, to --out.")] bool TensorBoard = false,
    [property: Setting("--resume", "Goes on with the next batch; give other options as before.")] bool Resume = false,
    [property: Setting("--predict WHAT", "Only draws masks of a split, a folder or an image, by the best checkpoint.")]
    string? Predict = null)
    : DataSettings
{
    // The textbook's recipe has defaults of its own.
    internal static SettingsCommand<Settings> Command() => new(
        "Trains a fully convolutional network in float32, evaluates it, and shows what it sees.",
        asked => asked is { Textbook: true }
            ? new(
                BatchSize: 32, Epochs: 5, LearningRate: 0.001, Momentum: 0, Schedule: Schedule.Constant,
                Evaluate: EvaluateOn.Crops)
            : new());

    public override string? Fault => base.Fault
        ?? (HoldOut is > 0 and < 1 ? null : $"--hold-out is above 0 and below 1; {HoldOut} was given.")
        ?? (Slide is null && Stride is not null ? "--stride needs --slide, the size of the window." : null)
        ?? (Slide is not null && Evaluate == EvaluateOn.Crops && Predict is null
            ? "--slide is for whole images; leave out --evaluate crops." : null);

    /// <summary>The textbook's lookup table starts from zeros, so that the border counts as background.</summary>
    internal override SegmentationPalette Palette =>
        Textbook && Classes is null ? SegmentationPalette.VocTextbook : base.Palette;

    internal SlidingPrediction? Window => Slide is { } size ? new(size, Stride) : null;

    /// <summary>The samples of a split; a part of all by their ids where patterns do not tell splits apart.</summary>
    internal SampleCatalog OpenSplit(string split, CancellationToken stop)
    {
        if (Root is not null || $"{Images} {Labels} {List}".Contains("{split}", StringComparison.Ordinal))
            return Open(split, stop);
        var part = split == TrainSplit ? 0 : split == ValidationSplit ? 1
            : throw new ArgumentException($"'{split}' is no split; there are {TrainSplit} and {ValidationSplit}.");
        return Open(split, stop).Split(seed: 0, 1 - HoldOut, HoldOut)[part];
    }

    internal double LearningRateAt(long step, long steps) =>
        LearningRate * (Schedule == Schedule.Poly ? Math.Pow(Math.Max(0, 1 - (double)step / steps), 0.9) : 1);
}
