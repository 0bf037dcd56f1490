using System.Net;

namespace VocSeg.Torch;

/// <summary>One call of <see cref="VocArchive"/>: lock, tar, unpack, put in place.</summary>
internal sealed class ArchiveWork(ArchivePlace place, VocArchiveOptions options, ArchiveReporter reporter, CancellationToken cancellation)
{
    /// <summary>About what the unpacked files take: segmentation needs a sixth of the official tar.</summary>
    internal static long SpaceToUnpack(long tarBytes, VocArchiveContent content) =>
        content == VocArchiveContent.Everything ? tarBytes : tarBytes / 5;

    internal async Task<string> RunAsync()
    {
        if (place.FindWhole(options) is { } there)
            return Finished(there);
        try
        {
            Directory.CreateDirectory(place.Work);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw ArchiveDisk.CannotWrite(place.Work, error);
        }
        using var gate = await ArchiveLock.AcquireAsync(place.Lock, reporter, cancellation);
        // Whoever held the lock before may have done it all.
        if (place.FindWhole(options) is { } meanwhile)
            return Finished(meanwhile);
        var tar = options.TarFile is { } local ? Path.GetFullPath(local) : await FetchAsync();
        return Finished(Install(tar));
    }

    private string Finished(string root)
    {
        reporter.Say(VocArchiveStage.Finished, root);
        return root;
    }

    private async Task<string> FetchAsync()
    {
        var tar = place.Tar(options);
        if (File.Exists(tar))
            return tar;
        using var file = PartialFile.Open(tar, options.Disk, reporter, cancellation);
        using var own = options.Http is null ? CreateHttp() : null;
        await new HttpDownload(options, options.Http ?? own!, file, reporter, cancellation).RunAsync();
        return tar;
    }

    // How long is too long is for the stall time-out to say; compressed answers would make ranges mean something else.
    private static HttpClient CreateHttp() => new(new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.None }, disposeHandler: true)
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    private string Install(string tar)
    {
        if (!File.Exists(tar))
            throw new DatasetException(tar, "there is no such tar file; give the path of VOCtrainval_11-May-2012.tar, or none to download it.");
        try
        {
            Clear(place.Staging);
            options.Disk.RequireFree(place.Work, SpaceToUnpack(new FileInfo(tar).Length, options.Content));
            var unpacker = new TarUnpacker(tar, place.Staging, options, reporter, cancellation) { Check = options.TarFile is not null && options.Sha1 is not null };
            unpacker.Run();
            var root = PutInPlace(unpacker);
            if (options.TarFile is null && !options.KeepTar)
                File.Delete(tar);
            return root;
        }
        catch (InvalidDataException error)
        {
            if (options.TarFile is null)
                File.Delete(tar);
            throw new DatasetException(tar, $"{error.Message}. Nothing of it was kept; get the tar anew, from another URL if this happens again.", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw ArchiveDisk.CannotWrite(place.Work, error);
        }
        finally
        {
            TryClear(place.Staging);
        }
    }

    private static void TryClear(string folder)
    {
        try
        {
            Clear(folder);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The next call begins with it.
        }
    }

    private static void Clear(string folder)
    {
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
    }

    private string PutInPlace(TarUnpacker unpacker)
    {
        var root = Path.Combine(place.Devkit, unpacker.VocName!);
        var mark = new ArchiveMark(options.Key, options.Content, unpacker.Files);
        cancellation.ThrowIfCancellationRequested();
        if (!Directory.Exists(root))
        {
            // One rename brings the files and the mark.
            mark.Write(unpacker.Root);
            Directory.CreateDirectory(place.Devkit);
            Directory.Move(unpacker.Root, root);
            return root;
        }
        RequireSameSet(unpacker, root);
        foreach (var path in unpacker.Files.Keys)
        {
            cancellation.ThrowIfCancellationRequested();
            var file = Path.Combine(root, path);
            if (IsList(path) && ArchiveMark.Read(root)?.Key == options.Key && File.Exists(file) && new FileInfo(file).Length > 0)
                continue;
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.Move(Path.Combine(unpacker.Root, path), file, overwrite: true);
        }
        mark.Write(root);
        return root;
    }

    /// <summary>A half root of this set is completed; another set, in the same shape, is not touched.</summary>
    private void RequireSameSet(TarUnpacker unpacker, string root)
    {
        if (ArchiveMark.Read(root) is { } mark)
        {
            if (mark.Key == options.Key)
                return;
            throw new DatasetException(root, $"the folder was made from another archive ({mark.Key}); take another folder, or delete this one.");
        }
        foreach (var path in unpacker.Files.Keys.Where(IsList))
        {
            var present = Path.Combine(root, path);
            if (File.Exists(present) && !File.ReadAllBytes(Path.Combine(unpacker.Root, path)).AsSpan().StartsWith(File.ReadAllBytes(present)))
                throw new DatasetException(present, "the list is another one than the archive's, so this is another data set; take another folder, or delete this one. Nothing was changed.");
        }
    }

    private static bool IsList(string path) => path.StartsWith("ImageSets/", StringComparison.Ordinal);
}
