namespace VocSeg.Torch.Tests.Download;

public sealed class FullDiskTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(50_000)]
    [InlineData(200_000)]
    [InlineData(450_000)]
    [InlineData(600_000)]
    public async Task A_disk_that_fills_up_loses_nothing_and_the_next_call_goes_on(long room)
    {
        await using var bench = await ArchiveBench.CreateAsync();
        var options = bench.Options with { Disk = new SmallDisk(room) };
        var error = await Assert.ThrowsAsync<DatasetException>(() => bench.DownloadAsync(options));
        Assert.Contains("No space left", error.Message, StringComparison.Ordinal);
        Assert.Null(VocArchive.FindWhole(bench.Folder, bench.Options));
        Assert.False(Directory.Exists(bench.Root));
        await bench.DownloadAsync();
        bench.AssertWhole();
        Assert.Equal(room > bench.Tar.Bytes.Length ? 1 : 2, bench.Server.Requests.Count);
        if (room < bench.Tar.Bytes.Length)
            Assert.Equal($"bytes={room}-", bench.Server.Requests.Last().Range);
    }

    [Fact]
    public async Task Too_little_space_is_reported_before_the_first_byte()
    {
        await using var bench = await ArchiveBench.CreateAsync();
        var disk = new SmallDisk(long.MaxValue) { Free = 1_000_000 };
        var error = await bench.FailAsync(bench.Options with { Disk = disk });
        Assert.Contains("1 MB are free", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, new FileInfo(bench.Partial).Length);
    }

    [Fact]
    public async Task A_folder_that_cannot_be_made_is_named()
    {
        await using var bench = await ArchiveBench.CreateAsync();
        var file = Path.Combine(bench.Folder, "file");
        await File.WriteAllTextAsync(file, "");
        var error = await Assert.ThrowsAsync<DatasetException>(() => VocArchive.DownloadAsync(file, bench.Options));
        Assert.Contains(file, error.Message, StringComparison.Ordinal);
    }

    /// <summary>A disk with little room. A write that does not fit is done in part, as on a real disk.</summary>
    private sealed class SmallDisk(long room) : ArchiveDisk
    {
        private long left = room;

        internal long? Free { get; init; }

        internal override long? FreeBytes(string folder) => Free;

        internal override Stream OpenWrite(string path, FileMode mode) => new SmallFile(this, path, mode);

        private sealed class SmallFile(SmallDisk disk, string path, FileMode mode)
            : FileStream(path, mode, FileAccess.Write, FileShare.Read, 0)
        {
            // A derived FileStream sends spans through this overload too.
            public override void Write(byte[] array, int offset, int count)
            {
                var fits = (int)Math.Min(disk.left, count);
                disk.left -= fits;
                base.Write(array, offset, fits);
                if (fits < count)
                    throw new IOException("No space left on device");
            }
        }
    }
}
