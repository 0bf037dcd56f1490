using static TorchSharp.torch;

namespace VocSeg.Torch.Tests.Metrics;

public sealed class SlidingPredictionTests
{
    private const int Classes = 3;

    [Theory]
    [InlineData(17, 23, 8, 8, 5, 5)]
    [InlineData(17, 23, 8, 6, 3, 2)]
    [InlineData(16, 24, 8, 8, 8, 8)]
    [InlineData(9, 30, 8, 8, 8, 5)]
    [InlineData(5, 30, 8, 8, 5, 5)]
    [InlineData(30, 5, 8, 8, 1, 1)]
    [InlineData(5, 6, 8, 8, 5, 5)]
    [InlineData(8, 8, 8, 8, 5, 5)]
    [InlineData(1, 1, 3, 3, 2, 2)]
    public void The_logits_of_a_pixel_are_the_mean_over_the_windows_that_hold_it(
        int height, int width, int rows, int columns, int down, int right)
    {
        using var scope = NewDisposeScope();
        var image = arange(2 * height * width, ScalarType.Float32).view(2, 1, height, width);
        var window = new SlidingPrediction(new(rows, columns), new(down, right));
        var expected = Slow(image, window);

        var (next, bands) = (0L, new List<Tensor>());
        window.Average(Logits, Classes, image, (top, logits) =>
        {
            Assert.Equal(next, top);
            Assert.InRange(logits.shape[2], 1, rows);
            next += logits.shape[2];
            bands.Add(logits.clone().MoveToOuterDisposeScope().MoveToOuterDisposeScope());
        });

        var actual = cat(bands, 2);
        Assert.Equal([2L, Classes, height, width], actual.shape);
        var values = actual.Values<float>();
        for (var at = 0; at < expected.Length; at++)
            Assert.Equal(expected[at], values[at], 1e-6 * Math.Max(1, Math.Abs(expected[at])));
        var prediction = window.Predict(Logits, Classes, image);
        Assert.Equal((ScalarType.Int64, 2L), (prediction.dtype, prediction.shape[0]));
        Assert.Equal(actual.argmax(1).Values<long>(), prediction.Values<long>());
    }

    [Fact]
    public void What_it_makes_is_gone_but_for_the_prediction()
    {
        using var scope = NewDisposeScope();
        var window = new SlidingPrediction(new(8, 8), new(5, 5));
        var image = zeros(1, 1, 20, 31);
        var before = scope.DisposablesCount;
        window.Predict(Logits, Classes, image);
        Assert.Equal(before + 1, scope.DisposablesCount);
    }

    [Fact]
    public void A_stride_is_two_thirds_of_the_window_and_never_more_than_it()
    {
        Assert.Equal(new ImageSize(342, 512), new SlidingPrediction(new(512, 768)).Stride);
        Assert.Equal(new ImageSize(1, 1), new SlidingPrediction(new(1, 1)).Stride);
        Assert.Throws<ArgumentException>(() => new SlidingPrediction(new(8, 8), new(8, 9)));
        Assert.Throws<ArgumentException>(() => new SlidingPrediction(default));
        Assert.Throws<ArgumentException>(() => new SlidingPrediction(new(8, 8), default(ImageSize)));
    }

    /// <summary>What a pixel gets depends on its value and, as in a network, on where in its window it lies.</summary>
    private static Tensor Logits(Tensor part)
    {
        var (height, width) = (part.shape[2], part.shape[3]);
        Assert.InRange(height, 1, 8);
        var place = arange(height * width, ScalarType.Float32).view(1, 1, height, width);
        return cat([part, 2 * place - part / 4, place * place - part / 2], 1);
    }

    /// <summary>Sum and number of windows of every pixel, one by one and in float64.</summary>
    private static double[] Slow(Tensor image, SlidingPrediction window)
    {
        int images = (int)image.shape[0], height = (int)image.shape[2], width = (int)image.shape[3];
        int rows = Math.Min(window.Size.Height, height), columns = Math.Min(window.Size.Width, width);
        var sums = new double[images * Classes * height * width];
        var counts = new int[sums.Length];
        foreach (var top in Starts(height, rows, window.Stride.Height))
        {
            foreach (var left in Starts(width, columns, window.Stride.Width))
            {
                var logits = Logits(image.narrow(2, top, rows).narrow(3, left, columns)).Values<float>();
                for (var at = 0; at < logits.Length; at++)
                {
                    var (plane, row, column) = (at / (rows * columns), at / columns % rows, at % columns);
                    var to = (plane * height + top + row) * width + left + column;
                    sums[to] += logits[at];
                    counts[to]++;
                }
            }
        }
        Assert.DoesNotContain(0, counts);
        return [.. sums.Zip(counts, (sum, count) => sum / count)];
    }

    // Every stride, and the last window where it just fits.
    private static IEnumerable<int> Starts(int all, int length, int stride)
    {
        var start = 0;
        for (; start + length < all; start += stride)
            yield return start;
        yield return all - length;
    }
}
