using System.Diagnostics;
using TorchSharp;

namespace VocSeg.Torch.Tests.Engine;

/// <summary>
/// How an epoch ends, whoever ends it: no memory goes while a worker writes to it, and no error is lost.
/// </summary>
[Collection(LiveTensors.Name)]
public sealed class EndingTests(SampleSet set) : IClassFixture<SampleSet>
{
    private const string RoundsVariable = "VOCSEG_TEST_ROUNDS";

    private static int Rounds =>
        int.TryParse(Environment.GetEnvironmentVariable(RoundsVariable), out var rounds) ? rounds : 15;

    /// <summary>Memory that goes too early kills the process, so it is another one than the test runner's.</summary>
    [Fact]
    public void Two_thousand_loops_that_leave_while_the_loader_is_disposed_do_not_end_the_process()
    {
        using var process = ChildProcess.StartExample(
            typeof(EndingTests).Assembly.GetName().Name!,
            [
                "-noLogo", "-noColor", "-method",
                $"{typeof(EndingTests).FullName}.{nameof(A_loop_may_leave_while_another_thread_disposes_the_loader)}",
            ],
            (RoundsVariable, "250"));
        var (exitCode, output, error) = ChildProcess.Finish(process, longestMilliseconds: 240_000);
        Assert.True(exitCode == 0, output + error);
        Assert.Contains("Total: 4, Errors: 0, Failed: 0", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("none")]
    [InlineData("host")]
    [InlineData("device")]
    [InlineData("disk")]
    public void A_loop_may_leave_while_another_thread_disposes_the_loader(string cache)
    {
        using var dataset = set.Dataset();
        var before = torch.Tensor.TotalCount;
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var onHost in new[] { true, false })
            {
                using var cancellation = new CancellationTokenSource();
                var loader = new VocSegDataLoader(
                    dataset, new() { BatchSize = 4, Workers = 3, Cache = Caches.Of(cache), Shuffle = true }, onHost);
                using var inLoop = new ManualResetEventSlim();
                var loop = new Thread(() =>
                {
                    try
                    {
                        foreach (var batch in loader.WithCancellation(cancellation.Token))
                        {
                            inLoop.Set();
                            if (round % 3 == 0)
                                break;
                            if (round % 3 == 1)
                                cancellation.Cancel();
                            Thread.Yield();
                        }
                    }
                    catch (Exception error) when (error is OperationCanceledException or ObjectDisposedException)
                    {
                        // Which of the two ends comes first is open.
                    }
                    finally
                    {
                        inLoop.Set();
                    }
                });
                loop.Start();
                inLoop.Wait();
                var spin = Stopwatch.StartNew();
                while (spin.Elapsed.TotalMicroseconds < round)
                    Thread.SpinWait(1);
                loader.Dispose();
                loop.Join();
            }
        }
        _ = dataset.Source.Warp;
        Assert.InRange(torch.Tensor.TotalCount, 0, before + 10);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_error_of_the_loops_body_comes_out_whatever_became_of_the_loader(bool onHost)
    {
        using var dataset = set.Dataset();
        var loader = new VocSegDataLoader(dataset, new() { BatchSize = 4 }, onHost);
        VocSegBatch? kept = null;
        var error = Assert.Throws<NotSupportedException>(() =>
        {
            foreach (var batch in loader)
            {
                kept = batch.Detach();
                loader.Dispose();
                throw new NotSupportedException("the body's own");
            }
        });
        Assert.Equal("the body's own", error.Message);
        Assert.Equal(4, kept!.Image.shape[0]);
        kept.Image.Dispose();
        kept.Label.Dispose();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void With_DisposeBatch_false_every_batch_is_the_callers_own(bool onHost)
    {
        using var dataset = set.Dataset();
        using var loader = new VocSegDataLoader(dataset, new() { BatchSize = 4, DisposeBatch = false }, onHost);
        var first = loader.First();
        var two = loader.Take(2).ToList();
        Assert.Equal([4, 3, 24, 32], first.Image.shape);
        var values = two.Select(batch => batch.Image.Values<float>()).ToList();
        Assert.NotEqual(values[0], values[1]);
        foreach (var batch in loader)
        {
            batch.Image.Dispose();
            batch.Label.Dispose();
        }
        Assert.Equal(values, two.Select(batch => batch.Image.Values<float>()));
        foreach (var batch in two.Append(first))
        {
            batch.Image.Dispose();
            batch.Label.Dispose();
        }
    }

    [Fact]
    public void A_first_epoch_without_foreground_is_said_once()
    {
        using var tree = new VocTree();
        for (var i = 0; i < 4; i++)
            tree.Add($"s{i}", 24, 32, (row, _) => row < 3 ? new(224, 224, 192) : new(0, 0, 0));
        var said = new List<string>();
        using var dataset = new VocSegDataset(
            tree.Open(), new() { Transforms = [new RandomCrop(SampleSet.Crop)], Seed = 1 });
        foreach (var onHost in new[] { true, false })
        {
            said.Clear();
            using var loader = new VocSegDataLoader(dataset, new() { BatchSize = 2, Warn = said.Add }, onHost);
            Assert.Equal(2 + 2, loader.Concat(loader).Count());
            var message = Assert.Single(said);
            Assert.Contains("no foreground pixel was seen", message, StringComparison.Ordinal);
            Assert.Contains("SegmentationPalette.Binary", message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Samples_without_labels_are_not_said_to_lack_foreground()
    {
        using var folder = new PairFolder();
        folder.Add("images/a.png").Add("images/b.png");
        var said = new List<string>();
        using var dataset = new VocSegDataset(
            SampleCatalog.FromFolders(folder["images"], labels: null), new() { Transforms = [new Whole()] });
        using var loader = new VocSegDataLoader(dataset, new() { BatchSize = 2, Warn = said.Add });
        Assert.Single(loader);
        Assert.Empty(said);
    }

    [Theory]
    [InlineData("none")]
    [InlineData("host")]
    [InlineData("device")]
    [InlineData("disk")]
    public void Foreground_in_one_sample_is_enough_to_say_nothing(string cache)
    {
        using var tree = new VocTree();
        for (var i = 0; i < 6; i++)
            tree.Add($"s{i}", 24, 32, (row, column) => (i, row, column) == (4, 23, 31) ? new(128, 0, 0) : new(0, 0, 0));
        var said = new List<string>();
        using var dataset = new VocSegDataset(
            tree.Open(), new() { Transforms = [new RandomCrop(SampleSet.Crop)], Seed = 1 });
        using var loader = new VocSegDataLoader(
            dataset, new() { BatchSize = 2, Cache = Caches.Of(cache), Warn = said.Add }, onHost: false);
        Assert.Equal(6, loader.Concat(loader).Count());
        Assert.Empty(said);
    }
}
