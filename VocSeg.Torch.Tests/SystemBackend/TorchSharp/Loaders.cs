using TorchSharp;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace VocSeg.Torch.Tests.SystemBackend;

[Collection(LiveTensors.Name)]
public sealed class Loaders : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();

    public void Dispose() => scope.Dispose();

    /// <summary>Sample i is {"number": i, "pair": (i, 10 i)}; number <paramref name="broken"/> fails.</summary>
    private sealed class Numbers(long count, long broken = -1) : utils.data.Dataset
    {
        public bool Disposed { get; private set; }

        public Tensor? Scrap { get; private set; }

        public override long Count => count;

        public override Dictionary<string, Tensor> GetTensor(long index)
        {
            if (index == broken) throw new InvalidDataException("sample " + index);
            Scrap = zeros(1);
            return new(StringComparer.Ordinal) { ["number"] = tensor(index), ["pair"] = tensor(new[] { index, 10 * index }) };
        }

        protected override void Dispose(bool disposing) => Disposed = true;
    }

    private static long[][] Epoch(TorchSharp.Modules.DataLoader loader)
        => loader.Select(batch => batch["number"].data<long>().ToArray()).ToArray();

    [Fact]
    public void In_order_the_last_batch_is_what_is_left()
    {
        using var loader = utils.data.DataLoader(new Numbers(7), 3);
        Assert.Equal(3, loader.Count);
        Assert.Equal([[0, 1, 2], [3, 4, 5], [6]], Epoch(loader));
    }

    [Fact]
    public void A_short_last_batch_can_be_dropped()
    {
        using var loader = utils.data.DataLoader(new Numbers(7), 3, drop_last: true);
        Assert.Equal(2, loader.Count);
        Assert.Equal([[0, 1, 2], [3, 4, 5]], Epoch(loader));
    }

    [Fact]
    public void Samples_are_stacked_along_a_new_dimension()
    {
        using var loader = utils.data.DataLoader(new Numbers(4), 4, num_worker: 4);
        foreach (var batch in loader)
        {
            Assert.Equal([4L, 2L], batch["pair"].shape);
            Assert.Equal([0, 0, 1, 10, 2, 20, 3, 30], batch["pair"].data<long>().ToArray());
        }
    }

    // Worked out apart from the loader: Random(42) gives 1434747710, 302596119, 269548474, 1122627734, 361709742,
    // 563913476, ... Number i goes to the end; then it changes places with number (a * 2^32 + b) mod (i + 1), where
    // a and b are the next two draws.
    [Fact]
    public void A_seed_gives_the_inside_out_shuffle_of_that_Random()
    {
        Assert.Equal([4, 0, 7, 3, 1, 6, 2, 5], new FisherYatesShuffler(8, 42));
        using var loader = utils.data.DataLoader(new Numbers(8), 4, shuffle: true, seed: 42);
        Assert.Equal([[4, 0, 7, 3], [1, 6, 2, 5]], Epoch(loader));
    }

    [Fact]
    public void A_seed_gives_every_epoch_the_same_order_and_none_a_new_one()
    {
        using var seeded = utils.data.DataLoader(new Numbers(100), 100, shuffle: true, seed: 1);
        Assert.Equal(Epoch(seeded), Epoch(seeded));
        using var free = utils.data.DataLoader(new Numbers(100), 100, shuffle: true);
        var (first, second) = (Epoch(free)[0], Epoch(free)[0]);
        Assert.NotEqual(first, second);
        Assert.Equal(first.Order(), second.Order());
    }

    [Fact]
    public void Any_sequence_of_indices_is_an_order()
    {
        using var loader = utils.data.DataLoader(new Numbers(7), 2, new long[] { 5, 1, 3 });
        Assert.Equal([[5, 1], [3]], Epoch(loader));
    }

    [Fact]
    public void A_batch_is_disposed_at_the_next_step()
    {
        using var loader = utils.data.DataLoader(new Numbers(4), 2);
        using var batches = loader.GetEnumerator();
        Assert.True(batches.MoveNext());
        var first = batches.Current["number"];
        Assert.False(first.IsInvalid);
        Assert.True(batches.MoveNext());
        Assert.True(first.IsInvalid);
        var second = batches.Current["number"];
        Assert.False(batches.MoveNext());
        Assert.True(second.IsInvalid);
    }

    [Fact]
    public void A_batch_can_be_kept_by_saying_so()
    {
        using var loader = utils.data.DataLoader(new Numbers(2), 1, disposeBatch: false);
        var batches = loader.ToList();
        Assert.Equal([0, 1], batches.Select(batch => batch["number"].item<long>()));
        foreach (var tensor in batches.SelectMany(batch => batch.Values)) tensor.Dispose();
    }

    [Fact]
    public void Samples_and_what_they_leave_behind_are_disposed()
    {
        var numbers = new Numbers(6);
        using var loader = utils.data.DataLoader(numbers, 2, num_worker: 2);
        Garbage.Collect();
        var before = Tensor.TotalCount;
        foreach (var batch in loader)
        {
            Assert.True(numbers.Scrap!.IsInvalid);
            Assert.Equal(before + 2, Tensor.TotalCount);
        }
        Assert.Equal(before, Tensor.TotalCount);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_failing_sample_comes_through_as_an_aggregate(int workers)
    {
        using var loader = utils.data.DataLoader(new Numbers(6, broken: 4), 3, num_worker: workers);
        using var batches = loader.GetEnumerator();
        Assert.True(batches.MoveNext());
        var failure = Assert.Throws<AggregateException>(() => batches.MoveNext());
        Assert.Contains(failure.Flatten().InnerExceptions, inner => inner is InvalidDataException { Message: "sample 4" });
        // The other samples of the batch are the garbage collector's.
        Garbage.Collect();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_dataset_goes_with_the_loader_if_wanted(bool wanted)
    {
        var numbers = new Numbers(1);
        utils.data.DataLoader(numbers, 1, disposeDataset: wanted).Dispose();
        Assert.Equal(wanted, numbers.Disposed);
    }

    [Fact]
    public void Tensors_make_a_dataset_of_their_rows()
    {
        using var loader = utils.data.DataLoader(utils.data.TensorDataset(arange(4), arange(8).reshape(4, 2)), 3);
        var batches = loader.Select(batch => batch[1].data<long>().ToArray()).ToArray();
        Assert.Equal([[0, 1, 2, 3, 4, 5], [6, 7]], batches);
        Assert.Throws<ArgumentException>(() => utils.data.TensorDataset(arange(4), arange(3)));
    }
}
