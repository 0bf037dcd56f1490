using SyntheticVoc;

namespace VocSeg.Torch.Tests.Synthetic;

public class SyntheticVocOptionsTests
{
    private static readonly SyntheticVocOptions Default = new();

    public static TheoryData<string, Action> WrongValues => new()
    {
        { "Train is 0; take 1 to 400000.", () => _ = Default with { Train = 0 } },
        { "Val is -1; take 0 to 400000.", () => _ = Default with { Val = -1 } },
        { "Quality is 101; take 1 to 100.", () => _ = Default with { Quality = 101 } },
        { "Parallelism is 0; take 1 and up.", () => _ = Default with { Parallelism = 0 } },
        { "Subsampling is 7; take 420 or 444.", () => _ = Default with { Subsampling = (ChromaSubsampling)7 } },
        { "Size is (8, 500); take sides of 32 to 4096.", () => _ = Default with { Size = (8, 500) } },
    };

    [Theory]
    [MemberData(nameof(WrongValues), DisableDiscoveryEnumeration = true)]
    public void A_wrong_value_says_what_to_take(string message, Action construct)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(construct);
        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("voc", 375, 500)]
    [InlineData("36x48", 36, 48)]
    public void Sizes_are_read_from_the_command_line(string sizes, int height, int width)
    {
        using var folder = new TempFolder();
        var (exitCode, output, error) =
            ExampleProcess.Run("SyntheticVoc", "--out", folder.Path, "--train", "1", "--val", "0", "--sizes", sizes);
        Assert.Equal(("", 0), (error, exitCode));
        var root = folder["VOCdevkit", "VOC2012"];
        Assert.Equal([$"{root}: 1 train and 0 val samples"], output);
        Assert.Equal(new(height, width), Assert.Single(SampleCatalog.FromVoc(root, "train").Samples).Size);
    }

    [Theory]
    [InlineData("--sizes", "8x480", "Size is (8, 480); take sides of 32 to 4096.")]
    [InlineData("--sizes", "320", "--sizes is '320'; give voc, or height x width such as 320x480.")]
    [InlineData("--sizes", "320x480x3", "--sizes is '320x480x3'")]
    [InlineData("--sizes", "320xwide", "--sizes is '320xwide'")]
    [InlineData("--sizes", "320x-480", "Size is (320, -480)")]
    [InlineData("--subsampling", "422", "Subsampling is 422; take 420 or 444.")]
    [InlineData("--train", "0", "Train is 0; take 1 to 400000.")]
    public void A_wrong_option_says_what_to_give_and_nothing_is_written(string option, string value, string message)
    {
        using var folder = new TempFolder();
        var (exitCode, _, error) = ExampleProcess.Run("SyntheticVoc", "--out", folder.Path, option, value);
        Assert.Equal(2, exitCode);
        Assert.StartsWith(message, error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }
}
