using System.Collections.Concurrent;
using System.Globalization;
using System.IO.Hashing;
using System.Runtime.ExceptionServices;
using Microsoft.Win32.SafeHandles;

namespace VocSeg.Torch;

/// <summary>
/// Decodes all samples into a file beside the one that is wanted, which gets its name when it is whole and on the disk.
/// So the name never stands for half a file, whenever the process or the machine ends.
/// </summary>
internal sealed class DiskCacheWriter(string path, DiskCacheKey key, SampleSource source, CacheDisk disk)
{
    private const string Partial = ".partial";

    // For the file system's own use: blocks that say where the file is.
    private const long Margin = 1 << 20;

    private readonly DiskCacheLayout layout = new(source.Stored);

    private string Folder => Path.GetDirectoryName(path)!;

    /// <summary>How many samples another process has written of a file, from how far it has come.</summary>
    internal int DoneByOther()
    {
        try
        {
            var length = new DirectoryInfo(Folder)
                .EnumerateFiles(Path.GetFileName(path) + ".*" + Partial)
                .Max(file => (long?)file.Length) ?? 0;
            var place = Array.BinarySearch(layout.Offsets, length);
            return Math.Max(0, place < 0 ? ~place - 1 : place);
        }
        catch (Exception error) when (CacheDisk.IsFault(error))
        {
            return 0;
        }
    }

    /// <summary>Writes the file. The caller holds its lock.</summary>
    /// <param name="stamps">Lengths and times of the samples' files, from before they are read.</param>
    /// <param name="pool">The workers that decode.</param>
    /// <param name="threads">How many of them at once.</param>
    /// <param name="done">Is told, from several threads, how many samples are written.</param>
    /// <param name="cancellation">Stops the work within a sample's time; nothing is left behind.</param>
    /// <returns>How many samples could not be read and are not in the file.</returns>
    /// <exception cref="DatasetException">The file cannot be written.</exception>
    internal int Write(
        (FileStamp Image, FileStamp Label)[] stamps,
        BatchBufferPool pool,
        int threads,
        Action<int> done,
        CancellationToken cancellation)
    {
        var partial = $"{path}.{Guid.NewGuid():N}{Partial}";
        try
        {
            RemoveLeftOvers();
            RequireFree();
            int absent;
            using (var file = disk.Create(partial, layout.ErrorsAt))
                absent = Fill(file, stamps, pool, threads, done, cancellation);
            File.Move(partial, path, overwrite: true);
            return absent;
        }
        catch (Exception error) when (CacheDisk.IsFault(error))
        {
            throw CannotWrite(error);
        }
        finally
        {
            Remove(partial);
        }
    }

    /// <summary>The error to throw where the folder or a file in it cannot be read or written.</summary>
    internal DatasetException CannotWrite(Exception error) => new(
        DatasetFault.Cache, path,
        string.Create(
            CultureInfo.InvariantCulture,
            $"the cache of decoded samples cannot be read or written: {error.Message.TrimEnd('.')}; it takes ")
        + $"{Space()}; free some space, see to the permissions, or take another folder.",
        error);

    private int Fill(
        SafeFileHandle file,
        (FileStamp Image, FileStamp Label)[] stamps,
        BatchBufferPool pool,
        int threads,
        Action<int> done,
        CancellationToken cancellation)
    {
        var entries = new DiskCacheFormat.Entry[layout.Count];
        var errors = new ConcurrentDictionary<int, DatasetException>();
        var (next, written, absent, sawForeground) = (-1, 0, 0, false);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        ExceptionDispatchInfo? failure = null;
        var workers = new List<Thread>();
        try
        {
            while (workers.Count < Math.Min(threads, layout.Count))
            {
                var worker = new Thread(Work) { IsBackground = true, Name = $"VocSeg cache {workers.Count}" };
                worker.Start();
                workers.Add(worker);
            }
        }
        catch (Exception error)
        {
            // Those that run must end before what they write to does.
            Interlocked.CompareExchange(ref failure, ExceptionDispatchInfo.Capture(error), null);
            stop.Cancel();
        }
        foreach (var worker in workers)
            worker.Join();
        cancellation.ThrowIfCancellationRequested();
        failure?.Throw();
        var (front, back) = DiskCacheFormat.Describe(key, entries, sawForeground, layout, errors);
        disk.Write(file, back, layout.ErrorsAt);
        disk.Write(file, front, 0);
        RandomAccess.FlushToDisk(file);
        return absent;

        void Work()
        {
            SampleWorker? worker = null;
            try
            {
                worker = pool.RentWorker();
                worker.Cancellation = stop.Token;
                for (int index; (index = Interlocked.Increment(ref next)) < layout.Count;)
                {
                    stop.Token.ThrowIfCancellationRequested();
                    entries[index] = Entry(file, index, stamps[index], worker, errors);
                    if (entries[index].State == DiskCacheFormat.State.Absent)
                        Interlocked.Increment(ref absent);
                    if (worker.SawForeground)
                        Volatile.Write(ref sawForeground, true);
                    done(Interlocked.Increment(ref written));
                }
            }
            catch (Exception error)
            {
                Interlocked.CompareExchange(ref failure, ExceptionDispatchInfo.Capture(error), null);
                stop.Cancel();
            }
            finally
            {
                if (worker is not null)
                {
                    worker.Cancellation = default;
                    pool.Return(worker);
                }
            }
        }
    }

