namespace VocSeg.Torch.Tests.Transforms;

/// <summary>Image and label go the same way through every transform, in a loader's batches.</summary>
public sealed class PairRelationTests : IDisposable
{
    private const int Epochs = 10;
    private static readonly ImageSize Size = new(24, 30);
    private readonly PlaceSet set = new();

    public static TheoryData<string, bool> Ways => new(
        from name in Lists.Keys from onHost in new[] { true, false } select (name, onHost));

    private static Dictionary<string, SampleTransform[]> Lists => new()
    {
        ["crop"] = [new RandomCrop(Size)],
        ["flips"] = [new RandomHorizontalFlip(), new RandomVerticalFlip(), new RandomCrop(Size)],
        ["scale"] = [new RandomScale(), new PadIfSmaller(Size), new RandomCrop(Size, 0.75)],
        ["rotation"] = [new RandomRotation(180), new RandomCrop(Size)],
        ["affine"] = [new RandomAffine(30, (0.2, 0.2), (0.5, 2), (20, 20)), new CenterCrop(Size)],
        ["resize"] = [new Resize(new(40, 31)), new Whole()],
        ["letterbox"] = [new Letterbox(new(40, 31)), new Whole()],
        ["resized crop"] = [new RandomResizedCrop(Size)],
        ["whole"] = [new RandomHorizontalFlip(), new Whole()],
        ["after the crop"] = [new RandomCrop(Size), new RandomHorizontalFlip(), new RandomRotation(20)],
        ["strong"] =
        [
            new RandomScale(), new PadIfSmaller(Size), new RandomCrop(Size, 0.75), new RandomHorizontalFlip(),
            new RandomRotation(10),
        ],
    };

    public void Dispose() => set.Dispose();

    [Theory]
    [MemberData(nameof(Ways))]
    public void Where_the_image_tells_the_place_the_label_is_that_places(string name, bool onHost)
    {
        var compared = 0;
        using var dataset = set.Dataset(Lists[name]);
        using var loader = new VocSegDataLoader(dataset, new() { BatchSize = 16, Shuffle = true, Workers = 2 }, onHost);
        for (var epoch = 0; epoch < Epochs; epoch++)
        {
            foreach (var (image, label) in loader)
            {
                var (pixels, classes) = (image.Values<float>(), label.Values<long>());
                var plane = (int)(label.shape[1] * label.shape[2]);
                for (var at = 0; at < classes.Length; at++)
                {
                    var red = at / plane * 3 * plane + at % plane;
                    if (pixels[red + 2 * plane] == 0)
                    {
                        Assert.Equal(255, classes[at]);
                        continue;
                    }
                    double row = pixels[red] * 255.0 + 0.5, column = pixels[red + plane] * 255.0 + 0.5;
                    if (IsNearBorder(row) || IsNearBorder(column))
                        continue;
                    compared++;
                    Assert.Equal(PlaceSet.ClassOf((int)row, (int)column), classes[at]);
                }
            }
        }
        Assert.True(compared > 320 * 200, $"only {compared} pixels were compared");

        // There the image's rounding decides about the class that it tells.
        static bool IsNearBorder(double place) => Math.Abs(place - Math.Round(place)) < 1e-3;
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Colours_change_as_drawn_and_labels_and_places_not_at_all(bool onHost)
    {
        SampleTransform[] geometry =
            [new RandomScale(0.8, 1.25), new PadIfSmaller(Size), new RandomCrop(Size), new RandomHorizontalFlip()];
        SampleTransform[] colour =
            [new ColorJitter(0.4, 0.4, 0.4, 0.2), new PhotometricDistortion(), new RandomGrayscale(0.3)];
        using var plain = set.Dataset(geometry);
        using var colored = set.Dataset([.. geometry, .. colour]);
        using var plainLoader = new VocSegDataLoader(plain, new() { BatchSize = 8 }, onHost);
        using var coloredLoader = new VocSegDataLoader(colored, new() { BatchSize = 8 }, onHost);
        for (var epoch = 0; epoch < Epochs; epoch++)
        {
            foreach (var (first, second) in plainLoader.Zip(coloredLoader))
            {
                Assert.Equal(first.Geometries, second.Geometries);
                Assert.Equal(first.Label.Values<long>(), second.Label.Values<long>());
                var (before, after) = (first.Image.Values<float>(), second.Image.Values<float>());
                var plane = (int)Size.Pixels;
                for (var at = 0; at < before.Length / 3; at++)
                {
                    var (slot, red) = (at / plane, at / plane * 3 * plane + at % plane);
                    var index = (int)first.Indices[slot];
                    var color = colored.Source.Draw(new(index, 0), epoch).Color;
                    double r = before[red] * 255, g = before[red + plane] * 255, b = before[red + 2 * plane] * 255;
                    if (b == 0)
                        continue;
                    Near(color.Red, color.Constant.R, after[red]);
                    Near(color.Green, color.Constant.G, after[red + plane]);
                    Near(color.Blue, color.Constant.B, after[red + 2 * plane]);

                    void Near((float R, float G, float B) weights, float constant, float actual)
                    {
                        var level = weights.R * r + weights.G * g + weights.B * b + constant;
                        Assert.Equal(Math.Clamp(level, 0, 255) / 255, actual, 1e-5);
                    }
                }
            }
        }
    }
}
