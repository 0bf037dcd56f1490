namespace VocSeg.Torch.Tests.Download;

/// <summary>The kind of what keeps a data set from being downloaded, and the file or address at fault.</summary>
public sealed class DownloadFaultTests
{
    [Fact]
    public async Task A_tar_that_is_not_there_is_not_found()
    {
        await using var bench = await ArchiveBench.CreateAsync();
        var absent = Path.Combine(bench.Folder, "absent.tar");
        var error = await bench.FailAsync(bench.Options with { TarFile = absent });
        Assert.Equal((DatasetFault.NotFound, absent), (error.Fault, error.Path));
    }

    [Fact]
    public async Task A_tar_that_is_none_or_is_cut_short_is_damaged()
    {
        await using var bench = await ArchiveBench.CreateAsync();
        var tar = Path.Combine(bench.Folder, "own.tar");
        foreach (var bytes in new[] { [], bench.Tar.Bytes[..^5000], new byte[4000], "no tar"u8.ToArray() })
        {
            await File.WriteAllBytesAsync(tar, bytes);
            foreach (var sha1 in new[] { null, bench.Tar.Sha1 })
            {
                var error = await bench.FailAsync(bench.Options with { TarFile = tar, Sha1 = sha1 });
                Assert.Equal((DatasetFault.Damaged, tar), (error.Fault, error.Path));
            }
        }
    }

    [Fact]
    public async Task No_source_is_another_fault_of_the_last_address()
    {
        await using var bench = await ArchiveBench.CreateAsync();
        var nowhere = new Uri("http://127.0.0.1:1/VOC.tar");
        var error = await bench.FailAsync(bench.Options with { Sources = [nowhere] });
        Assert.Equal((DatasetFault.Other, nowhere.AbsoluteUri), (error.Fault, error.Path));
    }

    [Theory]
    [InlineData("")]
    [InlineData("VOCdevkit")]
    [InlineData("own.tar")]
    public async Task What_may_not_be_read_or_written_is_denied(string name)
    {
        await using var bench = await ArchiveBench.CreateAsync();
        Directory.CreateDirectory(Path.Combine(bench.Folder, "VOCdevkit"));
        var tar = Path.Combine(bench.Folder, "own.tar");
        await File.WriteAllBytesAsync(tar, bench.Tar.Bytes);
        OrdinaryUser.Open(bench.Folder);
        // Not by VocArchive, whose work has a thread of its own.
        var options = bench.Options with { TarFile = tar };
        var work = new ArchiveWork(ArchivePlace.Of(bench.Folder), options, new(null), default);
        var error = default(Exception);
        var closed = name.Length == 0 ? bench.Folder : Path.Combine(bench.Folder, name);
        OrdinaryUser.RunWithout(closed, () => error = Record.Exception(() => work.RunAsync().GetAwaiter().GetResult()));
        var denied = Assert.IsType<DatasetException>(error);
        Assert.Equal(DatasetFault.AccessDenied, denied.Fault);
        Assert.StartsWith(closed, denied.Path, StringComparison.Ordinal);
    }
}
