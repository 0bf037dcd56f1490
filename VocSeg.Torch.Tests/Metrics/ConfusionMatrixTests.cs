using static TorchSharp.torch;

namespace VocSeg.Torch.Tests.Metrics;

[Collection(LiveTensors.Name)]
public sealed class ConfusionMatrixTests
{
    [Fact]
    public void Counts_are_those_of_a_slow_reference_over_several_batches()
    {
        using var scope = NewDisposeScope();
        const int Classes = 5;
        var random = new Random(3);
        var expected = new long[Classes, Classes];
        using var matrix = new ConfusionMatrix(Classes);
        for (var batch = 0; batch < 4; batch++)
        {
            var label = new long[3 * 7 * 9];
            var prediction = new long[label.Length];
            for (var pixel = 0; pixel < label.Length; pixel++)
            {
                label[pixel] = random.Next(8) == 0 ? 255 : random.Next(Classes);
                prediction[pixel] = random.Next(Classes);
                if (label[pixel] != 255)
                    expected[label[pixel], prediction[pixel]]++;
            }
            matrix.Add(tensor(prediction).view(3, 7, 9), tensor(label).view(3, 7, 9));
        }
        var score = matrix.Score();
        for (var label = 0; label < Classes; label++)
        {
            for (var prediction = 0; prediction < Classes; prediction++)
                Assert.Equal(expected[label, prediction], score[label, prediction]);
        }
    }

    [Fact]
    public void Logits_become_a_score_by_argmax()
    {
        using var scope = NewDisposeScope();
        var logits = tensor(new[] { 0f, 5f, 1f, 2f, 3f, 4f }).view(1, 2, 1, 3);
        using var matrix = new ConfusionMatrix(2);
        matrix.Add(logits.argmax(1), tensor(new[] { 1L, 0L, 1L }).view(1, 1, 3));
        Assert.Equal(1, matrix.Score().PixelAccuracy);
    }

    [Fact]
    public void A_reset_matrix_is_empty()
    {
        using var scope = NewDisposeScope();
        using var matrix = new ConfusionMatrix(2);
        matrix.Add(zeros(4, ScalarType.Int64), zeros(4, ScalarType.Int64));
        Assert.Equal(4, matrix.Score().Pixels);
        matrix.Reset();
        Assert.Equal(0, matrix.Score().Pixels);
    }

    [Fact]
    public void Another_ignore_index_is_taken_even_a_class()
    {
        using var scope = NewDisposeScope();
        using var matrix = new ConfusionMatrix(3, ignoreIndex: 0);
        matrix.Add(tensor(new[] { 1L, 1L, 2L }), tensor(new[] { 0L, 1L, 1L }));
        Assert.Equal(2, matrix.Score().Pixels);
        Assert.Equal(0.5, matrix.Score().PixelAccuracy);
    }

    [Fact]
    public void What_is_no_class_is_refused()
    {
        using var scope = NewDisposeScope();
        using var matrix = new ConfusionMatrix(3);
        var one = ones(2, ScalarType.Int64);
        Assert.Throws<ArgumentException>(() => matrix.Add(one, ones(3, ScalarType.Int64)));
        Assert.Throws<ArgumentException>(() => matrix.Add(ones(2), one));
        Assert.Equal(0, matrix.Score().Pixels);
    }

    [Theory]
    [InlineData(1, 3, "1 pixels of class 1")]
    [InlineData(1, -2, "1 pixels of class 1")]
    [InlineData(0, long.MaxValue, "1 pixels of class 0")]
    [InlineData(3, 0, "1 pixels have a label")]
    [InlineData(-1, 0, "1 pixels have a label")]
    [InlineData(-100, 5, "1 pixels have a label")]
    [InlineData(254, -1, "1 pixels have a label")]
    [InlineData(long.MinValue, 0, "1 pixels have a label")]
    public void A_label_or_prediction_that_is_no_class_is_found_by_the_score(long label, long prediction, string said)
    {
        using var scope = NewDisposeScope();
        using var matrix = new ConfusionMatrix(3);
        matrix.Add(tensor(new[] { 2L, prediction }), tensor(new[] { 2L, label }));
        Assert.Contains(
            said, Assert.Throws<InvalidOperationException>(() => matrix.Score()).Message, StringComparison.Ordinal);
        matrix.Reset();
        matrix.Add(tensor(new[] { 2L, prediction }), tensor(new[] { 2L, 255L }));
        Assert.Equal(1, matrix.Score().Pixels);
    }

    [Fact]
    public void No_tensor_is_left_behind()
    {
        var before = Tensor.TotalCount;
        using (var matrix = new ConfusionMatrix(4))
        {
            for (var batch = 0; batch < 10; batch++)
            {
                using var prediction = ones(100, ScalarType.Int64);
                using var label = ones(100, ScalarType.Int64);
                matrix.Add(prediction, label);
            }
            Assert.Equal(1000, matrix.Score().Pixels);
            matrix.Reset();
        }
        Assert.Equal(before, Tensor.TotalCount);
    }
}
