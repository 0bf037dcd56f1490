namespace VocSeg.Torch.Tests.Download;

public sealed class ChecksumTests
{
    private static readonly string Other = new('a', 40);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_wrong_checksum_keeps_nothing_and_both_are_named(bool resumed)
    {
        await using var bench = await ArchiveBench.CreateAsync();
        if (resumed)
            bench.Server.FirstAnswer(bench.Server.Cut(80_000, reset: false));
        var error = await bench.FailAsync(bench.Options with { Sha1 = Other });
        Assert.Contains(bench.Tar.Sha1, error.Message, StringComparison.Ordinal);
        Assert.Contains(Other, error.Message, StringComparison.Ordinal);
        Assert.Equal(0, new FileInfo(bench.Partial).Length);
    }

    [Fact]
    public async Task After_a_wrong_checksum_the_next_source_is_asked()
    {
        await using var bench = await ArchiveBench.CreateAsync();
        var wrong = bench.Tar.Bytes.ToArray();
        wrong[100_000] ^= 1;
        await using var bad = await ArchiveServer.StartAsync(wrong);
        await bench.DownloadAsync(bench.Options with { Sources = [bad.Url, bench.Server.Url] });
        bench.AssertWhole();
        Assert.Equal(("", ""), Assert.Single(bench.Server.Requests));
    }

    [Fact]
    public async Task A_partial_file_that_was_changed_is_noticed()
    {
        await using var bench = await ArchiveBench.CreateAsync();
        bench.Server.FirstAnswer(bench.Server.Cut(100_000, reset: false));
        await bench.FailAsync(bench.Options with { Retries = 0 });
        var bytes = await File.ReadAllBytesAsync(bench.Partial);
        bytes[5] ^= 1;
        await File.WriteAllBytesAsync(bench.Partial, bytes);
        await bench.FailAsync();
        await bench.DownloadAsync();
        bench.AssertWhole();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_local_tar_is_checked_and_stays(bool right)
    {
        await using var bench = await ArchiveBench.CreateAsync();
        using var elsewhere = new TempFolder();
        var tar = elsewhere["mine.tar"];
        await File.WriteAllBytesAsync(tar, bench.Tar.Bytes);
        var options = bench.Options with { TarFile = tar, Sha1 = right ? bench.Tar.Sha1 : Other };
        if (right)
        {
            await bench.DownloadAsync(options);
            bench.AssertWhole(options);
        }
        else
        {
            var error = await bench.FailAsync(options);
            Assert.Contains(bench.Tar.Sha1, error.Message, StringComparison.Ordinal);
            Assert.Contains(Other, error.Message, StringComparison.Ordinal);
        }
        Assert.True(File.Exists(tar));
        Assert.Empty(bench.Server.Requests);
    }

    [Fact]
    public async Task A_local_tar_that_is_not_there_is_named()
    {
        await using var bench = await ArchiveBench.CreateAsync();
        var error = await bench.FailAsync(bench.Options with { TarFile = "absent.tar" });
        Assert.Contains("absent.tar", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tar_that_is_kept_serves_the_next_call()
    {
        await using var bench = await ArchiveBench.CreateAsync();
        var options = bench.Options with { KeepTar = true };
        await bench.DownloadAsync(options);
        options = options with { Content = VocArchiveContent.Everything, KeepTar = false };
        Assert.Null(VocArchive.FindWhole(bench.Folder, options));
        await bench.DownloadAsync(options);
        bench.AssertWhole(options);
        Assert.Single(bench.Server.Requests);
    }
}
