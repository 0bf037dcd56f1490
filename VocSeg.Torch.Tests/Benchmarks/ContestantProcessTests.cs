using Throughput;
using Throughput.Contest;

namespace VocSeg.Torch.Tests.Benchmarks;

/// <summary>The runner's talk with contestants that are shells.</summary>
public sealed class ContestantProcessTests
{
    [Fact]
    public void It_is_ready_and_takes_its_turn()
    {
        using var contestant = Start("echo READY images=64 mean=0.5; read go; echo 128 0.5; read quit", seconds: 60);
        Assert.Equal("0.5", contestant.WaitUntilReady()["mean"]);
        Assert.Equal(256, contestant.Go().Rate);
    }

    [Fact]
    public void One_that_does_not_come_is_named_with_its_last_words()
    {
        using var contestant = Start("echo 'waiting for a lock' >&2; exec sleep 100", seconds: 5);
        var error = Assert.Throws<ContestantException>(contestant.WaitUntilReady);
        Assert.Equal("was not ready within 5 s; last it said: waiting for a lock", error.Message);
    }

    [Fact]
    public void One_that_stays_in_its_turn_is_named()
    {
        using var contestant = Start("echo READY; exec sleep 100", seconds: 5);
        contestant.WaitUntilReady();
        Assert.Equal("did not end its turn within 5 s", Assert.Throws<ContestantException>(contestant.Go).Message);
    }

    private static ContestantProcess Start(string script, double seconds)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the contestant is a shell");
        var settings = new BenchSettings(Rounds: 1, Seconds: 1, Quick: true, Only: null, Output: null, Device: "cpu");
        return new(new("shell", "a shell", Role.OrdinaryPeer, ["sh", "-c", script]), "none", settings, TimeSpan.FromSeconds(seconds));
    }
}
