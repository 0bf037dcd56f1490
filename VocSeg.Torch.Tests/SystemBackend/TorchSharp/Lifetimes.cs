using static TorchSharp.torch;

namespace VocSeg.Torch.Tests.SystemBackend;

[Collection(LiveTensors.Name)]
public sealed class Lifetimes
{
    [Fact]
    public void Disposed_tensors_leave_the_count_where_it_was()
    {
        Garbage.Collect();
        var before = Tensor.TotalCount;
        using (NewDisposeScope())
        {
            var image = rand(3, 8, 8);
            var crop = image[.., 1..5, 2..6];
            var mean = crop.mean([1, 2], keepdim: true);
            Assert.Equal(before + 3, Tensor.TotalCount);
            _ = crop.sub_(mean).to(float64).split(1);
            _ = image.unbind();
        }
        Assert.Equal(before, Tensor.TotalCount);
        Assert.True(Tensor.PeakCount >= before + 3);
    }

    [Fact]
    public void A_forgotten_tensor_is_finalized()
    {
        Garbage.Collect();
        var before = Tensor.TotalCount;
        Forget();
        Garbage.Collect();
        Assert.Equal(before, Tensor.TotalCount);

        static void Forget() => Assert.Equal(2, zeros(2).numel());
    }

    [Fact]
    public void Gradients_and_views_keep_their_memory_alive()
    {
        using var scope = NewDisposeScope();
        Tensor view;
        using (var owner = arange(6)) view = owner[2..4];
        Assert.Equal([2L, 3L], view.data<long>().ToArray());
    }

    [Fact]
    public void A_disposed_tensor_says_so()
    {
        var tensor = zeros(1);
        tensor.Dispose();
        tensor.Dispose();
        Assert.True(tensor.IsInvalid);
        Assert.Throws<InvalidOperationException>(() => tensor.Handle);
        Assert.Throws<InvalidOperationException>(() => tensor + 1);
        Assert.Throws<InvalidOperationException>(() => tensor.shape);
    }

    [Fact]
    public void A_parameter_empties_the_tensor_that_it_is_made_of()
    {
        using var scope = NewDisposeScope();
        var data = ones(2);
        var parameter = nn.Parameter(data);
        Assert.True(data.IsInvalid);
        Assert.True(parameter.requires_grad);
        Assert.True(scope.Contains(parameter));
        Assert.False(scope.Contains(data));
    }
}
