using Throughput;

namespace VocSeg.Torch.Tests.Benchmarks;

/// <summary>The report is written before all of it is measured.</summary>
public sealed class ReportTests
{
    private const string MulAdd = "(c) normalize: `mul` from uint8, `add_` | 383 | 0.128";

    [Fact]
    public void What_is_missing_is_said()
    {
        var text = Write(new("cuda", Quick: true), []);
        Assert.Equal(4, text.Split("| not measured: the run did not come to it |").Length - 1);
        Assert.Equal(8, text.Split("| not measured |").Length - 1);
    }

    [Fact]
    public void What_only_leaves_out_is_said()
    {
        var text = Write(new("cuda") { Only = ["ours"] }, []);
        Assert.Contains("| not measured: --only is for contestants |", text, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_there_is_shown_beside_what_is_not()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the children are a shell's");
        var text = Write(new("cuda", Quick: true), new()
        {
            ["device"] = Said("device_bytes_per_s=3e12", "host_bytes_per_s=5e10", "batch_ms=0.2"),
            ["kernels"] = Said("cut: `index` | 79 | 0.060=0.125", MulAdd + "=NaN: off by 1 and not timed"),
            ["training, uncached"] = Said("step_ms=32.5", "steps=34"),
            ["training, device cache"] = Said("step_ms=30.25", "steps=34"),
        });
        Assert.DoesNotContain("did not come to it", text, StringComparison.Ordinal);
        Assert.Matches(@"\| cut: [^|]*\| 79 +\| 0\.060 +\| 0\.125 +\| 0\.125 - 0\.125 +\| 632 +\|", text);
        Assert.Matches(@"\| \(c\) normalize: [^|]*\| 383 +\| 0\.128 +\| - +\| - +\| - +\|", text);
        Assert.Contains("takes **2.25 ms** more", text, StringComparison.Ordinal);
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
