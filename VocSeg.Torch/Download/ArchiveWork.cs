namespace VocSeg.Torch;

/// <summary>One call of <see cref="VocArchive"/>: locks the folder, gets the tar, unpacks it.</summary>
internal sealed class ArchiveWork(
    ArchivePlace place, VocArchiveOptions options, ArchiveReporter reporter, CancellationToken cancellation)
{
    /// <summary>About the size of the unpacked files: segmentation needs a sixth of the official tar.</summary>
    internal static long SpaceToUnpack(long tarBytes, VocArchiveContent content) =>
        content == VocArchiveContent.Everything ? tarBytes : tarBytes / 5;

    internal async Task<string> RunAsync()
    {
        if (place.FindWhole(options) is { } there)
            return Finished(there);
        ArchiveDisk.Write(place.Work, () => Directory.CreateDirectory(place.Work));
        using var gate = await ArchiveDisk.LockAsync(place.Lock, reporter, cancellation);
        // The process that held the lock before may have done all the work.
        if (place.FindWhole(options) is { } meanwhile)
            return Finished(meanwhile);
        return Finished(Install(options.TarFile is { } local ? Path.GetFullPath(local) : await FetchAsync()));
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
        using var own = options.Http is null ? HttpDownload.CreateClient(options) : null;
        await new HttpDownload(options, options.Http ?? own!, file, reporter, cancellation).RunAsync();
        return tar;
    }

    private string Install(string tar)
    {
        if (!File.Exists(tar))
        {
            throw new DatasetException(
                DatasetFault.NotFound, tar,
                "there is no such tar file; give the path of VOCtrainval_11-May-2012.tar, or none to download.");
        }
        try
        {
            Clear(place.Staging);
            options.Disk.RequireFree(place.Work, SpaceToUnpack(new FileInfo(tar).Length, options.Content));
            var unpacker = new TarUnpacker(tar, place.Staging, options, reporter, cancellation);
            unpacker.Run();
            var root = MoveInPlace(unpacker);
            if (options.TarFile is null && !options.KeepTar)
                File.Delete(tar);
            return root;
        }
        catch (InvalidDataException error)
        {
            if (options.TarFile is null)
                File.Delete(tar);
            throw new DatasetException(
                DatasetFault.Damaged, tar,
                $"{error.Message}. Nothing of it was kept; get the tar again, from another URL if this happens again.",
                error);
        }
        catch (Exception error) when (ArchiveDisk.IsFault(error))
        {
            throw ArchiveDisk.CannotWrite(place.Work, error);
        }
        finally
        {
            try
            {
                Clear(place.Staging);
            }
            catch (Exception error) when (ArchiveDisk.IsFault(error))
            {
                // The next call clears the folder before it unpacks.
            }
        }
    }

    private static void Clear(string folder)
    {
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
    }

    private string MoveInPlace(TarUnpacker unpacker)
    {
        var root = Path.Combine(place.Devkit, unpacker.VocName!);
        var mark = new ArchiveMark(options.Key, options.Content, unpacker.Files);
        cancellation.ThrowIfCancellationRequested();
        if (!Directory.Exists(root))
        {
            // One rename moves the files and the mark.
            mark.Write(unpacker.Root);
            Directory.CreateDirectory(place.Devkit);
            Directory.Move(unpacker.Root, root);
            return root;
        }
        var before = ArchiveMark.Read(root);
        RequireSameSet(unpacker, root, before);
        foreach (var path in unpacker.Files.Keys)
        {
            cancellation.ThrowIfCancellationRequested();
            var file = new FileInfo(Path.Combine(root, path));
            // The user may have shortened a list of a marked folder.
            if (IsList(path) && before is not null && file is { Exists: true, Length: > 0 })
                continue;
            file.Directory!.Create();
            File.Move(Path.Combine(unpacker.Root, path), file.FullName, overwrite: true);
        }
        mark.Write(root);
        return root;
    }

    /// <summary>An incomplete folder of this set may be completed; one of another set must not be touched.</summary>
    private void RequireSameSet(TarUnpacker unpacker, string root, ArchiveMark? mark)
    {
        if (mark is not null)
        {
            if (mark.Key == options.Key)
                return;
            throw new DatasetException(
                root, $"the folder is of another archive ({mark.Key}); choose another folder, or delete this one.");
        }
        foreach (var path in unpacker.Files.Keys.Where(IsList))
        {
            var list = Path.Combine(root, path);
            var expected = File.ReadAllBytes(Path.Combine(unpacker.Root, path));
            if (File.Exists(list) && !expected.AsSpan().StartsWith(File.ReadAllBytes(list)))
            {
                throw new DatasetException(
                    list,
                    "the list differs from the archive's, so this is another data set; choose another folder, or "
                    + "delete this one. Nothing was changed.");
            }
        }
    }

    private static bool IsList(string path) => path.StartsWith("ImageSets/", StringComparison.Ordinal);
}
