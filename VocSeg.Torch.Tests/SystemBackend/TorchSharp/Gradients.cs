using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace VocSeg.Torch.Tests.SystemBackend;

public sealed class Gradients
{
    public static TheoryData<string, Func<Tensor, Tensor>> Functions => new()
    {
        { "polynomial", x => (x * x * 3 - x / 2).sum() },
        { "exp and log", x => (x.exp() + (x * x + 1).log()).sum() },
        { "softmax", x => x.softmax(1)[.., 0].sum() },
        { "view and slice", x => x.t()[1..].reshape(-1).pow(3).mean() },
        { "matmul", x => x.matmul(x.t()).sigmoid().sum() },
        { "cross entropy", x => nn.functional.cross_entropy(x, tensor(new long[] { 2, 0 })) },
        { "clamp and max", x => x.clamp(min: -0.5).amax([1]).sum() },
        { "interpolate", x => nn.functional.interpolate(x[TensorIndex.None, TensorIndex.None], [4, 5], mode: InterpolationMode.Bilinear, align_corners: false).square().sum() },
    };

    [Theory]
    [MemberData(nameof(Functions))]
    public void Backward_agrees_with_differences(string name, Func<Tensor, Tensor> function)
    {
        const double step = 1e-6;
        using var scope = NewDisposeScope();
        var point = tensor(new[,] { { 0.3, -0.8, 1.1 }, { -0.2, 0.7, 0.4 } });
        var variable = point.clone().requires_grad_();
        function(variable).backward();
        for (var i = 0L; i < 2; i++)
        {
            for (var j = 0L; j < 3; j++)
            {
                var (above, below) = (point.clone(), point.clone());
                above[i, j].add_(step);
                below[i, j].sub_(step);
                var difference = (function(above) - function(below)).ToDouble() / (2 * step);
                Assert.True(Math.Abs(difference - variable.grad![i, j].ToDouble()) < 1e-5, $"{name} at {i}, {j}");
            }
        }
    }

    [Fact]
    public void Gradients_add_up_until_they_are_cleared()
    {
        using var scope = NewDisposeScope();
        var x = ones(2).requires_grad_();
        Assert.Null(x.grad);
        (x * 2).sum().backward();
        (x * 3).sum().backward();
        Assert.Equal([5f, 5f], x.grad!.data<float>().ToArray());
        x.grad = null;
        Assert.Null(x.grad);
    }

    [Fact]
    public void Without_gradients_nothing_is_recorded()
    {
        using var scope = NewDisposeScope();
        var x = ones(2).requires_grad_();
        using (no_grad())
        {
            Assert.False(is_grad_enabled());
            Assert.False((x * 2).requires_grad);
            using (enable_grad()) Assert.True((x * 2).requires_grad);
            x.add_(1);
        }
        Assert.True(is_grad_enabled());
        Assert.Throws<ExternalException>(() => x.add_(1));
    }

    [Fact]
    public void Inference_mode_ends_with_its_guard()
    {
        using var scope = NewDisposeScope();
        var x = ones(2).requires_grad_();
        using (inference_mode())
        {
            Assert.True(is_inference_mode_enabled());
            Assert.False((x * 2).requires_grad);
        }
        Assert.False(is_inference_mode_enabled());
        Assert.True((x * 2).requires_grad);
    }

    [Fact]
    public void Detached_and_leaf_are_told_apart()
    {
        using var scope = NewDisposeScope();
        var x = ones(2).requires_grad_();
        var y = x * 2;
        Assert.True(x.is_leaf);
        Assert.False(y.is_leaf);
        Assert.False(y.detach().requires_grad);
        Assert.Throws<ExternalException>(() => ones(1, int64).requires_grad_());
    }

    [Fact]
    public void A_graph_is_gone_after_backward_unless_kept()
    {
        using var scope = NewDisposeScope();
        var x = ones(2).requires_grad_();
        var y = x.square().sum();
        y.backward(retain_graph: true);
        y.backward();
        Assert.Throws<ExternalException>(() => y.backward());
        Assert.Equal([4f, 4f], x.grad!.data<float>().ToArray());
    }

    [Fact]
    public void Grad_gives_gradients_without_storing_them()
    {
        using var scope = NewDisposeScope();
        var (x, y) = (tensor(3f).requires_grad_(), tensor(2f).requires_grad_());
        var gradients = autograd.grad([x * x * y], [x, y], [tensor(10f)]);
        Assert.Equal([120f, 90f], gradients.Select(g => g.item<float>()));
        Assert.Null(x.grad);
        var second = autograd.grad(autograd.grad([x.pow(3)], [x], create_graph: true), [x]);
        Assert.Equal(18f, second[0].item<float>());
    }
}
