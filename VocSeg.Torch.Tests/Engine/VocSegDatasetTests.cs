using TorchSharp;

namespace VocSeg.Torch.Tests.Engine;

public sealed class VocSegDatasetTests(SampleSet set) : IClassFixture<SampleSet>
{
    [Fact]
    public void Samples_smaller_than_the_crop_are_left_out_and_counted()
    {
        using var dataset = set.Dataset();
        Assert.Equal((23, 25), (dataset.Count, dataset.TotalCount));
        Assert.DoesNotContain(dataset.Samples, sample => sample.Id is "low" or "narrow");
    }

    [Fact]
    public void A_crop_that_no_sample_holds_is_an_error_that_says_so()
    {
        var error = Assert.Throws<DatasetException>(
            () => new VocSegDataset(set.Catalog, new() { Transforms = [new RandomCrop(new(1000, 10))] }));
        var largest = set.Catalog.Samples.Select(sample => sample.Size).MaxBy(size => size.Height * size.Width);
        Assert.EndsWith(
            "none of the 25 samples is large enough for the transforms, which need 1000x10 (height x width) after any "
            + $"scaling; the largest is {largest}. Take a smaller crop, or a PadIfSmaller before it.",
            error.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_sample_is_what_plain_loops_make_of_it()
    {
        using var dataset = set.Dataset();
        var reference = new SlowReference(SegmentationPalette.Voc);
        for (var index = 0; index < dataset.Count; index++)
        {
            using var scope = torch.NewDisposeScope();
            var tensors = dataset.GetTensor(index, epoch: 5);
            var (image, label) = reference.Read(dataset.Samples[index], dataset.GeometryOf(index, 5), SampleSet.Crop);

            Assert.Equal(["image", "label"], tensors.Keys.Order(StringComparer.Ordinal));
            Assert.Equal([3, 24, 32], tensors["image"].shape);
            Assert.Equal([24, 32], tensors["label"].shape);
            Assert.Equal((torch.float32, torch.int64), (tensors["image"].dtype, tensors["label"].dtype));
            Assert.Equal(label, tensors["label"].Values<long>());
            Assert.All(
                image.Zip(tensors["image"].Values<float>()), pair => Assert.Equal(pair.First, pair.Second, 1e-6));
        }
    }

    [Fact]
    public void Each_visit_of_an_index_draws_its_next_window()
    {
        using var dataset = set.Dataset();
        using var again = set.Dataset();
        using var scope = torch.NewDisposeScope();
        for (var epoch = 0; epoch < 3; epoch++)
            Assert.Equal(
                again.GetTensor(4, epoch)["image"].Values<float>(), dataset.GetTensor(4)["image"].Values<float>());
        Assert.True(Enumerable.Range(0, 8).Select(epoch => dataset.GeometryOf(4, epoch)).Distinct().Count() > 1);
    }

    [Fact]
    public void Another_seed_draws_other_windows_and_no_seed_draws_one()
    {
        using var one = set.Dataset(seed: 1);
        using var two = set.Dataset(seed: 2);
        Assert.NotEqual(Windows(one), Windows(two));
        using var first = new VocSegDataset(set.Catalog, new() { Transforms = [new RandomCrop(SampleSet.Crop)] });
        using var second = new VocSegDataset(set.Catalog, new() { Transforms = [new RandomCrop(SampleSet.Crop)] });
        Assert.NotEqual(first.Seed, second.Seed);

        static SampleGeometry[] Windows(VocSegDataset dataset) =>
            [.. Enumerable.Range(0, (int)dataset.Count).Select(index => dataset.GeometryOf(index, 0))];
    }

    [Fact]
    public void Image_and_label_always_get_the_same_window()
    {
        // Each pixel of the photo is the colour of its label, in broad stripes so that JPEG keeps them apart.
        using var tree = new VocTree();
        var random = new Random(11);
        for (var i = 0; i < 12; i++)
        {
            int tall = random.Next(1, 9), broad = random.Next(1, 9);
            RgbColor Blocks(int row, int column) =>
                ((row / 16 + tall) * 3 + column / 16 * broad) % 2 == 0 ? new(0, 0, 0) : new(128, 128, 128);
            tree.Add($"s{i}", random.Next(48, 140), random.Next(48, 140), Blocks, Blocks);
        }
        for (var seed = 0; seed < 20; seed++)
        {
            using var scope = torch.NewDisposeScope();
            using var dataset = new VocSegDataset(
                tree.Open(),
                new()
                {
                    Transforms = [new RandomCrop(new(1 + seed * 2, 48 - seed * 2))],
                    Seed = seed,
                    Normalization = Normalization.None,
                });
            for (var index = 0; index < dataset.Count; index++)
            {
                var sample = dataset.GetTensor(index);
                var image = sample["image"].Values<float>();
                var label = sample["label"].Values<long>();
                for (var pixel = 0; pixel < label.Length; pixel++)
                    Assert.Equal(label[pixel] == 7 ? 0.5f : 0f, image[pixel], 0.2f);
            }
        }
    }

    [Fact]
    public void The_textbook_palette_makes_the_border_background()
    {
        using var scope = torch.NewDisposeScope();
        using var standard = set.Dataset();
        using var textbook = set.Dataset(palette: SegmentationPalette.VocTextbook);
        var ignored = standard.GetTensor(0, 0)["label"].Values<long>();
        var background = textbook.GetTensor(0, 0)["label"].Values<long>();
        Assert.Contains(255L, ignored);
        Assert.Equal(ignored.Select(value => value == 255 ? 0 : value), background);
    }

    [Fact]
    public void An_unknown_colour_is_an_error_where_it_shall_be_one()
    {
        using var tree = new VocTree().Add(
            "odd", 30, 40, (row, column) => (row, column) == (17, 5) ? new(1, 2, 3) : new(224, 224, 192));
        var strict = SegmentationPalette.Voc with { UnknownColor = UnknownColor.Error };
        using var dataset = new VocSegDataset(
            tree.Open(), new() { Transforms = [new RandomCrop(new(30, 40))], Palette = strict });
        var error = Assert.Throws<DatasetException>(() => dataset.GetTensor(0));
        Assert.Equal((tree.LabelPath("odd"), "odd"), (error.Path, error.SampleId));
        Assert.Contains("row 17, column 5 has the colour (1, 2, 3)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_index_outside_the_set_is_refused()
    {
        using var dataset = set.Dataset();
        Assert.Throws<ArgumentOutOfRangeException>(() => dataset.GetTensor(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => dataset.GetTensor(23));
        Assert.Throws<ArgumentOutOfRangeException>(() => dataset.GetTensor(23, 0));
    }

    [Fact]
    public void A_disposed_data_set_refuses_to_read()
    {
        var dataset = set.Dataset();
        dataset.Dispose();
        Assert.Throws<ObjectDisposedException>(() => dataset.GetTensor(0));
    }
}
