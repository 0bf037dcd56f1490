using static TorchSharp.torch;

namespace VocSeg.Torch.Tests.Transforms;

/// <summary>Transforms of one's own: what they get, what becomes of what they give back, and that it repeats.</summary>
[Collection(LiveTensors.Name)]
public sealed class BatchTransformTests : IDisposable
{
    private static readonly IBatchTransform[] Both = [new CutOut(6), new CutMix()];
    private readonly SampleSet set = new();
    private readonly long before = Tensor.TotalCount;

    public static TheoryData<string, bool> Ways => new(
        from cache in Caches.Names from onHost in new[] { true, false } select (cache, onHost));

    public void Dispose() => set.Dispose();

    [Theory]
    [MemberData(nameof(Ways))]
    public void Batches_are_the_same_on_every_way_and_nothing_is_left_behind(string cache, bool onHost)
    {
        using (var dataset = set.Dataset())
        {
            var options = new VocSegDataLoaderOptions
            {
                BatchSize = 5,
                Shuffle = true,
                Workers = 1,
                BatchTransforms = [.. Both],
            };
            using var plain = new VocSegDataLoader(dataset, options);
            using var other = new VocSegDataLoader(
                dataset, options with { Cache = Caches.Of(cache), Workers = 3, Prefetch = 1 }, onHost);
            for (var epoch = 0; epoch < 3; epoch++)
            {
                foreach (var (expected, actual) in plain.Zip(other))
                {
                    Assert.Equal(expected.Indices, actual.Indices);
                    Assert.Equal(expected.Label.Values<long>(), actual.Label.Values<long>());
                    Assert.All(
                        expected.Image.Values<float>().Zip(actual.Image.Values<float>()),
                        pair => Assert.Equal(pair.First, pair.Second, 1e-5));
                }
            }
        }
        Assert.Equal(before, Tensor.TotalCount);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Cut_out_hides_a_square_of_each_sample_and_leaves_the_rest(bool onHost)
    {
        using var dataset = set.Dataset();
        var options = new VocSegDataLoaderOptions { BatchSize = 4 };
        using var plain = new VocSegDataLoader(dataset, options, onHost);
        using var cut = new VocSegDataLoader(dataset, options with { BatchTransforms = [new CutOut(6)] }, onHost);
        var places = new HashSet<int>();
        foreach (var (whole, holed) in plain.Zip(cut))
        {
            var (classes, left) = (whole.Label.Values<long>(), holed.Label.Values<long>());
            var (pixels, shown) = (whole.Image.Values<float>(), holed.Image.Values<float>());
            var plane = (int)SampleSet.Crop.Pixels;
            for (var slot = 0; slot < whole.Indices.Count; slot++)
            {
                // Every pixel of the square is 0 in all channels and ignored; the others are as they were.
                int[] hidden = [.. Enumerable.Range(0, plane).Where(at => shown[slot * 3 * plane + at] == 0
                    && shown[(slot * 3 + 1) * plane + at] == 0 && left[slot * plane + at] == 255)];
                Assert.Equal(36, hidden.Length);
                Assert.Equal(hidden[0] + 5 * SampleSet.Crop.Width + 5, hidden[^1]);
                places.Add(hidden[0]);
                foreach (var at in Enumerable.Range(0, plane).Except(hidden))
                {
                    Assert.Equal(classes[slot * plane + at], left[slot * plane + at]);
                    for (var channel = 0; channel < 3; channel++)
                    {
                        var place = (slot * 3 + channel) * plane + at;
                        Assert.Equal(pixels[place], shown[place]);
                    }
                }
            }
        }
        Assert.True(places.Count > 15);
    }

    [Fact]
    public void Cut_mix_takes_every_pixel_from_the_sample_or_its_neighbour()
    {
        using var dataset = set.Dataset();
        var options = new VocSegDataLoaderOptions { BatchSize = 5 };
        using var plain = new VocSegDataLoader(dataset, options);
        using var mixed = new VocSegDataLoader(dataset, options with { BatchTransforms = [new CutMix()] });
        var taken = 0;
        foreach (var (first, second) in plain.Zip(mixed))
        {
            using var scope = NewDisposeScope();
            var isOwn = second.Image.eq(first.Image).all(1);
            var isNeighbours = second.Image.eq(first.Image.roll(1, 0)).all(1);
            Assert.True((isOwn | isNeighbours).all().item<bool>());
            Assert.True(second.Label.eq(first.Label.roll(1, 0))[isNeighbours & ~isOwn].all().item<bool>());
            Assert.True(second.Label.eq(first.Label)[isOwn & ~isNeighbours].all().item<bool>());
            taken += (int)isNeighbours.sum().item<long>();
        }
        Assert.True(taken > SampleSet.Crop.Pixels);
    }

    [Fact]
    public void An_epoch_that_goes_on_from_a_state_has_the_same_batches()
    {
        using var dataset = set.Dataset();
        var options = new VocSegDataLoaderOptions { BatchSize = 5, Shuffle = true, BatchTransforms = [.. Both] };
        using var loader = new VocSegDataLoader(dataset, options);
        var all = loader.Select(batch => batch.Image.Values<float>()).ToArray();
        using var other = new VocSegDataLoader(dataset, options with { Workers = 1 });
        foreach (var batch in other)
        {
            if (other.State.Batch == 2)
                break;
        }
        using var resumed = new VocSegDataLoader(dataset, options) { State = other.State };
        Assert.Equal(all[2..], resumed.Select(batch => batch.Image.Values<float>()));
    }

    [Fact]
    public void A_transform_gets_ids_indices_and_streams_of_each_sample_whatever_batch_it_is_in()
    {
        using var dataset = set.Dataset();
        Dictionary<long, double> Drawn(int batchSize, bool shuffle, params IBatchTransform[] beside)
        {
            var drawn = new Dictionary<long, double>();
            var watch = new Own(batch =>
            {
                Assert.Equal(batch.Indices.Select(index => dataset.Samples[(int)index].Id), batch.Ids);
                Assert.Equal((batch.Count, 255), (batch.SampleRandom.Count, batch.IgnoreIndex));
                for (var slot = 0; slot < batch.Count; slot++)
                    drawn.Add(batch.Indices[slot], batch.SampleRandom[slot].NextDouble());
                return batch.Tensors;
            });
            using var loader = new VocSegDataLoader(
                dataset, new() { BatchSize = batchSize, Shuffle = shuffle, BatchTransforms = [.. beside, watch] });
            foreach (var batch in loader)
                Assert.Equal(0, batch.Epoch);
            return drawn;
        }

        var expected = Drawn(5, shuffle: false);
        Assert.Equal(expected.OrderBy(pair => pair.Key), Drawn(3, shuffle: true, Both).OrderBy(pair => pair.Key));
        Assert.Equal(expected.Count, expected.Values.Distinct().Count());
    }

    [Fact]
    public void Two_of_a_kind_and_two_crops_of_a_sample_draw_by_themselves()
    {
        using var dataset = set.Dataset();
        var drawn = new List<double>();
        var own = new Own(batch =>
        {
            drawn.Add(batch.Random.NextDouble());
            drawn.AddRange(batch.SampleRandom.Select(random => random.NextDouble()));
            return batch.Tensors;
        });
        using var loader = new VocSegDataLoader(
            dataset, new() { BatchSize = 4, CropsPerSample = 2, BatchTransforms = [own, own] });
        for (var epoch = 0; epoch < 2; epoch++)
            Assert.Equal(12, loader.Count());
        // Two epochs of 12 batches with 46 crops, each drawn for by both.
        Assert.Equal(2 * 2 * (12 + 46), drawn.Distinct().Count());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_weight_of_a_mask_is_given_replaced_and_left_out_like_the_others(bool onHost)
    {
        using (var places = new PlaceSet(8))
        {
            using var dataset = new VocSegDataset(places.Catalog, new()
            {
                Transforms = [new CenterCrop(new(8, 8))],
                LabelForm = LabelForm.Mask,
                Palette = SegmentationPalette.FromNames("ground", "cell") with
                {
                    IndexMap = IndexMap.FromRanges((0, 0, 0), (1, 239, 1)),
                },
            });
            (Func<Tensor, Tensor?> Change, float? Expected)[] cases =
                [(weight => weight, 1), (weight => weight + weight, 2), (_ => null, null)];
            foreach (var (change, expected) in cases)
            {
                var own = new Own(batch => (batch.Image, batch.Label, change(batch.Weight!)));
                using var loader = new VocSegDataLoader(
                    dataset, new() { BatchSize = 4, BatchTransforms = [own] }, onHost);
                foreach (var batch in loader)
                    Assert.Equal(expected, batch.Weight?.Values<float>().Average());
            }
        }
        Assert.Equal(before, Tensor.TotalCount);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void Kept_batches_are_the_callers_and_what_was_replaced_is_gone(string cache, bool onHost)
    {
        using (var dataset = set.Dataset())
        {
            Tensor? given = null;
            var own = new Own(batch =>
            {
                given = batch.Image;
                // A view shares the memory of what was given; a tensor that is not given back is disposed.
                _ = batch.Image.mul(batch.Image);
                return (batch.Image.flip(3), batch.Label.unsqueeze(1), null);
            });
            var options = new VocSegDataLoaderOptions { BatchSize = 5, Cache = Caches.Of(cache) };
            var keeping = options with { DisposeBatch = false, BatchTransforms = [own] };
            using var loader = new VocSegDataLoader(dataset, keeping, onHost);
            using var plain = new VocSegDataLoader(dataset, options, onHost);
            for (var epoch = 0; epoch < 2; epoch++)
            {
                var kept = loader.ToList();
                Assert.True(given!.IsInvalid);
                Assert.Equal(plain.Select(LabelOf), kept.Select(LabelOf));
                foreach (var batch in kept)
                {
                    Assert.Equal(4, batch.Label.shape.Length);
                    batch.Image.Dispose();
                    batch.Label.Dispose();
                }
            }
        }
        Assert.Equal(before, Tensor.TotalCount);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void A_transform_that_fails_or_gives_back_no_batch_ends_the_loop_and_leaves_nothing(
        string cache, bool onHost)
    {
        using (var dataset = set.Dataset())
        {
            (Func<BatchTransformInput, (Tensor, Tensor, Tensor?)> Apply, string Named)[] cases =
            [
                (_ => throw new InvalidOperationException("its own"), "its own"),
                (batch => (batch.Image, null!, null), "labels of 5 samples along the first dimension, and gave none"),
                (batch => (batch.Image.narrow(0, 0, 3), batch.Label, null), "and gave one of shape (3, 3, 24, 32)"),
                (batch => (batch.Image.sum(), batch.Label, null), "one of no dimension"),
                (batch => { batch.Label.Dispose(); return batch.Tensors; }, "one that is disposed"),
            ];
            foreach (var (apply, named) in cases)
            {
                var fails = false;
                var own = new Own(batch => fails ? apply(batch) : batch.Tensors);
                using var loader = new VocSegDataLoader(
                    dataset, new() { BatchSize = 5, Cache = Caches.Of(cache), BatchTransforms = [own] }, onHost);
                Assert.Equal(5, loader.Count());
                fails = true;
                var error = Assert.Throws<InvalidOperationException>(() => loader.Count());
                Assert.Contains(named, error.Message, StringComparison.Ordinal);
                fails = false;
                Assert.Equal(5, loader.Count());
            }
        }
        Assert.Equal(before, Tensor.TotalCount);
    }

    [Fact]
    public void Streams_are_uniform_and_refuse_a_bound_without_numbers()
    {
        var stream = new SampleStream(new SampleRandom(1, 2, 3, 0, 4));
        ChiSquare.RequireUniform([.. Enumerable.Range(0, 20_000).Select(_ => stream.NextDouble())]);
        var counts = Enumerable.Range(0, 20_000).Select(_ => stream.Next(7)).CountBy(value => value).ToArray();
        Assert.Equal(Enumerable.Range(0, 7), counts.Select(pair => pair.Key).Order());
        ChiSquare.RequireEqual([.. counts.Select(pair => pair.Value)]);
        Assert.Throws<ArgumentOutOfRangeException>(() => stream.Next(0));
        Assert.Throws<ArgumentException>(() => new VocSegDataLoaderOptions { BatchTransforms = [null!] });
    }

    private static long[] LabelOf(VocSegBatch batch) => batch.Label.Values<long>();

    private sealed class Own(Func<BatchTransformInput, (Tensor, Tensor, Tensor?)> apply) : IBatchTransform
    {
        public (Tensor Image, Tensor Label, Tensor? Weight) Apply(BatchTransformInput batch) => apply(batch);
    }
}
