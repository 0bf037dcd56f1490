using System.Diagnostics;
using Throughput;

namespace VocSeg.Torch.Tests.Benchmarks;

/// <summary>What the benchmark makes of a child that measures, whatever that says, and however it ends.</summary>
public sealed class MeasurementTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public void Lines_of_another_form_are_no_figures()
    {
        var measured = Run(
            "echo 'a=1'; echo 'a warning of a library'; echo; echo 'a=3'; echo 'b = c'; echo 'ms=0.25 ms, 316 GB/s'",
            Patience);
        Assert.Null(measured.Missing);
        Assert.Equal(2, measured.Median("a"));
        Assert.Equal(["a", "2", "1 - 3"], measured.Row("a"));
        Assert.Equal(0.25, measured.Median("ms"));
        Assert.Null(measured.Median("b "));
        Assert.Null(measured.Median("a warning of a library"));
        Assert.Equal(["none", "-", "-"], measured.Row("none"));
    }

    [Fact]
    public void A_child_that_hangs_is_killed_with_its_children()
    {
        using var folder = new TempFolder();
        var clock = Stopwatch.StartNew();
        // The grandchild holds the output open.
        var measured = Run(
            $"echo a=1; (sleep 100; echo late > '{folder["late"]}') & echo $! > '{folder["pid"]}'; wait",
            TimeSpan.FromSeconds(5));
        Assert.Equal("timed out after 5 s", measured.Missing);
        Assert.Null(measured.Median("a"));
        Assert.InRange(clock.Elapsed.TotalSeconds, 1, 30);
        var process = int.Parse(File.ReadAllText(folder["pid"]), System.Globalization.CultureInfo.InvariantCulture);
        Assert.True(Ended(process));
    }

    [Fact]
    public void A_child_that_fails_has_no_figures_but_a_reason()
    {
        var measured = Run("echo a=1; exit 3", Patience);
        Assert.Equal("it ended with exit status 3", measured.Missing);
        Assert.Null(measured.Median("a"));
    }

    private static Measurement Run(string script, TimeSpan patience)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the child is a shell's");
        return Measurement.OfChild("a fake child", ["sh", "-c", script], patience);
    }

    private static bool Ended(int process)
    {
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < TimeSpan.FromSeconds(10))
        {
            try
            {
                // Killed, but not yet collected by whoever inherits it: state Z.
                if (File.ReadAllText($"/proc/{process}/stat").Split(' ')[2] == "Z")
                    return true;
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                return true;
            }
            Thread.Sleep(20);
        }
        return false;
    }
}
