using System.Diagnostics;

namespace VocSeg.Torch.Tests.Download;

public sealed class DownloadTests
{
    [Theory]
    [InlineData(false, VocArchiveContent.Segmentation)]
    [InlineData(true, VocArchiveContent.Segmentation)]
    [InlineData(false, VocArchiveContent.Everything)]
    public async Task A_whole_answer_gives_a_whole_folder(bool listsFirst, VocArchiveContent content)
    {
        await using var bench = await ArchiveBench.CreateAsync(VocTar.Standard(listsFirst));
        var options = bench.Options with { Content = content };
        Assert.Equal(bench.Root, await bench.DownloadAsync(options));
        bench.AssertWhole(options);
        Assert.Equal(("", ""), Assert.Single(bench.Server.Requests));
    }

    [Fact]
    public async Task The_second_call_asks_for_nothing()
    {
        await using var bench = await ArchiveBench.CreateAsync();
        await bench.DownloadAsync();
        Assert.Equal(bench.Root, VocArchive.Download(bench.Root, bench.Options));
        Assert.Equal(bench.Root, VocArchive.Download(Path.Combine(bench.Folder, "VOCdevkit"), bench.Options));
        Assert.Single(bench.Server.Requests);
    }

    public static TheoryData<double, bool, bool> CutPoints()
    {
        var points = new TheoryData<double, bool, bool>();
        foreach (var point in new[] { 0, 1, 511, 512, 513, 0.5, 0.9, -513, -512, -1 })
        {
            foreach (var reset in new[] { true, false })
            {
                points.Add(point, reset, true);
                points.Add(point, reset, false);
            }
        }
        return points;
    }

    [Theory]
    [MemberData(nameof(CutPoints))]
    public async Task A_connection_that_ends_early_goes_on_where_it_stopped(double point, bool reset, bool sameCall)
    {
        await using var bench = await ArchiveBench.CreateAsync();
        var length = bench.Tar.Bytes.Length;
        var after = point < 0 ? length + (int)point : point is > 0 and < 1 ? (int)(length * point) : (int)point;
        bench.Server.FirstAnswer(bench.Server.Cut(after, reset));
        if (!sameCall)
        {
            var error = await bench.FailAsync(bench.Options with { Retries = 0 });
            Assert.Contains(bench.Server.Url.AbsoluteUri, error.Message, StringComparison.Ordinal);
        }
        await bench.DownloadAsync();
        bench.AssertWhole();
        Assert.Equal(after == 0 ? ("", "") : ($"bytes={after}-", "\"one\""), bench.Server.Requests.Last());
    }

    [Fact]
    public async Task Cut_again_and_again_it_arrives()
    {
        await using var bench = await ArchiveBench.CreateAsync();
        for (var sent = 0; sent < bench.Tar.Bytes.Length - 30_000; sent += 30_000)
            bench.Server.FirstAnswer(bench.Server.Cut(30_000, reset: false));
        await bench.DownloadAsync(bench.Options with { Retries = 1 });
        bench.AssertWhole();
    }

    [Fact]
    public async Task A_server_without_ranges_that_always_breaks_is_given_up()
    {
        await using var bench = await ArchiveBench.CreateAsync();
        bench.Server.TakesRanges = false;
        for (var again = 0; again < 10; again++)
            bench.Server.FirstAnswer(bench.Server.Cut(100_000, reset: false));
        await bench.FailAsync(bench.Options with { Retries = 3 });
        // The first attempt moved on; three more did not.
        Assert.Equal(4, bench.Server.Requests.Count);
    }

