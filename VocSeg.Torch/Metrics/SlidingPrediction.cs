using TorchSharp;
using static TorchSharp.torch;

namespace VocSeg.Torch;

/// <summary>
/// Predicts an image part by part, for images that are too large for a network, or much larger than those that it was
/// trained on. Tiles begin a stride apart, and the last ones end where the image does; where they overlap, a pixel's
/// logits are averaged. MMSegmentation's name for it is slide mode.
/// </summary>
/// <remarks>
/// One row of tiles is in memory at a time: with k classes, three times at most, 4 k bytes for each pixel of the
/// tile's height and the image's width, whatever the height of the image.
/// </remarks>
public sealed record SlidingPrediction
{
    // A sum without a factor makes a Scalar that may be finalized while libtorch reads it.
    private static readonly Scalar One = 1;

    /// <summary>Tiles of one size.</summary>
    /// <param name="size">Height and width of a tile; of smaller images it has all.</param>
    /// <param name="stride">From one tile to the next; null for two thirds of the size, rounded up.</param>
    /// <exception cref="ArgumentException">A size without pixels, or a stride that leaves out pixels.</exception>
    public SlidingPrediction(ImageSize size, ImageSize? stride = null)
    {
        if (size == default || stride == default(ImageSize))
            throw new ArgumentException("A tile and its stride are at least 1 high and 1 wide.", nameof(size));
        Size = size;
        Stride = stride ?? new((2 * size.Height + 2) / 3, (2 * size.Width + 2) / 3);
        if (!size.Holds(Stride))
        {
            throw new ArgumentException(
                $"A stride of {Stride} leaves out pixels between tiles of {size}; take a smaller one.",
                nameof(stride));
        }
    }

    /// <summary>Height and width of a tile.</summary>
    public ImageSize Size { get; }

    /// <summary>From one row of tiles to the next, and from one tile of a row to the next.</summary>
    public ImageSize Stride { get; }

    /// <summary>Predicts the class of every pixel.</summary>
    /// <param name="logitsOf">
    /// The network: images (batch, channels, height, width) to float32 logits (batch, classes, height, width) on the
    /// same device. It is called once for each tile.
    /// </param>
    /// <param name="classes">How many classes there are.</param>
    /// <param name="image">Images of one size: float32, shape (batch, channels, height, width).</param>
    /// <returns>Class indices: int64, shape (batch, height, width). The caller disposes them.</returns>
    public Tensor Predict(Func<Tensor, Tensor> logitsOf, int classes, Tensor image)
    {
        ArgumentNullException.ThrowIfNull(logitsOf);
        ArgumentNullException.ThrowIfNull(image);
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        using var constant = no_grad();
        var prediction = empty(image.shape[0], image.shape[2], image.shape[3], ScalarType.Int64, image.device);
        Average(logitsOf, classes, image, (top, logits) =>
        {
            using var rows = prediction.narrow(1, top, logits.shape[2]);
            rows.copy_(logits.argmax(1));
        });
        return prediction;
    }

    /// <summary>Gives the averaged logits from above down, as soon as no tile will change them any more.</summary>
    internal void Average(
        Func<Tensor, Tensor> logitsOf, int classes, Tensor image, Action<long, Tensor> take)
    {
        using var outer = NewDisposeScope();
        var (height, width) = (image.shape[2], image.shape[3]);
        var (tops, rows) = Along(height, Size.Height, Stride.Height);
        var (lefts, columns) = Along(width, Size.Width, Stride.Width);
        var (rowCounts, columnCounts) = (Counts(tops, rows, height), Counts(lefts, columns, width));
        // The sums of the rows from a tile's top on.
        var sums = zeros(image.shape[0], classes, rows, width, ScalarType.Float32, image.device);
        for (var i = 0; i < tops.Length; i++)
        {
            using var scope = NewDisposeScope();
            foreach (var left in lefts)
            {
                using var tile = NewDisposeScope();
                var logits = logitsOf(image.narrow(2, tops[i], rows).narrow(3, left, columns));
                sums.narrow(3, left, columns).add_(logits, One);
            }
            // No later tile reaches the rows above the next one's.
            var done = i + 1 < tops.Length ? tops[i + 1] - tops[i] : rows;
            take(tops[i], sums.narrow(2, 0, done) / (rowCounts.narrow(0, tops[i], done).unsqueeze(1) * columnCounts));
            var rest = sums.narrow(2, done, rows - done).clone();
            sums.zero_().narrow(2, 0, rows - done).copy_(rest);
        }

        // How many tiles lie over each row, or each column.
        Tensor Counts(long[] starts, long length, long all)
        {
            var counts = new float[all];
            foreach (var start in starts)
            {
                for (var at = start; at < start + length; at++)
                    counts[at]++;
            }
            return tensor(counts).to(image.device);
        }
    }

    /// <summary>Where tiles begin along one side, and how long they are.</summary>
    private static (long[] Starts, long Length) Along(long all, long length, long stride)
    {
        length = Math.Min(length, all);
        var starts = new List<long>();
        for (var start = 0L; start < all - length; start += stride)
            starts.Add(start);
        return ([.. starts, all - length], length);
    }
}
