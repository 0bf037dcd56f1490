using Throughput;

namespace VocSeg.Torch.Tests.Benchmarks;

/// <summary>The report is written before all of it is measured.</summary>
public sealed class ReportTests
{
    [Fact]
    public void What_is_missing_is_said()
    {
        var text = Write(new() { Device = new("cuda"), Quick = true }, []);
        Assert.Equal(3, text.Split("| not measured: the run did not come to it |").Length - 1);
        Assert.Equal(8, text.Split("| not measured |").Length - 1);
    }

    [Fact]
    public void What_only_leaves_out_is_said()
    {
        var text = Write(new() { Device = new("cuda"), Only = "ours" }, []);
        Assert.Contains("| not measured: --only is for contestants |", text, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_there_is_shown_beside_what_is_not()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the children are a shell's");
        var text = Write(new() { Device = new("cuda"), Quick = true }, new()
        {
            ["device cache"] = Said(
                $"{DeviceOps.Floor}=0.08", $"{DeviceOps.Batch}=0.21 ms", $"{DeviceOps.Batch}=0.19", "copies=NaN"),
            ["training, uncached"] = Said($"{TrainingWaits.Wait}=7.5", "a step, ms=32.5"),
            ["training, device cache"] = Said($"{TrainingWaits.Wait}=0.5", "a step, ms=30.25"),
        });
        Assert.DoesNotContain("did not come to it", text, StringComparison.Ordinal);
        Assert.Matches(@"\| 200 batches[^|]+\| 0\.2 +\| 0\.19 - 0\.21 +\|", text);
        Assert.Matches(@"\| copies +\| - +\| - +\|", text);
        Assert.Matches(@"a batch / its memory floor +\| <= 3 x +\| 2\.5 x +\| met +\|", text);
        Assert.Matches(@"uncached: wait for data[^|]*\| <= 5 % +\| 7\.5 % +\| NOT met +\|", text);
        Assert.Matches(@"managed bytes a sample +\| <= 1024 B +\| - +\| not measured +\|", text);
    }

    [Fact]
    public void A_limit_stands_beside_the_bar_that_it_lies_below()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the child is a shell's");
        var text = Write(new(), new()
        {
            ["disk cache"] = Said($"{Disk.First}=0.5", $"{Disk.FirstLimit}=0.6", $"{Disk.Start}=450.25"),
        });
        Assert.Matches(@"disk cache: first epoch [^|]+, limit 0\.60 +\| >= 0\.9 +\| 0\.50 +\| NOT met +\|", text);
        Assert.Matches(@"disk cache: process to first batch, ms +\| <= 500 ms +\| 450\.25 ms +\| met +\|", text);
        Assert.Matches(@"disk cache: memory of two processes [^|]+\| <= 1\.15 x +\| - +\| not measured +\|", text);
    }

    private static Measurement Said(params string[] lines) =>
        Measurement.OfChild("a fake child", ["printf", "%s\n", .. lines], TimeSpan.FromSeconds(60));

    private static string Write(Settings settings, Dictionary<string, Measurement> measured)
    {
        var figures = new Figures(settings) { Machine = ["a machine"] };
        foreach (var (name, measurement) in measured)
            figures.Measured[name] = measurement;
        return Report.Write(figures, TimeSpan.FromMinutes(3));
    }
}
