using TorchSharp;
using static TorchSharp.torch;

namespace VocSeg.Torch.Tests.SystemBackend;

public sealed class DisposeScopes
{
    [Fact]
    public void A_scope_disposes_what_was_made_in_it_and_nothing_made_before()
    {
        using var before = zeros(2);
        Tensor inside;
        using (NewDisposeScope())
        {
            inside = ones(2);
            Assert.False(inside.IsInvalid);
        }
        Assert.True(inside.IsInvalid);
        Assert.False(before.IsInvalid);
    }

    [Fact]
    public void The_innermost_scope_owns_a_new_tensor()
    {
        using var outer = NewDisposeScope();
        var early = zeros(1);
        Tensor late;
        using (var inner = NewDisposeScope())
        {
            late = zeros(1);
            Assert.True(inner.Contains(late));
            Assert.False(outer.Contains(late));
            Assert.Same(inner, CurrentDisposeScope);
        }
        Assert.True(late.IsInvalid);
        Assert.False(early.IsInvalid);
        Assert.Same(outer, CurrentDisposeScope);
    }

    [Fact]
    public void Moving_out_leaves_the_tensor_to_the_outer_scope()
    {
        Tensor moved;
        using (var outer = NewDisposeScope())
        {
            using (NewDisposeScope()) moved = zeros(1).MoveToOuterDisposeScope();
            Assert.False(moved.IsInvalid);
            Assert.True(outer.Contains(moved));
        }
        Assert.True(moved.IsInvalid);
    }

    [Fact]
    public void Moving_out_of_the_outermost_scope_is_detaching()
    {
        Tensor moved;
        using (var scope = NewDisposeScope()) moved = scope.MoveToOuter(zeros(1));
        Assert.False(moved.IsInvalid);
        moved.Dispose();
    }

    [Fact]
    public void A_detached_tensor_outlives_every_scope()
    {
        Tensor detached;
        using (NewDisposeScope())
        using (var inner = NewDisposeScope())
        {
            detached = zeros(1).DetachFromDisposeScope();
            Assert.False(inner.Contains(detached));
        }
        Assert.False(detached.IsInvalid);
        detached.Dispose();
    }

    [Fact]
    public void An_attached_tensor_goes_with_the_scope()
    {
        var tensor = zeros(1);
        using (var scope = NewDisposeScope()) scope.Attach(tensor);
        Assert.True(tensor.IsInvalid);
    }

    [Fact]
    public void Disposing_all_but_some_keeps_just_those()
    {
        using var scope = NewDisposeScope();
        var (kept, dropped) = (zeros(1), zeros(1));
        scope.DisposeEverythingBut(kept);
        Assert.False(kept.IsInvalid);
        Assert.True(dropped.IsInvalid);
        Assert.Equal(1, scope.DisposablesCount);
    }

    [Fact]
    public void A_tensor_disposed_by_hand_leaves_its_scope()
    {
        using var scope = NewDisposeScope();
        var tensor = zeros(1);
        tensor.Dispose();
        Assert.Equal(0, scope.DisposablesCount);
    }

    [Fact]
    public void The_wrapped_expression_leaves_only_its_result()
    {
        Tensor? between = null;
        using var result = WrappedTensorDisposeScope(() => (between = ones(3)) + 1);
        Assert.True(between!.IsInvalid);
        Assert.Equal([2f, 2f, 2f], result.data<float>().ToArray());
    }

    [Fact]
    public void A_scope_belongs_to_its_thread()
    {
        Tensor? other = null;
        using (var scope = NewDisposeScope())
        {
            var thread = new Thread(() => other = zeros(1));
            thread.Start();
            thread.Join();
            Assert.False(scope.Contains(other!));
        }
        Assert.False(other!.IsInvalid);
        other.Dispose();
    }

    [Fact]
    public void An_ended_scope_refuses_further_use()
    {
        var scope = NewDisposeScope();
        scope.Dispose();
        scope.Dispose();
        Assert.Throws<ObjectDisposedException>(() => scope.DisposablesCount);
        Assert.Throws<ObjectDisposedException>(() => scope.Detach(Array.Empty<IDisposable>()));
    }

    [Fact]
    public void A_scope_takes_tensors_only()
    {
        using var scope = NewDisposeScope();
        using var stream = new MemoryStream();
        Assert.Throws<InvalidOperationException>(() => scope.Attach(stream));
    }

    [Fact]
    public void Statistics_count_the_threads_own_tensors()
    {
        var statistics = DisposeScopeManager.Statistics;
        statistics.Reset();
        using (var scope = NewDisposeScope())
        {
            var detached = zeros(1);
            _ = zeros(1);
            scope.Detach(detached);
            detached.Dispose();
        }
        zeros(1).Dispose();
        Assert.Equal(2, statistics.CreatedInScopeCount);
        Assert.Equal(1, statistics.DisposedInScopeCount);
        Assert.Equal(1, statistics.DetachedFromScopeCount);
        Assert.Equal(1, statistics.CreatedOutsideScopeCount);
        Assert.Equal(2, statistics.DisposedOutsideScopeCount);
        Assert.Equal(0, statistics.ThreadTotalLiveCount);
    }
}
