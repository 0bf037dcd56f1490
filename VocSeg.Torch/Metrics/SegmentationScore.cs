using System.Collections.Immutable;

namespace VocSeg.Torch;

/// <summary>What a confusion matrix says about a prediction.</summary>
public sealed class SegmentationScore
{
    private readonly long[,] counts;

    /// <summary>The score of counted pixels.</summary>
    /// <param name="counts">How many pixels of the class of the row were taken for the class of the column.</param>
    /// <exception cref="ArgumentException">Not as many rows as columns.</exception>
    public SegmentationScore(long[,] counts)
    {
        ArgumentNullException.ThrowIfNull(counts);
        if (counts.GetLength(0) != counts.GetLength(1))
        {
            throw new ArgumentException(
                $"A confusion matrix is square; {counts.GetLength(0)} rows and {counts.GetLength(1)} columns were "
                + "given.",
                nameof(counts));
        }
        this.counts = (long[,])counts.Clone();
        var classes = counts.GetLength(0);
        var (right, all) = (0L, 0L);
        var perClass = new double?[classes];
        for (var index = 0; index < classes; index++)
        {
            var (labelled, predicted) = (LabelPixels(index), 0L);
            for (var label = 0; label < classes; label++)
                predicted += counts[label, index];
            var both = counts[index, index];
            var either = labelled + predicted - both;
            perClass[index] = either > 0 ? (double)both / either : null;
            right += both;
            all += labelled;
        }
        Pixels = all;
        PixelAccuracy = (double)right / all;
        ClassIoU = [.. perClass];
        MeanIoU = perClass.Average() ?? double.NaN;
    }

    /// <summary>How many pixels count.</summary>
    public long Pixels { get; }

    /// <summary>The share of pixels with the right class; not a number where no pixel counts.</summary>
    public double PixelAccuracy { get; }

    /// <summary>
    /// For every class, the pixels that have it in label and prediction by those that have it in one of them; null for
    /// a class that occurs in neither.
    /// </summary>
    public ImmutableArray<double?> ClassIoU { get; }

    /// <summary>The mean of <see cref="ClassIoU"/> over the classes that occur; not a number where none does.</summary>
    public double MeanIoU { get; }

    /// <summary>How many pixels of a class were taken for a class.</summary>
    /// <param name="label">The class that the pixels have.</param>
    /// <param name="prediction">The class that they were taken for.</param>
    /// <returns>A number of pixels.</returns>
    /// <exception cref="IndexOutOfRangeException">There is no such class.</exception>
    public long this[int label, int prediction] => counts[label, prediction];

    /// <summary>How many pixels have a class.</summary>
    /// <param name="label">The class.</param>
    /// <returns>A number of pixels.</returns>
    /// <exception cref="IndexOutOfRangeException">There is no such class.</exception>
    public long LabelPixels(int label)
    {
        var pixels = 0L;
        for (var prediction = 0; prediction < counts.GetLength(1); prediction++)
            pixels += counts[label, prediction];
        return pixels;
    }

    /// <summary>
    /// The score that the same labels give to a prediction of one class everywhere: what a model has to beat.
    /// </summary>
    /// <param name="prediction">The class, such as 0 for background.</param>
    /// <returns>A score over the same pixels.</returns>
    /// <exception cref="IndexOutOfRangeException">There is no such class.</exception>
    public SegmentationScore IfAlways(int prediction)
    {
        var always = new long[counts.GetLength(0), counts.GetLength(0)];
        for (var label = 0; label < counts.GetLength(0); label++)
            always[label, prediction] = LabelPixels(label);
        return new(always);
    }
}
