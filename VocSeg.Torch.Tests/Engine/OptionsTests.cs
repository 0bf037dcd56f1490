namespace VocSeg.Torch.Tests.Engine;

/// <summary>What no option may be is refused where it is set.</summary>
public sealed class OptionsTests
{
    [Fact]
    public void What_is_no_named_value_is_told_the_names()
    {
        var (data, palette) = (new VocSegDatasetOptions(), SegmentationPalette.Voc);
        Require(() => data with { Channels = (ImageChannels)9 }, "Channels", "9 is none of Rgb and Gray.");
        Require(() => data with { LabelForm = (LabelForm)9 }, "LabelForm", "9 is none of ClassIndex and Mask.");
        Require(() => data with { Decoder = (ImageDecoderKind)9 }, "Decoder", "9 is none of Auto, Skia and TurboJpeg.");
        Require(
            () => palette with { LabelEncoding = (LabelEncoding)9 },
            "LabelEncoding",
            "9 is none of Auto, Colors and Indices.");
        Require(
            () => palette with { UnknownColor = (UnknownColor)9 },
            "UnknownColor",
            "9 is none of Error, Ignore and Background.");
        Require(
            () => new VocArchiveOptions { Content = (VocArchiveContent)9 },
            "Content",
            "9 is none of Segmentation and Everything.");

        static void Require(Func<object> make, string option, string told)
        {
            var error = Assert.Throws<ArgumentOutOfRangeException>(make);
            Assert.Equal(option, error.ParamName);
            Assert.StartsWith(told, error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Nulls_are_refused()
    {
        var data = new VocSegDatasetOptions();
        Assert.Equal("Palette", Assert.Throws<ArgumentNullException>(() => data with { Palette = null! }).ParamName);
        Assert.Equal(
            "Normalization", Assert.Throws<ArgumentNullException>(() => data with { Normalization = null! }).ParamName);
        var missing = Assert.Throws<ArgumentException>(
            () => data with { Transforms = [new RandomCrop(new(4, 4)), null!] });
        Assert.Contains("A transform is null", missing.Message, StringComparison.Ordinal);
        Assert.Equal(
            "Cache",
            Assert.Throws<ArgumentNullException>(() => new VocSegDataLoaderOptions { Cache = null! }).ParamName);
        Assert.Equal(
            "Inform",
            Assert.Throws<ArgumentNullException>(() => new VocSegDataLoaderOptions { Inform = null! }).ParamName);
    }
}
