using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace VocSeg.Torch.Tests.SystemBackend;

public sealed class Indexing : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();
    private readonly Tensor grid = arange(12).reshape(3, 4);

    public void Dispose() => scope.Dispose();

    private static long[] Values(Tensor tensor) => tensor.data<long>().ToArray();

    [Fact]
    public void Numbers_take_a_dimension_away()
    {
        Assert.Equal([4, 5, 6, 7], Values(grid[1]));
        Assert.Equal(7, grid[1, 3].item<long>());
        Assert.Equal([8, 9, 10, 11], Values(grid[-1]));
        Assert.Equal([3, 7, 11], Values(grid[.., ^1]));
    }

    [Fact]
    public void Ranges_and_slices_are_views()
    {
        Assert.Equal([1, 2, 5, 6], Values(grid[..2, 1..3]));
        Assert.Equal([0, 2, 8, 10], Values(grid[TensorIndex.Slice(step: 2), TensorIndex.Slice(0, 4, 2)]));
        Assert.Equal([4, 5], Values(grid[1, TensorIndex.Slice(stop: 2)]));
        grid[.., 0].fill_(0);
        Assert.Equal([0, 0, 0], Values(grid[TensorIndex.Colon, 0]));
    }

    [Fact]
    public void Ellipsis_and_None_stand_for_dimensions()
    {
        Assert.Equal([2, 6, 10], Values(grid[TensorIndex.Ellipsis, 2]));
        Assert.Equal([3L, 1L, 4L], grid[.., TensorIndex.None].shape);
        Assert.Equal([1L, 3L, 4L], grid[TensorIndex.None, TensorIndex.Ellipsis].shape);
    }

    [Fact]
    public void Tensors_pick_and_copy()
    {
        var picked = grid[tensor(new long[] { 2, 0 })];
        Assert.Equal([8, 9, 10, 11, 0, 1, 2, 3], Values(picked));
        Assert.Equal([11, 4], Values(grid[tensor(new long[] { 2, 1 }), tensor(new long[] { 3, 0 })]));
        Assert.Equal([9, 10, 11], Values(grid[grid > 8]));
        picked.fill_(0);
        Assert.Equal(66, grid.sum().ToInt64());
    }

    [Fact]
    public void Assignment_writes_through()
    {
        grid[0, 0] = tensor(100L);
        grid[2] = arange(4);
        grid[1, 1..3] = tensor(-1L);
        grid[grid == 7] = tensor(70L);
        Assert.Equal([100, 1, 2, 3, 4, -1, -1, 70, 0, 1, 2, 3], Values(grid));
    }

    [Fact]
    public void Index_put_accumulates_when_asked()
    {
        var sums = zeros(3);
        sums.index_put_(ones(4), [tensor(new long[] { 0, 2, 2, 2 })], accumulate: true);
        Assert.Equal([1f, 0f, 3f], sums.data<float>().ToArray());
        sums.index_put_(5, TensorIndex.Slice(0, 2));
        Assert.Equal([5f, 5f, 3f], sums.data<float>().ToArray());
    }

    [Fact]
    public void Gathering_and_scattering_go_by_position()
    {
        var order = tensor(new long[,] { { 0, 3 }, { 1, 1 }, { 2, 0 } });
        Assert.Equal([0, 3, 5, 5, 10, 8], Values(grid.gather(1, order)));
        Assert.Equal([5, 0], Values(grid.take(tensor(new long[] { 5, 0 }))));
        Assert.Equal([2, 0, 6, 4, 10, 8], Values(grid.index_select(1, tensor(new long[] { 2, 0 }))));
        Assert.Equal([0, 2, 1], Values(zeros(3, int64).scatter_add_(0, tensor(new long[] { 1, 2, 1 }), ones(3, int64))));
        Assert.Throws<ArgumentException>(() => grid.index_fill_(0, tensor(new[] { 0 }), 1));
    }

    [Fact]
    public void What_lies_outside_is_an_error_of_libtorch()
    {
        Assert.Throws<ExternalException>(() => grid[3]);
        Assert.Throws<ExternalException>(() => grid[0, 4]);
        Assert.Throws<ExternalException>(() => grid[tensor(new long[] { 3 })]);
        Assert.Throws<ExternalException>(() => grid[0, 0, 0]);
    }

    [Fact]
    public void Cutting_joins_back_to_the_whole()
    {
        Assert.True(cat(grid.split(2, dim: 1), 1).Equals(grid));
        Assert.True(cat(grid.split([1, 2]), 0).Equals(grid));
        Assert.True(stack(grid.unbind(1), 1).Equals(grid));
        Assert.Equal([5, 6, 9, 10], Values(grid.narrow(0, 1, 2).narrow(1, 1, 2)));
        Assert.Equal([3, 2, 1, 0], Values(grid.flip(1)[0]));
        Assert.Equal([8, 9, 10, 11], Values(grid.roll(1, 0)[0]));
    }
}
