using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace VocSeg.Torch.Tests.Engine;

/// <summary>What outlives a batch, a mode or a loader gives right values or an error, never wrong values.</summary>
[Collection(LiveTensors.Name)]
public sealed class KeptBatchTests : IDisposable
{
    private readonly SampleSet set = new();
    private readonly long before = Tensor.TotalCount;

    public static TheoryData<string, bool> Ways => new(
        from cache in Caches.Names
        from onHost in new[] { true, false }
        select (cache, onHost));

    public void Dispose() => set.Dispose();

    [Fact]
    public void A_graph_that_is_kept_beyond_its_batch_on_the_host_is_an_error_and_no_wrong_gradient()
    {
        using (NewDisposeScope())
        {
            Assert.Contains(
                "inplace",
                Assert.Throws<ExternalException>(() => Gradient(onHost: true, detach: false)).Message,
                StringComparison.Ordinal);
            var expected = Gradient(onHost: true, detach: true);
            Assert.NotEqual(0, expected);
            Assert.Equal(expected, Gradient(onHost: false, detach: false), 1e-2);
        }
        Assert.Equal(before, Tensor.TotalCount);

        // The sum of the losses of four batches, and only then backward.
        float Gradient(bool onHost, bool detach)
        {
            using var dataset = set.Dataset();
            using var loader = new VocSegDataLoader(
                dataset, new() { BatchSize = 4, Shuffle = true, DropLast = true }, onHost);
            var weight = tensor(0.5f, requires_grad: true);
            var loss = tensor(0f);
            var kept = new List<Tensor>();
            foreach (var batch in loader)
            {
                loss = loss + (batch.Image * weight).square().sum() / 1e4f;
                if (detach)
                    kept.AddRange(batch.Detach().Image, batch.Label);
            }
            loss.backward();
            kept.ForEach(tensor => tensor.Dispose());
            return weight.grad!.item<float>();
        }
    }

    [Theory]
    [InlineData("none")]
    [InlineData("host")]
    [InlineData("device")]
    public void A_data_set_that_is_disposed_before_its_loader_is_named_where_its_device_needs_it(string cache)
    {
        using (var dataset = set.Dataset())
        {
            using var loader = new VocSegDataLoader(
                dataset, new() { BatchSize = 4, Cache = Caches.Of(cache) }, onHost: false);
            using var loop = loader.GetEnumerator();
            Assert.True(loop.MoveNext());
            dataset.Dispose();
            var error = Assert.Throws<ObjectDisposedException>(() =>
            {
                while (loop.MoveNext())
                {
                }
            });
            Assert.Contains("dispose the loader first", error.Message, StringComparison.Ordinal);
        }
        Assert.Equal(before, Tensor.TotalCount);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void A_loader_that_was_first_used_in_inference_mode_trains_afterwards(string cache, bool onHost)
    {
        using (NewDisposeScope())
        {
            using var dataset = set.Dataset();
            VocSegDataLoader loader;
            using (inference_mode())
            {
                loader = new(
                    dataset,
                    new() { BatchSize = 4, Cache = Caches.Of(cache), Shuffle = true, DropLast = true },
                    onHost);
                Assert.Equal(5, loader.Count());
            }
            using (loader)
            {
                var weight = tensor(0.5f, requires_grad: true);
                foreach (var batch in loader)
                    (batch.Image * weight).sum().backward();
                Assert.NotEqual(0, weight.grad!.item<float>());
            }
        }
        Assert.Equal(before, Tensor.TotalCount);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void A_loader_that_is_disposed_under_a_loop_ends_it(string cache, bool onHost)
    {
        for (var warm = 0; warm < 2; warm++)
        {
            using (var dataset = set.Dataset())
            {
                var loader = new VocSegDataLoader(
                    dataset, new() { BatchSize = 2, Cache = Caches.Of(cache), Workers = 3, Shuffle = true }, onHost);
                for (var epoch = 0; epoch < warm; epoch++)
                    Assert.Equal(12, loader.Count());
                using (var loop = loader.GetEnumerator())
                {
                    Assert.True(loop.MoveNext());
                    loader.Dispose();
                    Assert.Equal(2, loop.Current.Image.Values<float>().Length / (3 * 24 * 32));
                    Assert.Throws<ObjectDisposedException>(() => loop.MoveNext());
                }
                Assert.Throws<ObjectDisposedException>(() => loader.Count());
            }
            Assert.Equal(before, Tensor.TotalCount);
        }
    }

    [Fact]
    public void A_full_device_cache_keeps_no_staging_memory()
    {
        using var dataset = set.Dataset();
        using var loader = new VocSegDataLoader(
            dataset, new() { BatchSize = 5, Cache = SampleCache.Device, Shuffle = true }, onHost: false);
        var held = Tensor.TotalCount;
        Assert.Equal(5, loader.Count());
        Assert.Equal(5, loader.Count());
        // The tables of the data set's transform came with the first batch; buffers with memory of their own would be
        // two or three more.
        Assert.Equal(held + TransformTensors(dataset), Tensor.TotalCount);

        static long TransformTensors(VocSegDataset dataset)
        {
            var without = Tensor.TotalCount;
            using var own = new DeviceWarp(
                new(dataset.Options), dataset.Options.Palette, dataset.Device, SampleSet.Crop);
            return Tensor.TotalCount - without + 1;
        }
    }
}
