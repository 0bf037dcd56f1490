using System.Net.Sockets;

namespace VocSeg.Torch.Tests.Download;

public sealed class HalfRootTests
{
    [Theory]
    [InlineData("JPEGImages/2007_000003.jpg", false)]
    [InlineData("JPEGImages/2007_000003.jpg", true)]
    [InlineData("SegmentationClass/2007_000000.png", false)]
    [InlineData("SegmentationClass/2007_000000.png", true)]
    [InlineData("ImageSets/Segmentation/val.txt", false)]
    [InlineData(ArchiveMark.FileName, false)]
    [InlineData(ArchiveMark.FileName, true)]
    public async Task A_root_that_lost_something_is_not_whole_and_is_completed(string lost, bool cut)
    {
        await using var bench = await ArchiveBench.CreateAsync();
        await bench.DownloadAsync();
        var path = Path.Combine(bench.Root, lost);
        if (cut)
            await File.WriteAllBytesAsync(path, (await File.ReadAllBytesAsync(path))[..^10]);
        else
            File.Delete(path);
        Assert.Null(VocArchive.FindWhole(bench.Folder, bench.Options));
        await bench.DownloadAsync();
        bench.AssertWhole();
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("\0\0\0\0")]
    [InlineData("vocseg archive 1\nKEY\nSegmentation\n12 ImageSets/Segmentation/val.txt\nend\n")]
    [InlineData("{\"Key\":\"KEY\",\"Content\":0}")]
    [InlineData("{\"Key\":\"KEY\",\"Content\":0,\"Lengths\":{}}")]
    [InlineData("{\"Key\":\"KEY\",\"Content\":0,\"Lengths\":{\"ImageSets/Segmentation/val.txt\":null}}")]
    [InlineData("{\"Key\":\"KEY\",\"Content\":0,\"Lengths\":{\"JPEG\\u0000Images/a.jpg\":12}}")]
    [InlineData("{\"Key\":\"KEY\",\"Content\":0,\"Lengths\":{\"JPEGImages/a\\u0000.jpg\":12}}")]
    [InlineData("{\"Key\":\"KEY\",\"Content\":0,\"Lengths\":{\"../outside.txt\":7}}")]
    [InlineData("{\"Key\":\"KEY\",\"Content\":0,\"Lengths\":{\"OUTSIDE\":7}}")]
    [InlineData("{\"Content\":1,\"Lengths\":{\"ImageSets/Segmentation/val.txt\":12}}")]
    public async Task A_mark_that_says_no_files_is_none(string mark)
    {
        await using var bench = await ArchiveBench.CreateAsync();
        await bench.DownloadAsync();
        var outside = Path.Combine(bench.Folder, "VOCdevkit", "outside.txt");
        await File.WriteAllTextAsync(outside, "outside");
        var text = mark.Replace("KEY", bench.Options.Key, StringComparison.Ordinal)
            .Replace("OUTSIDE", outside.Replace('\\', '/'), StringComparison.Ordinal);
        await File.WriteAllTextAsync(Path.Combine(bench.Root, ArchiveMark.FileName), text);
        Assert.Null(VocArchive.FindWhole(bench.Folder, bench.Options));
        await bench.DownloadAsync();
        bench.AssertWhole();
    }

    [Fact]
    public async Task A_folder_that_was_lost_is_completed()
    {
        await using var bench = await ArchiveBench.CreateAsync();
        await bench.DownloadAsync();
        Directory.Delete(Path.Combine(bench.Root, "JPEGImages"), recursive: true);
        await bench.DownloadAsync();
        bench.AssertWhole();
    }

    [Fact]
    public async Task What_a_tar_program_left_half_done_is_completed()
    {
        await using var bench = await ArchiveBench.CreateAsync();
        foreach (var (path, content) in bench.Tar.Needed.Take(5))
        {
            var file = Path.Combine(bench.Root, path);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            await File.WriteAllBytesAsync(file, content[..(content.Length / 2)]);
        }
        await bench.DownloadAsync();
        bench.AssertWhole();
    }

