namespace VocSeg.Torch.Tests.Decoding;

public sealed class ImageSizeTests
{
    [Fact]
    public void Text_is_height_then_width()
    {
        Assert.True(ImageSize.TryParse("320x480", out var size));
        Assert.Equal((320, 480), (size.Height, size.Width));
        Assert.Equal("320x480", size.ToString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("320")]
    [InlineData("320x")]
    [InlineData("0x480")]
    [InlineData("-1x480")]
    [InlineData("320x480x3")]
    [InlineData(" 320x480")]
    public void Other_text_is_no_size(string? text) => Assert.False(ImageSize.TryParse(text, out _));

    [Fact]
    public void Sizes_below_one_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new ImageSize(0, 480));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ImageSize(320, -1));
        Assert.Throws<ArgumentException>(() => new VocSegDatasetOptions { Transforms = [new RandomCrop(default)] });
    }
}
