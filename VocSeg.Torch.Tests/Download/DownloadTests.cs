using System.Diagnostics;

namespace VocSeg.Torch.Tests.Download;

public sealed class DownloadTests
{
    [Theory]
    [InlineData(false, VocArchiveContent.Segmentation)]
    [InlineData(true, VocArchiveContent.Segmentation)]
    [InlineData(false, VocArchiveContent.Everything)]
    public async Task A_complete_answer_gives_a_complete_folder(bool listsFirst, VocArchiveContent content)
    {
        await using var bench = await ArchiveBench.CreateAsync(VocTar.Standard(listsFirst));
        var options = bench.Options with { Content = content };
        Assert.Equal(bench.Root, await bench.DownloadAsync(options));
        bench.AssertWhole(options);
        Assert.Equal(("", ""), Assert.Single(bench.Server.Requests));
    }

    [Fact]
    public async Task The_second_call_requests_nothing()
    {
        await using var bench = await ArchiveBench.CreateAsync();
        await bench.DownloadAsync();
        Assert.Equal(bench.Root, VocArchive.Download(bench.Root, bench.Options));
        Assert.Equal(bench.Root, VocArchive.Download(Path.Combine(bench.Folder, "VOCdevkit"), bench.Options));
        Assert.Single(bench.Server.Requests);
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
        bench.Server.FirstAnswer(
            ArchiveServer.Status(status), bench.Server.Cut(60_000), ArchiveServer.Status(status, retryAfter: "0"));
        var said = new Listener();
        await bench.DownloadAsync(progress: said);
        bench.AssertWhole();
        Assert.Equal(["", "", "bytes=60000-", "bytes=60000-"], bench.Server.Requests.Select(request => request.Range));
        var retries = said.Reports.Where(report => report.Stage == VocArchiveStage.Retrying);
        Assert.Contains(retries, report => report.Note!.Contains($"HTTP {status}", StringComparison.Ordinal));
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
    public async Task A_source_that_lacks_the_file_is_asked_once_and_the_next_one_follows(int status)
    {
        await using var bench = await ArchiveBench.CreateAsync();
        await using var gone = await ArchiveServer.StartAsync([]);
        gone.FirstAnswer(ArchiveServer.Status(status));
        await bench.DownloadAsync(bench.Options with { Sources = [gone.Url, bench.Server.Url] });
        bench.AssertWhole();
        Assert.Single(gone.Requests);
    }

    [Fact]
    public async Task When_all_sources_fail_each_is_named_with_its_answer()
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
    public async Task A_stalled_connection_is_replaced_and_continued(int after)
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
    public async Task A_slow_server_does_not_count_as_stalled()
    {
        await using var bench = await ArchiveBench.CreateAsync();
        bench.Server.FirstAnswer(bench.Server.Throttle(40_000, TimeSpan.FromMilliseconds(150)));
        await bench.DownloadAsync(bench.Options with { StallTimeout = TimeSpan.FromSeconds(1), Retries = 0 });
        bench.AssertWhole();
        Assert.Single(bench.Server.Requests);
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
        var length = bench.Tar.Bytes.Length;
        Assert.Equal((length, length), (download[^1].DoneBytes, download[^1].TotalBytes));
        Assert.Contains(download, report => report.BytesPerSecond > 0 && report.TimeLeft > TimeSpan.Zero);
        Assert.Equal(VocArchiveStage.Finished, said.Reports[^1].Stage);
    }

    [Fact]
    public void Options_refuse_impossible_values()
    {
        Assert.Throws<ArgumentException>(() => new VocArchiveOptions { Sources = [] });
        Assert.Throws<ArgumentException>(() => new VocArchiveOptions { Sources = [new("ftp://a/b.tar")] });
        Assert.Throws<ArgumentException>(() => new VocArchiveOptions { Sha1 = "4e44" });
        Assert.Throws<ArgumentOutOfRangeException>(() => new VocArchiveOptions { Retries = -1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new VocArchiveOptions { StallTimeout = TimeSpan.Zero });
        var upper = new VocArchiveOptions { Sha1 = VocArchive.OfficialSha1.ToUpperInvariant() };
        Assert.Equal(VocArchive.OfficialSha1, upper.Sha1);
    }
}