    [Fact]
    public async Task Everything_follows_segmentation_in_the_same_root()
    {
        await using var bench = await ArchiveBench.CreateAsync();
        await bench.DownloadAsync();
        var options = bench.Options with { Content = VocArchiveContent.Everything };
        await bench.DownloadAsync(options);
        bench.AssertWhole(options);
        Assert.NotNull(VocArchive.FindWhole(bench.Folder, bench.Options));
    }

    [Fact]
    public async Task Another_set_of_the_same_shape_is_not_touched()
    {
        await using var bench = await ArchiveBench.CreateAsync();
        var list = Path.Combine(bench.Root, "ImageSets", "Segmentation", "train.txt");
        Directory.CreateDirectory(Path.GetDirectoryName(list)!);
        await File.WriteAllTextAsync(list, "mine_1\nmine_2\n");
        var error = await Assert.ThrowsAsync<DatasetException>(() => bench.DownloadAsync());
        Assert.Contains("another data set", error.Message, StringComparison.Ordinal);
        Assert.Equal([list], Directory.EnumerateFiles(bench.Root, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task A_root_of_another_archive_is_not_touched()
    {
        await using var bench = await ArchiveBench.CreateAsync();
        await bench.DownloadAsync();
        var tar = VocTar.Standard(seed: 9);
        await using var other = await ArchiveServer.StartAsync(tar.Bytes);
        var error = await Assert.ThrowsAsync<DatasetException>(() => bench.DownloadAsync(
            new() { Sources = [other.Url], Sha1 = tar.Sha1 }));
        Assert.Contains("another archive", error.Message, StringComparison.Ordinal);
        Assert.Equal(bench.Root, VocArchive.FindWhole(bench.Folder, bench.Options));
    }

    [Fact]
    public async Task A_lock_that_cannot_be_opened_is_an_error_at_once()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs a socket in a folder");
        await using var bench = await ArchiveBench.CreateAsync();
        var held = Path.Combine(Directory.CreateDirectory(Path.Combine(bench.Folder, ".vocseg")).FullName, "lock");
        // A socket is a file that nobody can open.
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(held));
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var error = await Assert.ThrowsAsync<DatasetException>(() => bench.DownloadAsync(cancellation: limit.Token));
        Assert.Equal(held, error.Path);
        Assert.Contains("cannot be written", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tar_that_cannot_be_read_is_named()
    {
        await using var bench = await ArchiveBench.CreateAsync();
        var tar = Path.Combine(bench.Folder, "own.tar");
        await File.WriteAllBytesAsync(tar, bench.Tar.Bytes);
        await using var taken = new FileStream(tar, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        var error = await bench.FailAsync(bench.Options with { TarFile = tar });
        Assert.Equal(tar, error.Path);
        Assert.Contains("cannot be read", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_list_that_the_user_shortened_stays_short()
    {
        await using var bench = await ArchiveBench.CreateAsync();
        await bench.DownloadAsync();
        var list = Path.Combine(bench.Root, "ImageSets", "Segmentation", "train.txt");
        await File.WriteAllTextAsync(list, "2007_000001\n");
        await bench.DownloadAsync();
        Assert.Single(bench.Server.Requests);
        File.Delete(Path.Combine(bench.Root, "JPEGImages", "2007_000001.jpg"));
        await bench.DownloadAsync();
        Assert.Equal("2007_000001\n", await File.ReadAllTextAsync(list));
    }

    [Fact]
    public async Task Stopped_while_unpacking_it_goes_on_without_a_download()
    {
        await using var bench = await ArchiveBench.CreateAsync();
        using var stop = new CancellationTokenSource();
        var stopper = new Listener(report =>
        {
            if (report.Stage == VocArchiveStage.Unpacking)
                stop.Cancel();
        });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => bench.DownloadAsync(progress: stopper, cancellation: stop.Token));
        Assert.Null(VocArchive.FindWhole(bench.Folder, bench.Options));
        Assert.False(Directory.Exists(bench.Root));
        await bench.DownloadAsync();
        bench.AssertWhole();
        Assert.Single(bench.Server.Requests);
    }
}
