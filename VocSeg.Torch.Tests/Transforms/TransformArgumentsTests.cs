namespace VocSeg.Torch.Tests.Transforms;

/// <summary>What a transform cannot do is refused where it is made, with the argument's name and a remedy.</summary>
public sealed class TransformArgumentsTests
{
    private static readonly ImageSize Size = new(24, 32);

    private static Dictionary<string, Func<SampleTransform>> Wrong => new()
    {
        ["P: -0.1"] = () => new RandomHorizontalFlip(-0.1),
        ["P: 1.1"] = () => new RandomVerticalFlip(1.1),
        ["P: NaN"] = () => new RandomGrayscale(double.NaN),
        ["P: with"] = () => new RandomHorizontalFlip() with { P = 2 },
        ["P: with vertical"] = () => new RandomVerticalFlip() with { P = -1 },
        ["P: with gray"] = () => new RandomGrayscale() with { P = 1.5 },
        ["Low: 0"] = () => new RandomScale(0),
        ["Low: NaN"] = () => new RandomScale(double.NaN, 1),
        ["Low: above"] = () => new RandomScale(2, 0.5),
        ["Low: high"] = () => new RandomScale(1, 101),
        ["Low: infinite"] = () => new RandomScale(1, double.PositiveInfinity),
        ["Low: with"] = () => new RandomScale() with { Low = 3 },
        ["High: with"] = () => new RandomScale() with { High = 0.1 },
        ["Degrees: -1"] = () => new RandomRotation(-1),
        ["Degrees: 181"] = () => new RandomRotation(181),
        ["Degrees: with"] = () => new RandomRotation(10) with { Degrees = double.NaN },
        ["Degrees: affine"] = () => new RandomAffine(200),
        ["Degrees: affine with"] = () => new RandomAffine(20) with { Degrees = -20 },
        ["Translate: 1.1"] = () => new RandomAffine(0) { Translate = (1.1, 0) },
        ["Translate: -1"] = () => new RandomAffine(0) { Translate = (0, -1) },
        ["Scale: 0"] = () => new RandomAffine(0) { Scale = (0, 1) },
        ["Scale: order"] = () => new RandomAffine(0, (0, 0), (2, 1), (0, 0)),
        ["Shear: 90"] = () => new RandomAffine(0) { Shear = (90, 0) },
        ["Shear: -1"] = () => new RandomAffine(0) { Shear = (0, -1) },
        ["Scale: 1.1"] = () => new RandomResizedCrop(Size) { Scale = (0.5, 1.1) },
        ["Scale: none"] = () => new RandomResizedCrop(Size) { Scale = (0, 1) },
        ["Scale: crop order"] = () => new RandomResizedCrop(Size, (0.9, 0.5), (1, 1)),
        ["Ratio: 0"] = () => new RandomResizedCrop(Size) { Ratio = (0, 1) },
        ["Ratio: order"] = () => new RandomResizedCrop(Size) { Ratio = (2, 1) },
        ["Brightness: -1"] = () => new ColorJitter(Brightness: -1),
        ["Contrast: NaN"] = () => new ColorJitter(Contrast: double.NaN),
        ["Saturation: 101"] = () => new ColorJitter(Saturation: 101),
        ["Hue: 0.6"] = () => new ColorJitter(Hue: 0.6),
        ["Brightness: with"] = () => new ColorJitter() with { Brightness = -1 },
        ["Contrast: with"] = () => new ColorJitter() with { Contrast = -1 },
        ["Saturation: with"] = () => new ColorJitter() with { Saturation = -1 },
        ["Hue: with"] = () => new ColorJitter() with { Hue = -0.1 },
        ["Brightness: 256"] = () => new PhotometricDistortion { Brightness = 256 },
        ["Contrast: -1"] = () => new PhotometricDistortion { Contrast = (-1, 1) },
        ["Contrast: order"] = () => new PhotometricDistortion { Contrast = (1.5, 0.5) },
        ["Saturation: order"] = () => new PhotometricDistortion { Saturation = (1.5, 0.5) },
        ["HueDegrees: 181"] = () => new PhotometricDistortion { HueDegrees = 181 },
        ["CatMaxRatio: 0"] = () => new RandomCrop(Size, 0),
        ["CatMaxRatio: 1.1"] = () => new RandomCrop(Size) { CatMaxRatio = 1.1 },
        ["MinForeground: -1"] = () => new RandomCrop(Size) { MinForeground = -1 },
        ["size: crop"] = () => new RandomCrop(default),
        ["size: crop with"] = () => new RandomCrop(Size) with { Size = default },
        ["size: center"] = () => new CenterCrop(default),
        ["size: center with"] = () => new CenterCrop(Size) with { Size = default },
        ["size: pad"] = () => new PadIfSmaller(default),
        ["size: pad with"] = () => new PadIfSmaller(Size) with { Size = default },
        ["size: resize"] = () => new Resize(default),
        ["size: resize with"] = () => new Resize(Size) with { Size = default },
        ["size: letterbox"] = () => new Letterbox(default),
        ["size: letterbox with"] = () => new Letterbox(Size) with { Size = default },
        ["size: resized"] = () => new RandomResizedCrop(default),
        ["size: resized with"] = () => new RandomResizedCrop(Size) with { Size = default },
    };

