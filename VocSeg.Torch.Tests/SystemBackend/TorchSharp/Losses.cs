using TorchSharp;
using static TorchSharp.torch;

namespace VocSeg.Torch.Tests.SystemBackend;

public sealed class Losses : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();

    // Two pixels, three classes: the classes' probabilities are the softmax of these.
    private readonly Tensor scores = tensor(new[] { 1f, 0f, 2f, 0f, 3f, 0f }, [1, 3, 1, 2]);

    public void Dispose() => scope.Dispose();

    private static double Surprise(params double[] scores) => Math.Log(scores.Sum(Math.Exp)) - scores[0];

    [Fact]
    public void Cross_entropy_is_the_mean_surprise()
    {
        using var loss = nn.CrossEntropyLoss();
        var target = tensor(new long[] { 2, 0 }, [1, 1, 2]);
        var expected = (Surprise(3, 1, 2) + Surprise(0, 0, 0)) / 2;
        Assert.Equal(expected, loss.call(scores, target).ToDouble(), 1e-5);
    }

    [Fact]
    public void Ignored_pixels_count_neither_in_sum_nor_in_mean()
    {
        using var loss = nn.CrossEntropyLoss(ignore_index: 255);
        var target = tensor(new long[] { 2, 255 }, [1, 1, 2]);
        Assert.Equal(Surprise(3, 1, 2), loss.call(scores, target).ToDouble(), 1e-5);
        using var none = nn.CrossEntropyLoss(ignore_index: 255, reduction: nn.Reduction.None);
        Assert.Equal(0f, none.call(scores, target)[0, 0, 1].item<float>());
    }

    [Fact]
    public void Weights_make_a_weighted_mean()
    {
        using var loss = nn.CrossEntropyLoss(tensor(new[] { 3f, 1f, 1f }));
        var target = tensor(new long[] { 2, 0 }, [1, 1, 2]);
        var expected = (Surprise(3, 1, 2) + 3 * Surprise(0, 0, 0)) / 4;
        Assert.Equal(expected, loss.call(scores, target).ToDouble(), 1e-5);
    }

    [Fact]
    public void Negative_log_likelihood_takes_logarithms()
    {
        using var loss = nn.NLLLoss(reduction: nn.Reduction.Sum);
        var target = tensor(new long[] { 2, 0 }, [1, 1, 2]);
        var expected = Surprise(3, 1, 2) + Surprise(0, 0, 0);
        Assert.Equal(expected, loss.call(scores.log_softmax(1), target).ToDouble(), 1e-5);
    }

    [Fact]
    public void Mean_squared_error_reduces_as_told()
    {
        var (left, right) = (tensor(new[] { 1f, 4f }), tensor(new[] { 3f, 3f }));
        Assert.Equal(2.5, nn.functional.mse_loss(left, right).ToDouble());
        Assert.Equal(5, nn.functional.mse_loss(left, right, nn.Reduction.Sum).ToDouble());
        Assert.Equal([4f, 1f], nn.functional.mse_loss(left, right, nn.Reduction.None).data<float>().ToArray());
    }

    [Fact]
    public void A_target_outside_the_classes_is_an_error()
        => Assert.ThrowsAny<Exception>(() => nn.functional.cross_entropy(scores, tensor(new long[] { 2, 3 }, [1, 1, 2])));
}
