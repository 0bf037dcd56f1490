using SyntheticVoc;

namespace VocSeg.Torch.Tests.Synthetic;

public class SyntheticVocOptionsTests
{
    public static TheoryData<string, Action> WrongValues => new()
    {
        { "Train is 0; take 1 to 400000.", () => _ = new SyntheticVocOptions { Train = 0 } },
        { "Val is -1; take 0 to 400000.", () => _ = new SyntheticVocOptions { Val = -1 } },
        { "Quality is 101; take 1 to 100.", () => _ = new SyntheticVocOptions { Quality = 101 } },
        { "Parallelism is 0; take 1 to 2147483647.", () => _ = new SyntheticVocOptions { Parallelism = 0 } },
        { "7 is neither Chroma420 nor Chroma444.", () => _ = new SyntheticVocOptions { Subsampling = (ChromaSubsampling)7 } },
        { "The size 8x500 is out of range; take sides of 32 to 4096 pixels.", () => VocSizes.Fixed(8, 500) },
    };

    [Theory]
    [MemberData(nameof(WrongValues), DisableDiscoveryEnumeration = true)]
    public void A_wrong_value_says_what_to_take(string message, Action construct)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(construct);
        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("voc", "voc")]
    [InlineData("VOC", "voc")]
    [InlineData("320x480", "320x480")]
    [InlineData("8x480", null)]
    [InlineData("320", null)]
    [InlineData("320x-480", null)]
    [InlineData("320x480x3", null)]
    [InlineData(null, null)]
    public void Sizes_are_read_from_text(string? text, string? sizes)
    {
        Assert.Equal(sizes is not null, VocSizes.TryParse(text, out var read));
        Assert.Equal(sizes, read?.ToString());
    }
}