    public static TheoryData<string> Cases => [.. Wrong.Keys];

    [Theory]
    [MemberData(nameof(Cases))]
    public void An_argument_out_of_its_bounds_is_refused_by_name(string name)
    {
        var error = Assert.ThrowsAny<ArgumentException>(() => Wrong[name]());
        Assert.Equal(name.Split(':')[0], error.ParamName);
    }

    [Fact]
    public void Messages_say_what_is_allowed_and_what_was_given()
    {
        Says("P is a probability, 0 to 1; 2 was given.", () => new RandomGrayscale(2));
        Says("Degrees is 0 to 180; 200 was given.", () => new RandomRotation(200));
        Says("put the smaller number first", () => new RandomScale(2, 1));
        Says("new ImageSize(320, 480)", () => new Resize(default));
    }

    [Fact]
    public void Equal_arguments_make_equal_transforms()
    {
        Assert.Equal(new RandomScale(0.5, 2), new RandomScale());
        Assert.Equal(new RandomHorizontalFlip(0.5), new RandomHorizontalFlip());
        Assert.NotEqual<SampleTransform>(new RandomHorizontalFlip(), new RandomVerticalFlip());
        Assert.Equal(
            new RandomAffine(5, (0.1, 0.2), (1, 2), (3, 4)),
            new RandomAffine(5) { Shear = (3, 4), Scale = (1, 2), Translate = (0.1, 0.2) });
        Assert.Equal(new RandomCrop(Size, 0.75), new RandomCrop(Size) { CatMaxRatio = 0.75 });
        Assert.Equal(new RandomScale(1, 3), new RandomScale() with { Low = 1, High = 3 });
        Assert.Equal(new RandomScale(3, 4), new RandomScale() with { High = 4, Low = 3 });
        Assert.Equal(
            new RandomResizedCrop(Size, (0.25, 1), (1, 1)),
            new RandomResizedCrop(Size) with { Scale = (0.25, 1), Ratio = (1, 1) });
        Assert.Equal(
            new ColorJitter(0.1, 0.2, 0.3, 0.4), new ColorJitter(0.1, 0.2) with { Saturation = 0.3, Hue = 0.4 });
        Assert.Equal(new PhotometricDistortion { Brightness = 32, HueDegrees = 36 }, new PhotometricDistortion());
    }

    [Fact]
    public void A_list_has_one_framing_and_nothing_behind_it_that_changes_the_size()
    {
        SampleTransform[][] wrong =
        [
            [], [new RandomHorizontalFlip()], [new RandomCrop(Size), new Whole()], [new Resize(Size)],
            [new RandomResizedCrop(Size), new CenterCrop(Size)],
        ];
        foreach (var list in wrong)
            Says("just one", () => new VocSegDatasetOptions { Transforms = [.. list] });
        SampleTransform[] later = [new RandomScale(), new Resize(Size), new Letterbox(Size), new PadIfSmaller(Size)];
        foreach (var transform in later)
        {
            SampleTransform[] framings = [new RandomCrop(Size), new CenterCrop(Size), new RandomResizedCrop(Size)];
            foreach (var framing in framings)
            {
                var (first, second) = (framing.GetType().Name, transform.GetType().Name);
                var make = () => new VocSegDatasetOptions { Transforms = [framing, transform] };
                Says($"{second} stands after {first}", make);
                Says("put it before", make);
            }
            Assert.Equal(2, new VocSegDatasetOptions { Transforms = [new Whole(), transform] }.Transforms.Length);
        }
    }

    private static void Says(string words, Func<object> make) =>
        Assert.Contains(words, Assert.ThrowsAny<ArgumentException>(make).Message, StringComparison.Ordinal);
}
