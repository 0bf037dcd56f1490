using TorchSharp;
using static TorchSharp.torch;

namespace VocSeg.Torch;

/// <summary>
/// Counts, on the device, how often pixels of each class are taken for each class. Adding a batch brings nothing back
/// to the host; <see cref="Score"/> does so once.
/// </summary>
/// <remarks>
/// On CUDA libtorch's bincount makes the host wait until it knows how many bins it needs; nothing else here does.
/// </remarks>
public sealed class ConfusionMatrix : IDisposable
{
    // The classes have a further row and column on each side, for numbers below 0 and above the last class. One bin
    // after all of them is for ignored pixels.
    private readonly int columns;
    private readonly Tensor counts;
    private readonly Tensor ignoredBin;
    // A Scalar that only a call holds may be finalized while libtorch reads it.
    private readonly Scalar below = -1;
    private readonly Scalar above;
    private readonly Scalar rowStep;
    private readonly Scalar firstBin;
    private readonly Scalar ignored;

    /// <summary>A matrix without pixels.</summary>
    /// <param name="classes">How many classes there are, at least 1.</param>
    /// <param name="device">Where the batches are; null for the CPU.</param>
    /// <param name="ignoreIndex">The label of pixels that do not count.</param>
    /// <exception cref="ArgumentOutOfRangeException">No class, or a negative ignore index.</exception>
    public ConfusionMatrix(int classes, Device? device = null, int ignoreIndex = 255)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(ignoreIndex);
        NativeLibraries.RequireTorch();
        Classes = classes;
        IgnoreIndex = ignoreIndex;
        columns = classes + 2;
        (above, rowStep, firstBin, ignored) = (classes, columns, columns + 1, ignoreIndex);
        // Not the default device, which torch.set_default_device may have changed.
        device ??= CPU;
        counts = zeros(columns * columns + 1, ScalarType.Int64, device).DetachFromDisposeScope();
        ignoredBin = tensor((long)(columns * columns), ScalarType.Int64, device).DetachFromDisposeScope();
    }

    /// <summary>How many classes there are.</summary>
    public int Classes { get; }

    /// <summary>The label of pixels that do not count.</summary>
    public int IgnoreIndex { get; }

    /// <summary>
    /// Counts the pixels of a batch. <see cref="Score"/> finds labels and predictions that are no class.
    /// </summary>
    /// <param name="prediction">The predicted class of every pixel, int64, as <c>logits.argmax(1)</c> gives it.</param>
    /// <param name="label">The class of every pixel, int64, of the same shape and on the same device.</param>
    /// <exception cref="ArgumentException">Another type, or two shapes.</exception>
    public void Add(Tensor prediction, Tensor label)
    {
        ArgumentNullException.ThrowIfNull(prediction);
        ArgumentNullException.ThrowIfNull(label);
        if (prediction.dtype != ScalarType.Int64 || label.dtype != ScalarType.Int64)
        {
            throw new ArgumentException(
                $"Prediction and label are int64; {prediction.dtype} and {label.dtype} were given.",
                nameof(prediction));
        }
        if (!prediction.shape.SequenceEqual(label.shape))
        {
            throw new ArgumentException(
                $"Prediction and label have one shape; ({string.Join(", ", prediction.shape)}) and "
                + $"({string.Join(", ", label.shape)}) were given.",
                nameof(prediction));
        }

        using var scope = NewDisposeScope();
        using var constant = no_grad();
        var bin = label.clamp(below, above).mul_(rowStep).add_(prediction.clamp(below, above)).add_(firstBin);
        bin = where(label.eq(ignored), ignoredBin, bin);
        counts.add_(bin.flatten().bincount(null, minlength: counts.numel()));
    }

    /// <summary>What has been counted so far, brought to the host.</summary>
    /// <returns>The score of all pixels but the ignored ones.</returns>
    /// <exception cref="InvalidOperationException">
    /// A label was neither a class nor the ignore index, or a prediction was none of the classes.
    /// </exception>
    public SegmentationScore Score()
    {
        using var scope = NewDisposeScope();
        var flat = counts.cpu().data<long>().ToArray();
        long Count(int label, int prediction) => flat[(label + 1) * columns + prediction + 1];
        var wrongLabels = Enumerable.Range(-1, columns)
            .Sum(prediction => Count(-1, prediction) + Count(Classes, prediction));
        if (wrongLabels > 0)
        {
            throw new InvalidOperationException(
                $"{wrongLabels} pixels have a label that is neither one of the {Classes} classes nor {IgnoreIndex}, "
                + "which is ignored.");
        }
        var square = new long[Classes, Classes];
        for (var label = 0; label < Classes; label++)
        {
            if (Count(label, -1) + Count(label, Classes) is > 0 and var wrong)
            {
                throw new InvalidOperationException(
                    $"{wrong} pixels of class {label} were predicted as none of the {Classes} classes.");
            }
            for (var prediction = 0; prediction < Classes; prediction++)
                square[label, prediction] = Count(label, prediction);
        }
        return new(square);
    }

    /// <summary>Begins again without pixels.</summary>
    public void Reset()
    {
        using var scope = NewDisposeScope();
        counts.zero_();
    }

    /// <summary>Frees the counts.</summary>
    public void Dispose()
    {
        counts.Dispose();
        ignoredBin.Dispose();
        foreach (var scalar in new[] { below, above, rowStep, firstBin, ignored })
            scalar.Dispose();
    }
}
