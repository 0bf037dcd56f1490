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
    [InlineData("--cache", "disk", "--cache is none, host, device, disk=FOLDER or device=FOLDER")]
    [InlineData("--seed", "1.5", "--seed is a whole number")]
    [InlineData("--bogus", "1", "--bogus")]
    public void A_wrong_option_is_named(string option, string value, string named)
    {
        var errors = Settings.Command().Parse(["--root", "x", option, value]).Errors;
        Assert.Contains(named, errors[0].Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--root x", null)]
    [InlineData("--images i/{id}.png --labels l/{id}.png --list l.txt --hold-out 0.1", null)]
    [InlineData("--root x --slide 64x64 --stride 64x40", null)]
    [InlineData("--root x --evaluate crops", null)]
    [InlineData("--root x --evaluate crops --slide 64x64 --predict val", null)]
    [InlineData("", "--root")]
    [InlineData("--images i --root x", "--root")]
    [InlineData("--root x --list l.txt", "--list")]
    [InlineData("--root x --stride 64x64", "--slide")]
    [InlineData("--root x --slide 64x64 --evaluate crops", "--evaluate")]
    [InlineData("--root x --hold-out 0", "--hold-out")]
    [InlineData("--root x --hold-out 1", "--hold-out")]
    public void Options_that_do_not_go_together_are_a_fault(string line, string? named)
    {
        var command = Settings.Command();
        var given = command.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Empty(given.Errors);
        var fault = command.Read(given).Fault;
        if (named is null)
            Assert.Null(fault);
        else
            Assert.Contains(named, fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("voc", 21)]
    [InlineData("textbook", 21)]
    [InlineData("binary", 2)]
    [InlineData("cityscapes", 19)]
    [InlineData("camvid", 11)]
    [InlineData("ade20k", 150)]
    public void Built_in_classes_have_names_and_take_every_encoding(string name, int classes)
    {
        Assert.Equal(classes, Parse("--classes", name).Palette.ClassCount);
        foreach (var encoding in new[] { "auto", "colors", "indices" })
        {
            var palette = Parse("--classes", name, "--encoding", encoding).Palette;
            Assert.Equal(encoding, palette.LabelEncoding.ToString().ToLowerInvariant());
            Assert.Equal(classes, palette.ClassCount);
        }
    }

    [Fact]
    public void Classes_come_from_a_file_and_a_window_has_a_stride_of_two_thirds()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["classes.csv"], "name,r,g,b\nroad,1,2,3\ncar,4,5,6\n");
        Assert.Equal(["road", "car"], Parse("--classes", folder["classes.csv"]).Palette.ClassNames);
        Assert.Equal(new(new(512, 768)), Parse("--slide", "512x768").Window);
        Assert.Null(Parse().Window);
        var error = Assert.Throws<ArgumentException>(() => Parse("--slide", "64x64", "--stride", "64x65").Window);
        Assert.StartsWith("A stride of 64x65 leaves out pixels", error.Message, StringComparison.Ordinal);
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
        Assert.Equal((EvaluateOn.Whole, EvaluateOn.Crops), (plain.Evaluate, textbook.Evaluate));
        Assert.Equal(0.9, Parse("--textbook", "--momentum", "0.9").Momentum);
    }

    [Fact]
    public void Every_kind_of_option_is_read()
    {
        var settings = Parse(
            "--head", "fcn8", "--lr", "0.5", "--gallery", "0", "--seed", "-7", "--device", "cuda:1",
            "--cache", "device=c", "--labels", "Own", "--weights", "w.pth", "--resume");
        Assert.Equal((FcnHead.Fcn8, 0.5), (settings.Head, settings.LearningRate));
        Assert.Equal((0, -7L), (settings.Gallery, settings.Seed));
        Assert.Equal(("cuda:1", SampleCache.DeviceFromDisk("c")), (settings.Device.Text, settings.Cache));
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
