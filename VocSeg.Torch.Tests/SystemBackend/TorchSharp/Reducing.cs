using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace VocSeg.Torch.Tests.SystemBackend;

public sealed class Reducing : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();
    private readonly Tensor grid = tensor(new[,] { { 3f, 1f, 2f }, { 6f, 5f, 4f } });

    public void Dispose() => scope.Dispose();

    [Fact]
    public void Sums_and_means_go_along_dimensions()
    {
        Assert.Equal(21, grid.sum().ToDouble());
        Assert.Equal([9f, 6f, 6f], grid.sum(0L).data<float>().ToArray());
        Assert.Equal([2f, 5f], grid.mean([1]).data<float>().ToArray());
        Assert.Equal([2L, 1L], grid.mean([1], keepdim: true).shape);
        Assert.Equal(3.5, grid.std().ToDouble() * grid.std().ToDouble(), 1e-5);
        Assert.Equal(35.0 / 12, Math.Pow(grid.std(unbiased: false).ToDouble(), 2), 1e-5);
        Assert.Equal(3.5, grid.var(unbiased: false).ToDouble(), 1e-5);
        Assert.Equal(35.0 / 12, grid.var([0, 1], unbiased: false).ToDouble(), 1e-5);
    }

    [Fact]
    public void Extremes_come_with_their_places()
    {
        var (values, indexes) = grid.max(1);
        Assert.Equal([3f, 6f], values.data<float>().ToArray());
        Assert.Equal([0L, 0L], indexes.data<long>().ToArray());
        Assert.Equal(1L, grid.argmin().item<long>());
        Assert.Equal([1L, 2L], grid.argmin(1).data<long>().ToArray());
        Assert.Equal([6f, 5f, 4f], grid.amax([0]).data<float>().ToArray());
        Assert.Equal(1f, grid.min().item<float>());
    }

    [Fact]
    public void Sorting_and_counting()
    {
        var (values, indices) = grid.sort(1, descending: true);
        Assert.Equal([3f, 2f, 1f, 6f, 5f, 4f], values.data<float>().ToArray());
        Assert.Equal([0L, 2L, 1L, 0L, 1L, 2L], indices.data<long>().ToArray());
        Assert.Equal([6f, 5f], grid.flatten().topk(2).values.data<float>().ToArray());
        var labels = tensor(new long[] { 1, 1, 4, 0 });
        Assert.Equal([1L, 2L, 0L, 0L, 1L, 0L], labels.bincount(null, 6).data<long>().ToArray());
        var (distinct, inverse, counts) = labels.unique(return_inverse: true, return_counts: true);
        Assert.Equal([0L, 1L, 4L], distinct.data<long>().ToArray());
        Assert.Equal([1L, 1L, 2L, 0L], inverse!.data<long>().ToArray());
        Assert.Equal([1L, 2L, 1L], counts!.data<long>().ToArray());
        Assert.Null(labels.unique().inverse_indices);
        Assert.Equal(3, labels.count_nonzero().ToInt64());
    }

    [Fact]
    public void Choosing_between_two_needs_a_boolean_condition()
    {
        Assert.Equal([0f, 1f, 0f, 0f, 0f, 0f], where(grid < 2, grid, zeros(1)).data<float>().ToArray());
        Assert.Throws<ArgumentException>(() => where(grid, grid, grid));
    }

    [Fact]
    public void Shapes_that_do_not_fit_are_errors_of_libtorch()
    {
        // Not matmul: there the package ends the process.
        var error = Assert.Throws<ExternalException>(() => grid.mm(grid));
        Assert.Contains("shapes cannot be multiplied", error.Message, StringComparison.Ordinal);
        Assert.Throws<ExternalException>(() => grid + ones(4));
        Assert.Throws<ExternalException>(() => grid.view(4));
        Assert.Throws<ExternalException>(() => cat([grid, ones(3, 4)], 0));
        Assert.Throws<ArgumentException>(() => tensor(new[] { 1f }, [2, 2]));
    }

    [Fact]
    public void An_error_leaves_the_next_call_alone()
    {
        Assert.Throws<ExternalException>(() => grid.view(4));
        CheckForErrors();
        Assert.Equal(6, grid.view(6).numel());
    }
}