    [Theory]
    [InlineData("\"one\"", false)]
    [InlineData(null, false)]
    [InlineData("W/\"weak\"", false)]
    [InlineData(null, true)]
    public async Task A_resume_asks_for_the_same_version_with_what_the_server_gave(string? tag, bool modified)
    {
        await using var bench = await ArchiveBench.CreateAsync();
        bench.Server.ETag = tag;
        bench.Server.Modified = modified ? new DateTimeOffset(2012, 5, 11, 1, 2, 3, TimeSpan.Zero) : null;
        bench.Server.FirstAnswer(bench.Server.Cut(70_000, reset: false));
        await bench.DownloadAsync();
        bench.AssertWhole();
        Assert.Equal(("bytes=70000-", modified ? "Fri, 11 May 2012 01:02:03 GMT" : tag == "\"one\"" ? tag : ""), bench.Server.Requests.Last());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_server_that_changed_the_file_starts_again(bool sameCall)
    {
        await using var bench = await ArchiveBench.CreateAsync();
        // The old version, of which the first bytes are kept, is another tar.
        bench.Server.File = VocTar.Standard(seed: 2).Bytes;
        bench.Server.ETag = "\"old\"";
        var cut = bench.Server.Cut(100_000, reset: false);
        bench.Server.FirstAnswer(async context =>
        {
            await cut(context);
            (bench.Server.File, bench.Server.ETag) = (bench.Tar.Bytes, "\"new\"");
        });
        if (!sameCall)
            await bench.FailAsync(bench.Options with { Retries = 0 });
        await bench.DownloadAsync();
        bench.AssertWhole();
        Assert.Equal(["", "\"old\""], bench.Server.Requests.Select(request => request.IfRange));
    }

    [Fact]
    public async Task A_server_that_does_not_know_ranges_starts_again()
    {
        await using var bench = await ArchiveBench.CreateAsync();
        bench.Server.TakesRanges = false;
        bench.Server.FirstAnswer(bench.Server.Cut(100_000, reset: false));
        await bench.DownloadAsync();
        bench.AssertWhole();
    }

    [Fact]
    public async Task A_tar_without_a_known_sum_is_resumed_only_with_the_servers_word()
    {
        await using var bench = await ArchiveBench.CreateAsync();
        bench.Server.ETag = null;
        bench.Server.FirstAnswer(bench.Server.Cut(100_000, reset: false));
        var options = bench.Options with { Sha1 = null };
        await bench.DownloadAsync(options);
        bench.AssertWhole(options);
        Assert.Equal([("", ""), ("", "")], bench.Server.Requests);
    }

    [Fact]
    public async Task All_bytes_there_and_416_is_enough()
    {
        await using var bench = await ArchiveBench.CreateAsync();
        await bench.FailAsync(LosesAllButTheLastByte(bench));
        // As if the process was killed between the last byte and the new name, and the server had not said the length.
        await File.WriteAllBytesAsync(bench.Partial, bench.Tar.Bytes);
        var origin = bench.Partial + ".origin";
        var lines = await File.ReadAllLinesAsync(origin);
        lines[2] = "-";
        await File.WriteAllLinesAsync(origin, lines);
        await bench.DownloadAsync();
        bench.AssertWhole();
        Assert.Equal($"bytes={bench.Tar.Bytes.Length}-", bench.Server.Requests.Last().Range);
    }

    [Fact]
    public async Task A_416_of_a_file_that_became_shorter_starts_again()
    {
        await using var bench = await ArchiveBench.CreateAsync();
        await bench.FailAsync(LosesAllButTheLastByte(bench));
        bench.Server.FirstAnswer(ArchiveServer.Status(416));
        await bench.DownloadAsync();
        bench.AssertWhole();
        Assert.Equal("", bench.Server.Requests.Last().Range);
    }

    [Fact]
    public async Task A_206_with_other_bytes_than_asked_for_is_not_taken()
    {
        await using var bench = await ArchiveBench.CreateAsync();
        bench.Server.FirstAnswer(bench.Server.Cut(100_000, reset: false), async context =>
        {
            context.Response.StatusCode = 206;
            context.Response.Headers.ContentRange = $"bytes 50000-{bench.Tar.Bytes.Length - 1}/{bench.Tar.Bytes.Length}";
            await context.Response.Body.WriteAsync(bench.Tar.Bytes.AsMemory(50_000));
        });
        await bench.DownloadAsync();
        bench.AssertWhole();
    }

    [Theory]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(408)]
    [InlineData(429)]
    public async Task A_server_in_trouble_is_asked_again(int status)
    {
        await using var bench = await ArchiveBench.CreateAsync();
        bench.Server.FirstAnswer(ArchiveServer.Status(status), bench.Server.Cut(60_000), ArchiveServer.Status(status, retryAfter: "0"));
        var said = new Listener();
        await bench.DownloadAsync(progress: said);
        bench.AssertWhole();
        Assert.Equal(["", "", "bytes=60000-", "bytes=60000-"], bench.Server.Requests.Select(request => request.Range));
        Assert.Contains(said.Reports, report => report.Stage == VocArchiveStage.Retrying && report.Note!.Contains($"HTTP {status}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Retry_after_is_waited_for()
    {
        await using var bench = await ArchiveBench.CreateAsync();
        bench.Server.FirstAnswer(ArchiveServer.Status(503, retryAfter: "1"));
        var waited = Stopwatch.StartNew();
        await bench.DownloadAsync();
        Assert.True(waited.Elapsed >= TimeSpan.FromSeconds(0.95));
    }

    [Theory]
    [InlineData(404)]
    [InlineData(403)]
    [InlineData(410)]
    public async Task A_source_that_has_nothing_is_asked_once_and_the_next_one_follows(int status)
    {
        await using var bench = await ArchiveBench.CreateAsync();
        await using var gone = await ArchiveServer.StartAsync([]);
        gone.FirstAnswer(ArchiveServer.Status(status));
        await bench.DownloadAsync(bench.Options with { Sources = [gone.Url, bench.Server.Url] });
        bench.AssertWhole();
        Assert.Single(gone.Requests);
    }

    [Fact]
    public async Task Another_mirror_goes_on_where_the_first_one_stopped()
    {
        await using var bench = await ArchiveBench.CreateAsync();
        await using var first = await ArchiveServer.StartAsync(bench.Tar.Bytes);
        first.ETag = "\"of the first\"";
        first.FirstAnswer(first.Cut(90_000, reset: false), ArchiveServer.Status(404));
        await bench.DownloadAsync(bench.Options with { Sources = [first.Url, bench.Server.Url] });
        bench.AssertWhole();
        Assert.Equal(("bytes=90000-", ""), Assert.Single(bench.Server.Requests));
    }

    [Fact]
    public async Task A_web_page_in_place_of_the_tar_leaves_what_is_there()
    {
        await using var bench = await ArchiveBench.CreateAsync();
        bench.Server.FirstAnswer(bench.Server.Cut(90_000, reset: false), context =>
        {
            context.Response.ContentType = "text/html";
            return context.Response.Body.WriteAsync("<p>Please log in.</p>"u8.ToArray()).AsTask();
        });
        Assert.Contains("web page", (await bench.FailAsync()).Message, StringComparison.Ordinal);
        await bench.DownloadAsync();
        bench.AssertWhole();
        Assert.Equal("bytes=90000-", bench.Server.Requests.Last().Range);
    }

    [Fact]
    public async Task When_no_source_gives_it_all_are_named_with_what_they_said()
    {
        await using var bench = await ArchiveBench.CreateAsync();
        bench.Server.FirstAnswer(ArchiveServer.Status(404));
        var nowhere = new Uri("http://127.0.0.1:1/VOC.tar");
        var error = await bench.FailAsync(bench.Options with { Sources = [bench.Server.Url, nowhere], Retries = 1 });
        Assert.Contains($"{bench.Server.Url}: HTTP 404", error.Message, StringComparison.Ordinal);
        Assert.Contains(nowhere.AbsoluteUri, error.Message, StringComparison.Ordinal);
        Assert.Contains("local tar", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(50_000)]
    public async Task A_stalled_connection_is_given_up_and_taken_up_again(int after)
    {
        await using var bench = await ArchiveBench.CreateAsync();
        bench.Server.FirstAnswer(bench.Server.Stall(after));
        await bench.DownloadAsync(bench.Options with { StallTimeout = TimeSpan.FromSeconds(0.5) });
        bench.AssertWhole();
        Assert.Equal(after == 0 ? "" : "bytes=50000-", bench.Server.Requests.Last().Range);
    }

    [Fact]
    public async Task A_server_that_never_answers_is_a_stall_too()
    {
        await using var bench = await ArchiveBench.CreateAsync();
        bench.Server.FirstAnswer(context => Task.Delay(Timeout.Infinite, context.RequestAborted));
        await bench.DownloadAsync(bench.Options with { StallTimeout = TimeSpan.FromSeconds(0.5) });
        bench.AssertWhole();
    }

    [Fact]
    public async Task A_slow_server_is_no_stalled_one()
    {
        await using var bench = await ArchiveBench.CreateAsync();
        bench.Server.FirstAnswer(bench.Server.Throttle(40_000, TimeSpan.FromMilliseconds(150)));
        await bench.DownloadAsync(bench.Options with { StallTimeout = TimeSpan.FromSeconds(1), Retries = 0 });
        bench.AssertWhole();
        Assert.Single(bench.Server.Requests);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(60_000)]
    [InlineData(200_000)]
    public async Task Stopped_in_the_download_it_goes_on_at_the_next_call(int after)
    {
        await using var bench = await ArchiveBench.CreateAsync();
        bench.Server.FirstAnswer(bench.Server.Stall(after));
        using var stop = new CancellationTokenSource();
        var stopped = bench.DownloadAsync(cancellation: stop.Token);
        while (bench.Server.Requests.IsEmpty || (after > 0 && (Directory.GetFiles(Path.Combine(bench.Folder, ".vocseg"), "*.partial") is not [var file] || new FileInfo(file).Length < after)))
            await Task.Delay(10);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => stopped);
        bench.AssertNothingLooksFinished();
        await bench.DownloadAsync();
        bench.AssertWhole();
        Assert.Equal(after == 0 ? "" : $"bytes={after}-", bench.Server.Requests.Last().Range);
    }

    [Fact]
    public async Task Progress_grows_to_the_whole_and_names_rate_and_time_left()
    {
        await using var bench = await ArchiveBench.CreateAsync();
        bench.Server.FirstAnswer(bench.Server.Throttle(60_000, TimeSpan.FromMilliseconds(120)));
        var said = new Listener();
        await bench.DownloadAsync(progress: said);
        var download = said.Reports.Where(report => report.Stage == VocArchiveStage.Downloading).ToList();
        Assert.Equal(download.OrderBy(report => report.DoneBytes), download);
        Assert.Equal((bench.Tar.Bytes.Length, bench.Tar.Bytes.Length), (download[^1].DoneBytes, download[^1].TotalBytes));
        Assert.Contains(download, report => report.BytesPerSecond > 0 && report.TimeLeft > TimeSpan.Zero);
        Assert.Equal(VocArchiveStage.Finished, said.Reports[^1].Stage);
    }

    [Fact]
    public void Options_refuse_what_cannot_be()
    {
        Assert.Throws<ArgumentException>(() => new VocArchiveOptions { Sources = [] });
        Assert.Throws<ArgumentException>(() => new VocArchiveOptions { Sources = [new("ftp://a/b.tar")] });
        Assert.Throws<ArgumentException>(() => new VocArchiveOptions { Sha1 = "4e44" });
        Assert.Throws<ArgumentOutOfRangeException>(() => new VocArchiveOptions { Retries = -1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new VocArchiveOptions { StallTimeout = TimeSpan.Zero });
        Assert.Equal(VocArchive.OfficialSha1, new VocArchiveOptions { Sha1 = VocArchive.OfficialSha1.ToUpperInvariant() }.Sha1);
    }

    private static VocArchiveOptions LosesAllButTheLastByte(ArchiveBench bench)
    {
        bench.Server.FirstAnswer(bench.Server.Cut(bench.Tar.Bytes.Length - 1, reset: false));
        return bench.Options with { Retries = 0 };
    }
}
