namespace VocSeg.Torch.Tests.Engine;

/// <summary>What no option may be is refused where it is set.</summary>
public sealed class OptionsTests
{
    [Fact]
    public void Values_without_a_name_and_nulls_are_refused()
    {
        var data = new VocSegDatasetOptions();
        Assert.Equal(
            "Decoder",
            Assert.Throws<ArgumentOutOfRangeException>(() => data with { Decoder = (ImageDecoderKind)9 }).ParamName);
        Assert.Equal("Palette", Assert.Throws<ArgumentNullException>(() => data with { Palette = null! }).ParamName);
        Assert.Equal(
            "Normalization", Assert.Throws<ArgumentNullException>(() => data with { Normalization = null! }).ParamName);
        Assert.Equal(
            "Cache",
            Assert.Throws<ArgumentNullException>(() => new VocSegDataLoaderOptions { Cache = null! }).ParamName);
        Assert.Equal(
            "Inform",
            Assert.Throws<ArgumentNullException>(() => new VocSegDataLoaderOptions { Inform = null! }).ParamName);
        Assert.Equal(
            "Content",
            Assert.Throws<ArgumentOutOfRangeException>(
                () => new VocArchiveOptions { Content = (VocArchiveContent)7 }).ParamName);
    }
}
