using VocSeg.Torch;

namespace FcnTraining;

/// <summary>
/// Predicts an image part by part, for images that are too large for a network, or much larger than those it has seen.
/// Windows begin a stride apart, and the last ones end where the image does; where they overlap, a pixel's logits are
/// averaged. The logits of one row of windows are in memory at a time, whatever the height of the image.
/// </summary>
/// <param name="Size">Height and width of a window. It is never larger than the image.</param>
/// <param name="Stride">From one window to the next; no larger than a window.</param>
internal sealed record SlidingWindow(ImageSize Size, ImageSize Stride)
{
    /// <summary>The class of every pixel of images of one size: int64 (batch, height, width).</summary>
    internal Tensor Predict(Func<Tensor, Tensor> logitsOf, int classes, Tensor image)
    {
        var prediction = empty(image.shape[0], image.shape[2], image.shape[3], ScalarType.Int64, image.device);
        Average(logitsOf, classes, image, (top, logits) => prediction.narrow(1, top, logits.shape[2]).copy_(logits.argmax(1)));
        return prediction;
    }

    /// <summary>Gives the averaged logits from above down, as soon as no window will change them any more.</summary>
    internal void Average(Func<Tensor, Tensor> logitsOf, int classes, Tensor image, Action<long, Tensor> take)
    {
        using var outer = NewDisposeScope();
        var (height, width) = (image.shape[2], image.shape[3]);
        var (tops, rows) = Along(height, Size.Height, Stride.Height);
        var (lefts, columns) = Along(width, Size.Width, Stride.Width);
        var (rowCounts, columnCounts) = (Counts(tops, rows, height), Counts(lefts, columns, width));
        // The sums of the rows from a window's top on.
        var sums = zeros(image.shape[0], classes, rows, width, device: image.device);
        for (var i = 0; i < tops.Length; i++)
        {
            using var scope = NewDisposeScope();
            foreach (var left in lefts)
            {
                using var window = NewDisposeScope();
                sums.narrow(3, left, columns).add_(logitsOf(image.narrow(2, tops[i], rows).narrow(3, left, columns)));
            }
            // No later window reaches the rows above the next one's.
            var done = i + 1 < tops.Length ? tops[i + 1] - tops[i] : rows;
            take(tops[i], sums.narrow(2, 0, done) / (rowCounts.narrow(0, tops[i], done).unsqueeze(1) * columnCounts));
            var rest = sums.narrow(2, done, rows - done).clone();
            sums.zero_().narrow(2, 0, rows - done).copy_(rest);
        }

        // How many windows lie over each row, or each column.
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

    /// <summary>Where windows begin along one side, and how long they are.</summary>
    private static (long[] Starts, long Length) Along(long all, long length, long stride)
    {
        length = Math.Min(length, all);
        var last = all - length;
        var starts = new List<long>();
        for (var start = 0L; start < last; start += stride)
            starts.Add(start);
        return ([.. starts, last], length);
    }
}
