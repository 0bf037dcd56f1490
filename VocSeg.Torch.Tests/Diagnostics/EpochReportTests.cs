namespace VocSeg.Torch.Tests.Diagnostics;

/// <summary>What a loader says of an epoch that has ended.</summary>
public sealed class EpochReportTests
{
    private const int MostEpochs = 6;

    [Theory]
    [InlineData(0.5, 0.0, 9.0, 8.0, 1.0, EpochBound.Loop, "The loop itself bounds it: there is nothing to gain.")]
    [InlineData(9.0, 0.0, 9.5, 8.0, 1.0, EpochBound.Decoding, "it took 84% of the time of 2 workers; more workers")]
    [InlineData(9.0, 0.0, 9.5, 8.0, 6.0, EpochBound.Storage, "took 63% of the workers' time, 4.2 MB/s each; a faster")]
    [InlineData(9.0, 0.0, 9.5, 2.0, 1.0, EpochBound.Transforms, "they took 79% of the workers' time; fewer")]
    [InlineData(9.0, 0.0, 3.0, 2.0, 1.0, EpochBound.Delivery, "workers were busy 30%; a larger prefetch")]
    [InlineData(9.0, 6.0, 3.0, 2.0, 1.0, EpochBound.Opening, "it was there after 6.0 s; later epochs find it.")]
    public void What_bounds_an_epoch_follows_from_its_figures(
        double waited, double opening, double worked, double decoded, double read, EpochBound bound, string words)
    {
        TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);
        var report = new EpochReport
        {
            Epoch = 2,
            IsWhole = true,
            Samples = 4000,
            Elapsed = Seconds(10),
            LoopWait = Seconds(waited),
            OpeningTime = Seconds(opening),
            // Of two workers, in equal parts.
            WorkTime = [Seconds(worked), Seconds(worked)],
            DecodeTime = [Seconds(decoded), Seconds(decoded)],
            ReadTime = Seconds(2 * read),
            BytesRead = 50_000_000,
            CacheHits = 3,
            CacheMisses = 1,
            Skipped = 7,
        };
        Assert.Equal(bound, report.Bound);
        Assert.StartsWith(
            $"4000 images, 400.0 images/s, the loop waited {10 * waited:F0}% of 10.0 s, 75% from the cache, 7 skipped.",
            report.ToString(), StringComparison.Ordinal);
        Assert.Contains(words, report.ToString(), StringComparison.Ordinal);
        Assert.StartsWith(
            "4000 images and left early, ", (report with { IsWhole = false }).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_full_device_cache_has_no_workers_and_a_report_all_the_same()
    {
        var report = new EpochReport { Elapsed = TimeSpan.FromSeconds(1), LoopWait = TimeSpan.FromSeconds(1) };
        Assert.Equal(EpochBound.Delivery, report.Bound);
        Assert.Contains("workers were busy 0%", report.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Behind_a_fast_loop_decoding_is_what_bounds_an_epoch()
    {
        using var tree = new VocTree();
        for (var i = 0; i < 24; i++)
            tree.Add($"s{i:00}", 480, 640);
        using var dataset = new VocSegDataset(
            tree.Open(), new() { Transforms = [new RandomCrop(new(24, 32))], Seed = 1 });
        using var loader = new VocSegDataLoader(
            dataset, new() { BatchSize = 4, Workers = 2, OnError = OnError.Skip(1) });
        Assert.Null(loader.LastEpoch);
        var reports = new List<EpochReport>();
        // On a busy machine an epoch may stand still anywhere.
        while (reports.Count < MostEpochs && reports.LastOrDefault()?.Bound != EpochBound.Decoding)
        {
            Assert.Equal(6, loader.Count());
            reports.Add(loader.LastEpoch!);
        }
        var report = reports[^1];
        Assert.True(report.Bound == EpochBound.Decoding, string.Join('\n', reports));
        Assert.Equal((reports.Count - 1, 6, 24, true), (report.Epoch, report.Batches, report.Samples, report.IsWhole));
        Assert.InRange(report.WorkTime.Length, 1, 2);
        Assert.Equal(report.WorkTime.Length, report.DecodeTime.Length);
        Assert.All(report.DecodeTime.Zip(report.WorkTime), times => Assert.InRange(times.First, default, times.Second));
        Assert.All(report.WorkTime, time => Assert.InRange(time, default, report.Elapsed));
        Assert.InRange(report.LoopWait, report.OpeningTime, report.Elapsed);
        Assert.InRange(report.ReadTime.Ticks, 1, report.DecodeTime.Sum(time => time.Ticks));
        Assert.Equal(24 / report.Elapsed.TotalSeconds, report.ImagesPerSecond);
        Assert.Equal((0, 0, 0), (report.CacheHits, report.CacheMisses, report.Skipped));
    }

    [Fact]
    public void A_loop_that_sleeps_is_what_bounds_an_epoch()
    {
        using var set = new BadSet(isDamaged: false);
        using var dataset = set.Dataset(new RandomCrop(BadSet.Crop));
        using var loader = new VocSegDataLoader(dataset, new() { BatchSize = 2, Workers = 2 });
        var reports = new List<EpochReport>();
        while (reports.Count < MostEpochs && reports.LastOrDefault()?.Bound != EpochBound.Loop)
        {
            foreach (var batch in loader)
                Thread.Sleep(60);
            reports.Add(loader.LastEpoch!);
        }
        Assert.True(reports[^1].Bound == EpochBound.Loop, string.Join('\n', reports));
        Assert.Contains("nothing to gain", reports[^1].ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_loop_that_is_left_has_its_report_up_to_there()
    {
        using var set = new BadSet(isDamaged: false);
        using var dataset = set.Dataset(new RandomCrop(BadSet.Crop));
        using var loader = new VocSegDataLoader(dataset, new() { BatchSize = 2, Cache = SampleCache.Host });
        foreach (var batch in loader)
            break;
        Assert.Equal((0, 1, 2, false), Told());
        Assert.Throws<NotSupportedException>(() =>
        {
            foreach (var batch in loader)
                throw new NotSupportedException("the body's own");
        });
        Assert.Equal((1, 1, 2, false), Told());
        // An enumerator that was never asked is no epoch.
        loader.GetEnumerator().Dispose();
        Assert.Equal((1, 1, 2, false), Told());
        Assert.Equal(12, loader.Count());
        Assert.Equal((3, 12, 24, true), Told());
        Assert.Equal(24, loader.LastEpoch!.CacheHits + loader.LastEpoch.CacheMisses);

        (long Epoch, long Batches, long Samples, bool IsWhole) Told() => (
            loader.LastEpoch!.Epoch, loader.LastEpoch.Batches, loader.LastEpoch.Samples, loader.LastEpoch.IsWhole);
    }
}
