using FcnTraining;
using static TorchSharp.torch;

namespace VocSeg.Torch.Tests.FcnTraining;

public sealed class EvaluationTests
{
    // Bytes times one factor, so that a plain loop comes to the very same floats.
    private static readonly VocSegDatasetOptions data = new() { Normalization = Normalization.None, Seed = 3 };

    [Theory]
    [InlineData("Fcn32", null)]
    [InlineData("Fcn8", null)]
    [InlineData("Fcn8", 32)]
    public void Whole_images_count_as_in_a_plain_loop_over_their_files(string head, int? slide)
    {
        using var tree = Tree();
        var catalog = tree.Open();
        var settings = new Settings(Slide: slide is { } side ? new(side, side) : null) { Workers = 2 };
        using var model = Train(head, catalog);
        using var evaluation = new Evaluation(catalog, settings, data, EvaluateOn.Whole);
        var ids = new List<string>();

        var score = evaluation.Run(model, (sample, _) => ids.Add(sample.Id));

        Assert.Equal(catalog.Samples.Select(sample => sample.Id), ids);
        var expected = PlainLoop(model, catalog, settings.Window);
        for (var label = 0; label < 21; label++)
        {
            for (var prediction = 0; prediction < 21; prediction++)
                Assert.Equal(expected[label, prediction], score[label, prediction]);
        }
        // Ignored pixels are out, and the evaluation is one of several classes.
        var labels = catalog.Samples.SelectMany(sample => sample.ReadClassIndex()).ToArray();
        Assert.Equal(labels.Count(index => index != 255), score.Pixels);
        Assert.InRange(score.Pixels, 1, labels.Length - 1);
        Assert.InRange(score.ClassIoU.Count(value => value > 0), 2, 21);
        // Another evaluation is the same one.
        Assert.Equal(score.MeanIoU, evaluation.Run(model).MeanIoU);
    }

    [Fact]
    public void Padded_batches_count_no_padded_pixel()
    {
        using var tree = Tree();
        using var dataset = new VocSegDataset(tree.Open(), data with { Transforms = [new Whole()] });
        using var loader = new VocSegDataLoader(dataset, new() { BatchSize = 3 });
        using var matrix = new ConfusionMatrix(21);
        foreach (var (image, label) in loader)
        {
            using var all = zeros(label.shape, ScalarType.Int64);
            matrix.Add(all, label);
        }
        var labels = tree.Open().Samples.SelectMany(sample => sample.ReadClassIndex());
        Assert.Equal(labels.Count(index => index != 255), matrix.Score().Pixels);
    }

    [Fact]
    public void Crops_are_the_same_in_every_evaluation_and_leave_small_images_out()
    {
        using var tree = Tree();
        var settings = new Settings(BatchSize: 2) { Crop = new(32, 40), Workers = 2 };
        using var model = Train("Fcn8", tree.Open());
        using var evaluation = new Evaluation(tree.Open(), settings, data, EvaluateOn.Crops);
        Assert.Equal(4, evaluation.Dataset.Count);
        var first = evaluation.Run(model);
        var second = evaluation.Run(model);
        Assert.InRange(first.Pixels, 1, 4 * 32 * 40);
        Assert.Equal((first.Pixels, first.MeanIoU), (second.Pixels, second.MeanIoU));
    }

    // No side is a multiple of 32, but one.
    private static VocTree Tree()
    {
        var tree = new VocTree();
        (int Height, int Width)[] sizes = [(33, 47), (47, 33), (64, 41), (20, 90), (75, 50), (50, 75)];
        for (var number = 0; number < sizes.Length; number++)
        {
            var (height, width) = sizes[number];
            var (horizon, kind) = (height / 2, 1 + number % 3);
            var border = new RgbColor(224, 224, 192);
            tree.Add(
                $"s{number}",
                height,
                width,
                (row, _) => row == horizon ? border : SegmentationPalette.Voc.Colors[row < horizon ? 0 : kind],
                (row, column) => new((byte)(row * 3), (byte)(column * 2), (byte)(row < horizon ? 220 : 60 * kind)));
        }
        return tree;
    }

    /// <summary>A small network that a few steps have taught to tell classes apart.</summary>
    private static Fcn Train(string head, SampleCatalog catalog)
    {
        manual_seed(4);
        var model = new Fcn(new(21, Width: 4, Enum.Parse<FcnHead>(head)));
        using var dataset = new VocSegDataset(
            catalog, data with { Transforms = [new PadIfSmaller(new(32, 32)), new RandomCrop(new(32, 32))] });
        using var loader = new VocSegDataLoader(dataset, new() { BatchSize = 6, Shuffle = true });
        using var optimizer = optim.Adam(model.parameters(), lr: 0.01);
        for (var epoch = 0; epoch < 30; epoch++)
        {
            foreach (var (image, label) in loader)
            {
                using var scope = NewDisposeScope();
                optimizer.zero_grad();
                nn.functional.cross_entropy(model.call(image), label, ignore_index: 255).backward();
                optimizer.step();
            }
        }
        return model;
    }

    private static long[,] PlainLoop(Fcn model, SampleCatalog catalog, SlidingPrediction? window)
    {
        using var constant = no_grad();
        var counts = new long[21, 21];
        foreach (var sample in catalog.Samples)
        {
            using var scope = NewDisposeScope();
            int height = sample.Size.Height, width = sample.Size.Width;
            var (rgba, label) = (sample.ReadImage(), sample.ReadClassIndex());
            var planes = new float[3 * height * width];
            for (var at = 0; at < planes.Length; at++)
                planes[at] = rgba[4 * (at % (height * width)) + at / (height * width)] * (float)(1 / 255.0);
            var input = tensor(planes).view(1, 3, height, width);
            var classes = window is null ? model.call(input).argmax(1) : window.Predict(model.call, 21, input);
            var predicted = classes.Values<long>();
            for (var at = 0; at < label.Length; at++)
            {
                if (label[at] != 255)
                    counts[label[at], predicted[at]]++;
            }
        }
        return counts;
    }
}
