using VocSeg.Torch;

namespace FcnTraining;

/// <summary>What the command line asks for.</summary>
internal sealed record Settings
{
    public required string Root { get; init; }

    public required string TrainSplit { get; init; }

    public required string ValidationSplit { get; init; }

    /// <summary>The folder in the VOC folder that holds the labels.</summary>
    public required string Labels { get; init; }

    public required string Out { get; init; }

    public required string Device { get; init; }

    public required ImageSize Crop { get; init; }

    public required int BatchSize { get; init; }

    public required int Epochs { get; init; }

    public required double LearningRate { get; init; }

    public required double Momentum { get; init; }

    public required double WeightDecay { get; init; }

    public required ScheduleKind Schedule { get; init; }

    public required FcnHead Head { get; init; }

    public required int Width { get; init; }

    public required string? Weights { get; init; }

    public required int Workers { get; init; }

    public required SampleCache Cache { get; init; }

    public required long? Seed { get; init; }

    public required int LogEvery { get; init; }

    public required int CheckpointEvery { get; init; }

    public required int Gallery { get; init; }

    public required bool TensorBoard { get; init; }

    public required bool Textbook { get; init; }

    public required bool Resume { get; init; }

    /// <summary>A split, a folder of photos or a photo; null to train.</summary>
    public required string? Predict { get; init; }

    /// <summary>The textbook's table starts from zeros, so that the border counts as background.</summary>
    internal SegmentationPalette Palette => Textbook ? SegmentationPalette.VocTextbook : SegmentationPalette.Voc;

    /// <summary>Where the training stood last.</summary>
    internal string LastCheckpoint => Path.Combine(Out, "last.checkpoint");

    /// <summary>Where it stood at its best validation.</summary>
    internal string BestCheckpoint => Path.Combine(Out, "best.checkpoint");
}
