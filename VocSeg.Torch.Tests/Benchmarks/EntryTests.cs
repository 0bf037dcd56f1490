using Throughput;

namespace VocSeg.Torch.Tests.Benchmarks;

/// <summary>The runner's talk with contestants that are shells.</summary>
public sealed class EntryTests
{
    [Fact]
    public void It_is_ready_and_takes_its_turn()
    {
        var contestant = Start("echo READY images=64 mean=0.5; read go; echo 128 0.5; read quit", seconds: 60);
        Assert.Equal("0.5", contestant.About["mean"]);
        contestant.Go();
        contestant.End();
        Assert.Null(contestant.Failure);
        Assert.Equal(256, Assert.Single(contestant.Rates));
    }

    [Fact]
    public void One_that_does_not_come_is_named_with_its_last_words()
    {
        var contestant = Start("echo 'waiting for a lock' >&2; exec sleep 100", seconds: 5);
        Assert.Equal("was not ready within 5 s; last it said: waiting for a lock", contestant.Failure);
        Assert.False(contestant.Ran);
    }

    [Fact]
    public void One_that_stays_in_its_turn_is_named()
    {
        var contestant = Start("echo READY; exec sleep 100", seconds: 5);
        Assert.Null(contestant.Failure);
        contestant.Go();
        Assert.Equal("did not end its turn within 5 s", contestant.Failure);
    }

    [Fact]
    public void One_that_ends_is_named_with_its_last_words()
    {
        var contestant = Start("echo 'there is no torch' >&2; exit 3", seconds: 60);
        Assert.Equal("it ended with exit status 3; last it said: there is no torch", contestant.Failure);
    }

    private static Entry Start(string script, double seconds)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the contestant is a shell");
        var contestant = new Contestant("shell", Part.Cpu | Part.Peer, "a shell", ["sh", "-c", script]);
        var entry = new Entry(contestant, TimeSpan.FromSeconds(seconds));
        entry.Start("none", new());
        return entry;
    }
}
