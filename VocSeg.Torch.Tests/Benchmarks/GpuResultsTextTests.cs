using Throughput;
using Throughput.Report;

namespace VocSeg.Torch.Tests.Benchmarks;

/// <summary>The report of the GPU's benchmark is written before all of it is measured.</summary>
public sealed class GpuResultsTextTests
{
    private static readonly BenchSettings Settings = new(Rounds: 2, Seconds: 2, Quick: true, Only: null, Output: null, Device: "cuda");

    [Fact]
    public void What_is_missing_is_said()
    {
        var text = Write(new("cuda", [], "the run did not come to it"));
        Assert.Equal(2, Count(text, "Not measured: the run did not come to it."));
        Assert.Equal(2, Count(text, "| not measured: the run did not come to it |"));
        Assert.Contains("| not measured |", text, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_there_is_shown_beside_what_is_not()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the children are a shell's");
        var text = Write(new GpuFigures("cuda", [], "the run did not come to it") with
        {
            DeviceOps = Said("device_bytes_per_s=3e12", "host_bytes_per_s=5e10", "batch_ms=0.2"),
            Kernels = Said("cut=0.125 ms, 79 MB, 629 GB/s", "mul_add is off by 1 and not timed"),
            Uncached = Said("step_ms=32.5", "steps=34"),
            DeviceCache = Said("step_ms=30.25", "steps=34"),
        });
        Assert.DoesNotContain("did not come to it", text, StringComparison.Ordinal);
        Assert.Matches(@"\| cut: [^|]*\| 79 +\| 0\.060 +\| 0\.125 +\| 0\.125 - 0\.125 +\| 629 +\|", text);
        Assert.Matches(@"\| \(c\) normalize: [^|]*\| 383 +\| 0\.128 +\| - +\| - +\| - +\|", text);
        Assert.Contains("takes **2.25 ms** more", text, StringComparison.Ordinal);
    }

    private static Measurement Said(params string[] lines) => Measurement.OfChild("a fake child", ["printf", "%s\n", .. lines], TimeSpan.FromSeconds(60));

    private static string Write(GpuFigures figures) => GpuResultsText.Write(figures, ["a machine"], Settings, TimeSpan.FromMinutes(3));

    private static int Count(string text, string part) => text.Split(part).Length - 1;
}
