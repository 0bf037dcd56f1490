using FcnTraining;

namespace VocSeg.Torch.Tests.FcnTraining;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData("--head", "fcn16", "--head is fcn32 or fcn8")]
    [InlineData("--schedule", "cosine", "--schedule is poly or constant")]
    [InlineData("--lr", "-1", "--lr")]
    [InlineData("--lr", "fast", "--lr")]
    [InlineData("--epochs", "0", "--epochs")]
    [InlineData("--gallery", "-1", "--gallery")]
    [InlineData("--crop", "320", "--crop")]
    [InlineData("--device", "tpu", "--device is cpu, cuda or cuda:N")]
    [InlineData("--cache", "disk", "--cache is none, host or device")]
    [InlineData("--bogus", "1", "--bogus")]
    public void A_wrong_option_is_named(string option, string value, string named)
    {
        var errors = CommandLine.Command((_, _) => 0).Parse(["--root", "x", option, value]).Errors;
        Assert.Contains(named, errors[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_textbook_changes_the_defaults_and_options_still_count()
    {
        var plain = Parse();
        Assert.Equal((16, 30, 0.01, 0.9, 1e-3, ScheduleKind.Poly), (plain.BatchSize, plain.Epochs, plain.LearningRate, plain.Momentum, plain.WeightDecay, plain.Schedule));
        Assert.Equal(SegmentationPalette.Voc, plain.Palette);
        var textbook = Parse("--textbook", "--epochs", "2", "--crop", "64x96");
        Assert.Equal((32, 2, 0.001, 0.0, 1e-3, ScheduleKind.Constant), (textbook.BatchSize, textbook.Epochs, textbook.LearningRate, textbook.Momentum, textbook.WeightDecay, textbook.Schedule));
        Assert.Equal(new ImageSize(64, 96), textbook.Crop);
        Assert.Equal(SegmentationPalette.VocTextbook, textbook.Palette);
    }

    private static Settings Parse(params string[] arguments)
    {
        Settings? given = null;
        CommandLine.Command((settings, _) => { given = settings; return 0; }).Parse(["--root", "x", .. arguments]).Invoke();
        return given!;
    }
}
