namespace VocSeg.Torch.Tests;

/// <summary>A folder to download to, a server and a tar, with checks of what a download leaves.</summary>
internal sealed class ArchiveBench : IAsyncDisposable
{
    private readonly TempFolder folder = new();

    private ArchiveBench(VocTar tar, ArchiveServer server) => (Tar, Server) = (tar, server);

    internal VocTar Tar { get; }

    internal ArchiveServer Server { get; }

    internal string Folder => folder.Path;

    internal string Root => folder["VOCdevkit", Tar.VocName];

    internal string Partial => Directory.EnumerateFiles(folder[".vocseg"], "*.partial").Single();

    /// <summary>Bytes of the partial file; -1 where there is none yet.</summary>
    internal long PartialLength =>
        Directory.Exists(folder[".vocseg"]) && Directory.GetFiles(folder[".vocseg"], "*.partial") is [var file]
            ? new FileInfo(file).Length
            : -1;

    internal VocArchiveOptions Options => new()
    {
        Sources = [Server.Url],
        Sha1 = Tar.Sha1,
        RetryDelay = TimeSpan.FromMilliseconds(2),
        StallTimeout = TimeSpan.FromSeconds(20),
    };

    internal static async Task<ArchiveBench> CreateAsync(VocTar? tar = null)
    {
        tar ??= VocTar.Standard();
        return new(tar, await ArchiveServer.StartAsync(tar.Bytes));
    }

    internal Task<string> DownloadAsync(
        VocArchiveOptions? options = null,
        IProgress<VocArchiveProgress>? progress = null,
        CancellationToken cancellation = default) =>
        VocArchive.DownloadAsync(Folder, options ?? Options, progress, cancellation);

    internal async Task<DatasetException> FailAsync(VocArchiveOptions? options = null)
    {
        var error = await Assert.ThrowsAsync<DatasetException>(() => DownloadAsync(options));
        AssertNothingLooksFinished(options);
        return error;
    }

    /// <summary>Every file is there with its bytes, there is no other file, and no temporary file is left.</summary>
    internal void AssertWhole(VocArchiveOptions? options = null)
    {
        options ??= Options;
        var expected = options.Content == VocArchiveContent.Everything ? Tar.All : Tar.Needed;
        var present = Directory.EnumerateFiles(Root, "*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/'));
        Assert.Equal(
            expected.Keys.Append(ArchiveMark.FileName).Order(StringComparer.Ordinal),
            present.Order(StringComparer.Ordinal));
        foreach (var (path, content) in expected)
            Assert.Equal(content, File.ReadAllBytes(Path.Combine(Root, path)));
        Assert.Equal(Root, VocArchive.FindWhole(Folder, options));
        Assert.Equal(["lock"], Directory.EnumerateFileSystemEntries(folder[".vocseg"]).Select(Path.GetFileName));
    }

    internal void AssertNothingLooksFinished(VocArchiveOptions? options = null)
    {
        Assert.Null(VocArchive.FindWhole(Folder, options ?? Options));
        Assert.False(Directory.Exists(folder["VOCdevkit"]));
        if (Directory.Exists(folder[".vocseg"]))
            Assert.Empty(Directory.EnumerateFiles(folder[".vocseg"], "*.tar"));
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        folder.Dispose();
    }
}