    private unsafe DiskCacheFormat.Entry Entry(
        SafeFileHandle file,
        int index,
        (FileStamp Image, FileStamp Label) stamps,
        SampleWorker worker,
        ConcurrentDictionary<int, DatasetException> errors)
    {
        var sample = source.Stored[index];
        var entry = new DiskCacheFormat.Entry
        {
            Offset = layout.Offsets[index],
            Image = stamps.Image,
            Label = stamps.Label,
        };
        try
        {
            var pixels = new ReadOnlySpan<byte>(
                worker.DecodePacked(sample), (int)sample.Size.Pixels * HostWarp.BytesPerPixel);
            entry.Checksum = XxHash3.HashToUInt64(pixels);
            disk.Write(file, pixels, entry.Offset);
        }
        catch (DatasetException error)
        {
            // Permissions, links and memory may be other ones tomorrow without a change of the file.
            var isOfFile = error.Fault is DatasetFault.Damaged or DatasetFault.UnknownValue
                or DatasetFault.LabelFormat or DatasetFault.Size;
            entry.State = isOfFile ? DiskCacheFormat.State.Broken : DiskCacheFormat.State.Absent;
            if (isOfFile)
                errors[index] = error;
        }
        return entry;
    }

    private void RequireFree()
    {
        if (CacheDisk.MostBytes() is { } most && most < layout.ErrorsAt + Margin)
            throw new IOException($"no file of this process may be larger than {most} bytes (ulimit -f)");
        // What is there is out of date, and its space is wanted.
        File.Delete(path);
        if (disk.FreeBytes(Folder) is { } free && free < layout.ErrorsAt + Margin)
        {
            throw new DatasetException(
                DatasetFault.Cache, path,
                $"the cache of decoded samples takes {Space()}; free some space, take a folder on another disk, or "
                + "SampleCache.None.");
        }
    }

    private string Space() => string.Create(
        CultureInfo.InvariantCulture,
        $"{layout.ErrorsAt + Margin} bytes, and {disk.FreeBytes(Folder)?.ToString(CultureInfo.InvariantCulture) ?? "?"}"
        + $" bytes are free in {Folder}");

    /// <summary>Removes what killed processes have left in the folder, and not what others still write.</summary>
    private void RemoveLeftOvers()
    {
        foreach (var left in Directory.EnumerateFiles(Folder, $"*{DiskCacheFormat.Ending}.*{Partial}"))
        {
            var end = left.LastIndexOf(DiskCacheFormat.Ending + ".", StringComparison.Ordinal);
            var owner = left[..(end + DiskCacheFormat.Ending.Length)];
            try
            {
                // Whoever writes a file holds the lock of its name from before it is there until it is renamed.
                using var held = owner == path ? null
                    : FileLock.TryTake(owner + DiskCache.LockEnding, options: FileOptions.DeleteOnClose);
                if (owner != path && held is null)
                    continue;
                using var unused = FileLock.TryTake(left, FileMode.Open);
                if (unused is not null)
                    File.Delete(left);
            }
            catch (Exception error) when (CacheDisk.IsFault(error))
            {
                // Another process removes it at the same time, or it is another user's.
            }
        }
    }

    private static void Remove(string partial)
    {
        try
        {
            File.Delete(partial);
        }
        catch (Exception error) when (CacheDisk.IsFault(error))
        {
            // The next process that writes here removes it.
        }
    }
}
