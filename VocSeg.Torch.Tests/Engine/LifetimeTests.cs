using System.Diagnostics;
using TorchSharp;

namespace VocSeg.Torch.Tests.Engine;

/// <summary>Every tensor has one owner, and nothing stays behind.</summary>
[Collection(LiveTensors.Name)]
public sealed class LifetimeTests : IDisposable
{
    private readonly SampleSet set = new();
    private readonly long before = torch.Tensor.TotalCount;

    public void Dispose() => set.Dispose();

    [Fact]
    public void Epochs_leave_no_tensor_behind()
    {
        using (var dataset = set.Dataset())
        {
            using var loader = new VocSegDataLoader(dataset, new() { BatchSize = 4, Prefetch = 2, Shuffle = true });
            var held = torch.Tensor.TotalCount;
            for (var epoch = 0; epoch < 8; epoch++)
            {
                foreach (var batch in loader)
                    Assert.Equal(4, batch.Label.dim() + 1);
                // Of two batches, which the next epoch fills again; of three once the loop was slower than the workers.
                Assert.Contains(torch.Tensor.TotalCount - held, new long[] { 4, 6 });
            }
        }
        Assert.Equal(before, torch.Tensor.TotalCount);
    }

    [Fact]
    public void Leaving_the_loop_early_leaves_no_tensor_behind()
    {
        using (var dataset = set.Dataset())
        {
            using var loader = new VocSegDataLoader(dataset, new() { BatchSize = 4, Shuffle = true, DropLast = true });
            foreach (var batch in loader)
                break;
            Assert.Throws<InvalidOperationException>(() =>
            {
                foreach (var batch in loader)
                    throw new InvalidOperationException("the training step failed");
            });
        }
        Assert.Equal(before, torch.Tensor.TotalCount);
    }

    [Fact]
    public void A_batch_lives_until_the_next_unless_it_is_detached()
    {
        using var dataset = set.Dataset();
        using var loader = new VocSegDataLoader(dataset, new() { BatchSize = 4, Shuffle = true, DropLast = true });
        var detached = DetachedBatches.RunAndDetachSecond(loader);
        Assert.False(detached.Image.IsInvalid || detached.Label.IsInvalid);
        detached.Image.Dispose();
        detached.Label.Dispose();
    }

    [Fact]
    public void A_batch_belongs_to_the_loader_and_not_to_a_dispose_scope_of_the_loop()
    {
        using var dataset = set.Dataset();
        using var loader = new VocSegDataLoader(dataset, new() { BatchSize = 4, Shuffle = true, DropLast = true });
        using var batches = loader.GetEnumerator();
        using (torch.NewDisposeScope())
            Assert.True(batches.MoveNext());
        Assert.False(batches.Current.Image.IsInvalid);
    }

    [Fact]
    public void A_sample_belongs_to_the_callers_dispose_scope()
    {
        using var dataset = set.Dataset();
        var held = torch.Tensor.TotalCount;
        using (torch.NewDisposeScope())
            Assert.Equal(2, dataset.GetTensor(0).Count);
        Assert.Equal(held, torch.Tensor.TotalCount);
    }

    [Fact]
    public void An_error_in_an_epoch_leaves_no_tensor_behind()
    {
        using var tree = new VocTree().Add("a", 40, 40).Add("b", 40, 40);
        using (var dataset = new VocSegDataset(tree.Open(), new() { Transforms = [new RandomCrop(new(32, 32))] }))
        {
            File.WriteAllText(tree.LabelPath("b"), "no image");
            using var loader = new VocSegDataLoader(dataset, new() { BatchSize = 2, Shuffle = true, DropLast = true });
            Assert.Throws<DatasetException>(() => loader.Count());
            Assert.Throws<DatasetException>(() => dataset.GetTensor(1));
        }
        Assert.Equal(before, torch.Tensor.TotalCount);
    }

    [Fact]
    public void Memory_stays_flat_over_many_epochs()
    {
        using var dataset = set.Dataset();
        using var loader = new VocSegDataLoader(dataset, new() { BatchSize = 8, Shuffle = true, DropLast = true });
        Run(20);
        var settled = ResidentBytes();
        Run(60);
        // 60 more epochs make 120 batches of 0.4 MB: a leak of each tenth batch would show.
        Assert.InRange(ResidentBytes() - settled, long.MinValue, 4_000_000);

        void Run(int epochs)
        {
            for (var epoch = 0; epoch < epochs; epoch++)
            {
                foreach (var batch in loader)
                    Assert.Equal(8, batch.Image.shape[0]);
            }
        }
    }

    [Theory]
    [InlineData("none", 1024)]
    [InlineData("host", 256)]
    [InlineData("disk", 256)]
    public void A_sample_costs_little_managed_memory(string cache, int bound)
    {
        using var dataset = set.Dataset();
        using var loader = new VocSegDataLoader(
            dataset, new() { BatchSize = 23, Workers = 2, Cache = Caches.Of(cache), Shuffle = true, DropLast = true });
        Run(5);
        // What the loader allocates comes every time. What the test runner allocates meanwhile does not.
        Assert.InRange(Enumerable.Range(0, 3).Min(_ => BytesOfASample()), long.MinValue, bound);

        long BytesOfASample()
        {
            // An epoch's order and threads come on top, each thread with an 8 KB buffer of the runtime's decompressor.
            // With 23 samples an epoch they weigh far more than in training.
            const int AnEpochsOwn = 4096 + 2 * 8192;
            var allocated = GC.GetTotalAllocatedBytes(precise: true);
            Run(40);
            return (GC.GetTotalAllocatedBytes(precise: true) - allocated - 40 * AnEpochsOwn) / (40 * 23);
        }

        void Run(int epochs)
        {
            for (var epoch = 0; epoch < epochs; epoch++)
                Assert.Single(loader);
        }
    }

    private static long ResidentBytes()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64;
    }
}
