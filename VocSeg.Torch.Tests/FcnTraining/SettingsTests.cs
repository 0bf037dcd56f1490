using FcnTraining;

namespace VocSeg.Torch.Tests.FcnTraining;

public sealed class SettingsTests
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
    [InlineData("--seed", "1.5", "--seed is a whole number")]
    [InlineData("--bogus", "1", "--bogus")]
    public void A_wrong_option_is_named(string option, string value, string named)
    {
        var errors = Settings.Command().Parse(["--root", "x", option, value]).Errors;
        Assert.Contains(named, errors[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_textbook_changes_the_defaults_and_options_still_count()
    {
        var plain = Parse();
        Assert.Equal((16, 30, Schedule.Poly), (plain.BatchSize, plain.Epochs, plain.Schedule));
        Assert.Equal((0.01, 0.9, 1e-3), (plain.LearningRate, plain.Momentum, plain.WeightDecay));
        Assert.Equal(SegmentationPalette.Voc, plain.Palette);
        var textbook = Parse("--textbook", "--epochs", "2", "--crop", "64x96");
        Assert.Equal((32, 2, Schedule.Constant), (textbook.BatchSize, textbook.Epochs, textbook.Schedule));
        Assert.Equal((0.001, 0.0, 1e-3), (textbook.LearningRate, textbook.Momentum, textbook.WeightDecay));
        Assert.Equal(new ImageSize(64, 96), textbook.Crop);
        Assert.Equal(SegmentationPalette.VocTextbook, textbook.Palette);
        Assert.Equal(0.9, Parse("--textbook", "--momentum", "0.9").Momentum);
    }

    [Fact]
    public void Every_kind_of_option_is_read()
    {
        var settings = Parse(
            "--head", "fcn8", "--lr", "0.5", "--gallery", "0", "--seed", "-7", "--device", "cuda:1",
            "--cache", "device", "--labels", "Own", "--weights", "w.pth", "--resume");
        Assert.Equal((FcnHead.Fcn8, 0.5), (settings.Head, settings.LearningRate));
        Assert.Equal((0, -7L), (settings.Gallery, settings.Seed));
        Assert.Equal(("cuda:1", SampleCache.Device), (settings.Device.Text, settings.Cache));
        Assert.Equal(("Own", "w.pth", true), (settings.Files.LabelFolder, settings.Weights, settings.Resume));
        Assert.Equal((null, false), (Parse().Seed, Parse().Resume));
    }

    [Fact]
    public void Poly_falls_from_the_rate_to_zero()
    {
        var settings = new Settings(LearningRate: 0.1);
        Assert.Equal(0.1, settings.LearningRateAt(0, 100));
        Assert.Equal(0.1 * Math.Pow(0.5, 0.9), settings.LearningRateAt(50, 100), 1e-12);
        Assert.Equal(0, settings.LearningRateAt(100, 100));
        Assert.Equal(0, settings.LearningRateAt(101, 100));
    }

    [Fact]
    public void Constant_stays()
    {
        Assert.Equal(0.1, new Settings(LearningRate: 0.1, Schedule: Schedule.Constant).LearningRateAt(99, 100));
    }

    private static Settings Parse(params string[] arguments)
    {
        var command = Settings.Command();
        return command.Read(command.Parse(["--root", "x", .. arguments]));
    }
}
