namespace VocSeg.Torch.Tests.Download;

/// <summary>Downloads that ended early, in this call or an earlier one.</summary>
public sealed class ResumeTests
{
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
    public async Task A_connection_that_ends_early_continues_where_it_stopped(double point, bool reset, bool sameCall)
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
    public async Task A_download_that_is_cut_again_and_again_arrives()
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
        // The first attempt brought new bytes; three more did not.
        Assert.Equal(4, bench.Server.Requests.Count);
    }

    [Theory]
    [InlineData("\"one\"", false)]
    [InlineData(null, false)]
    [InlineData("W/\"weak\"", false)]
    [InlineData(null, true)]
    public async Task A_resume_requests_the_same_version_by_what_the_server_gave(string? tag, bool modified)
    {
        await using var bench = await ArchiveBench.CreateAsync();
        bench.Server.ETag = tag;
        bench.Server.Modified = modified ? new DateTimeOffset(2012, 5, 11, 1, 2, 3, TimeSpan.Zero) : null;
        bench.Server.FirstAnswer(bench.Server.Cut(70_000, reset: false));
        await bench.DownloadAsync();
        bench.AssertWhole();
        var condition = modified ? "Fri, 11 May 2012 01:02:03 GMT" : tag == "\"one\"" ? tag : "";
        Assert.Equal(("bytes=70000-", condition), bench.Server.Requests.Last());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_file_that_changed_on_the_server_is_downloaded_again(bool sameCall)
    {
        await using var bench = await ArchiveBench.CreateAsync();
        // The old version, whose first bytes were kept, is another tar.
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
    public async Task A_server_without_ranges_sends_the_file_again()
    {
        await using var bench = await ArchiveBench.CreateAsync();
        bench.Server.TakesRanges = false;
        bench.Server.FirstAnswer(bench.Server.Cut(100_000, reset: false));
        await bench.DownloadAsync();
        bench.AssertWhole();
    }

    [Fact]
    public async Task A_tar_without_a_checksum_is_resumed_only_by_a_tag_or_time_of_the_server()
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
    public async Task A_416_of_a_file_whose_bytes_are_all_there_completes_it()
    {
        await using var bench = await ArchiveBench.CreateAsync();
        await bench.FailAsync(LosesAllButTheLastByte(bench));
        // A process killed between the last byte and the rename leaves this, if the server did not tell the length.
        await File.WriteAllBytesAsync(bench.Partial, bench.Tar.Bytes);
        var origin = bench.Partial + ".origin";
        (PartialOrigin.Read(origin)! with { Total = null }).Write(origin);
        await bench.DownloadAsync();
        bench.AssertWhole();
        Assert.Equal($"bytes={bench.Tar.Bytes.Length}-", bench.Server.Requests.Last().Range);
    }

    [Fact]
    public async Task A_416_of_a_file_that_became_shorter_restarts_the_download()
    {
        await using var bench = await ArchiveBench.CreateAsync();
        await bench.FailAsync(LosesAllButTheLastByte(bench));
        bench.Server.FirstAnswer(ArchiveServer.Status(416));
        await bench.DownloadAsync();
        bench.AssertWhole();
        Assert.Equal("", bench.Server.Requests.Last().Range);
    }

    [Fact]
    public async Task A_206_with_other_bytes_than_requested_is_refused()
    {
        await using var bench = await ArchiveBench.CreateAsync();
        bench.Server.FirstAnswer(bench.Server.Cut(100_000, reset: false), async context =>
        {
            context.Response.StatusCode = 206;
            var length = bench.Tar.Bytes.Length;
            context.Response.Headers.ContentRange = $"bytes 50000-{length - 1}/{length}";
            await context.Response.Body.WriteAsync(bench.Tar.Bytes.AsMemory(50_000));
        });
        await bench.DownloadAsync();
        bench.AssertWhole();
    }

    [Fact]
    public async Task Another_mirror_continues_where_the_first_one_stopped()
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
    public async Task A_web_page_in_place_of_the_tar_leaves_the_partial_file()
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

    [Theory]
    [InlineData(0)]
    [InlineData(60_000)]
    [InlineData(200_000)]
    public async Task A_download_that_was_stopped_continues_at_the_next_call(int after)
    {
        await using var bench = await ArchiveBench.CreateAsync();
        bench.Server.FirstAnswer(bench.Server.Stall(after));
        using var stop = new CancellationTokenSource();
        var stopped = bench.DownloadAsync(cancellation: stop.Token);
        while (bench.Server.Requests.IsEmpty || bench.PartialLength < after)
            await Task.Delay(10);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => stopped);
        bench.AssertNothingLooksFinished();
        await bench.DownloadAsync();
        bench.AssertWhole();
        Assert.Equal(after == 0 ? "" : $"bytes={after}-", bench.Server.Requests.Last().Range);
    }

    private static VocArchiveOptions LosesAllButTheLastByte(ArchiveBench bench)
    {
        bench.Server.FirstAnswer(bench.Server.Cut(bench.Tar.Bytes.Length - 1, reset: false));
        return bench.Options with { Retries = 0 };
    }
}
