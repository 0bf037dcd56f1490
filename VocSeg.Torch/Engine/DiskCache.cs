using System.Diagnostics;
using System.Globalization;
using System.IO.Hashing;

namespace VocSeg.Torch;

/// <summary>
/// Decoded samples in a file that all processes of the machine share. The first loop over it opens the file, or has it
/// written by one process while the others wait.
/// </summary>
internal sealed unsafe class DiskCache : PackedSamples
{
    internal const string LockEnding = ".lock";

    private readonly SampleSource source;
    private readonly VocSegDataLoaderOptions options;
    private readonly BatchBufferPool pool;
    private readonly DiskCacheKey key;
    private readonly string path;
    private readonly bool[] verified;
    private readonly SemaphoreSlim gate = new(1);

    // Never disposed: it has neither timer nor wait handle, and a loop may ask for it at any time.
    private readonly CancellationTokenSource ending = new();

    private DiskCacheFile? file;

    /// <param name="list">What the samples are of, such as train.</param>
    /// <param name="source">The samples.</param>
    /// <param name="options">The folder, how many workers, and who is told.</param>
    /// <param name="pool">The workers that decode.</param>
    internal DiskCache(string list, SampleSource source, VocSegDataLoaderOptions options, BatchBufferPool pool)
    {
        this.source = source;
        this.options = options;
        this.pool = pool;
        key = new(list, source.Stored, source.Options);
        path = Path.Combine(options.Cache.Folder!, key.FileName);
        verified = new bool[source.Stored.Count];
    }

    /// <summary>The page cache is the system's, which takes it back when memory is short.</summary>
    internal override long Bytes => 0;

    /// <summary>Whether any label of the samples shows a class other than 0.</summary>
    internal bool SawForeground => file is { SawForeground: true };

    /// <summary>Opens the file; where it is not there as it should be, writes it first or waits for who does.</summary>
    /// <exception cref="DatasetException">It can be neither read nor written.</exception>
    /// <exception cref="OperationCanceledException">The waiting or the writing was stopped.</exception>
    /// <exception cref="ObjectDisposedException">The loader was disposed meanwhile.</exception>
    internal void Open(CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation, ending.Token);
        try
        {
            gate.Wait(stop.Token);
            try
            {
                stop.Token.ThrowIfCancellationRequested();
                file ??= OpenOrWrite(stop.Token);
            }
            finally
            {
                gate.Release();
            }
        }
        catch (OperationCanceledException)
        {
            cancellation.ThrowIfCancellationRequested();
            BatchSource.ThrowIfEnded(ending.IsCancellationRequested);
            throw;
        }
    }

    internal override byte* GetOrDecode(int index, SampleWorker worker)
    {
        var opened = file!;
        var pixels = opened.PixelsOf(index);
        ref var entry = ref opened.Entries[index];
        worker.Meter.LookedUp(isHit: entry.State != DiskCacheFormat.State.Absent);
        if (Volatile.Read(ref verified[index]))
            return pixels;
        var sample = source.Stored[index];
        switch (entry.State)
        {
            case DiskCacheFormat.State.Absent:
                return null;
            case DiskCacheFormat.State.Broken:
                throw new DatasetException(opened.ErrorOf(index)) { SampleId = sample.Id };
        }
        var from = Stopwatch.GetTimestamp();
        var checksum = XxHash3.HashToUInt64(
            new ReadOnlySpan<byte>(pixels, (int)sample.Size.Pixels * HostWarp.BytesPerPixel));
        worker.Meter.HasRead(sample.Size.Pixels * HostWarp.BytesPerPixel, from);
        if (checksum != entry.Checksum)
        {
            throw new DatasetException(
                DatasetFault.Cache, path,
                $"the pixels of '{sample.Id}' have changed on the disk: their checksum is another one. Delete this "
                + "file, and the next run writes it anew; if that happens again, look at the disk.",
                sampleId: sample.Id);
        }
        Volatile.Write(ref verified[index], true);
        return pixels;
    }

    /// <summary>Ends the writing, if it runs, and frees the file. No worker reads from it any more.</summary>
    public override void Dispose()
    {
        ending.Cancel();
        gate.Wait(CancellationToken.None);
        file?.Dispose();
        gate.Release();
    }

    private DiskCacheFile OpenOrWrite(CancellationToken cancellation)
    {
        var stamps = Stamps();
        var writer = new DiskCacheWriter(path, key, source, options.Cache.Access);
        try
        {
            if (DiskCacheFile.Open(path, key, source.Stored, stamps, out _) is { } there)
                return there;
            Directory.CreateDirectory(options.Cache.Folder!);
            using var held = Lock(writer, cancellation);
            if (held is null)
            {
                return DiskCacheFile.Open(path, key, source.Stored, Stamps(), out var fault)
                    ?? throw new UnauthorizedAccessException($"it may not be written, and {fault}");
            }
            // Who held the lock before may have written it, and samples may have changed in that time.
            stamps = Stamps();
            if (DiskCacheFile.Open(path, key, source.Stored, stamps, out var reason) is { } meanwhile)
                return meanwhile;
            Write(writer, stamps, reason, cancellation);
            return DiskCacheFile.Open(path, key, source.Stored, stamps, out reason)
                ?? throw new IOException($"it was written, and then {reason}");
        }
        catch (Exception error) when (CacheDisk.IsFault(error))
        {
            throw writer.CannotWrite(error);
        }
    }

    /// <returns>The lock; null where it may not be made. Another user's process may have written the file.</returns>
    private FileStream? Lock(DiskCacheWriter writer, CancellationToken cancellation)
    {
        for (; ; )
        {
            try
            {
                if (FileLock.TryTake(path + LockEnding, options: FileOptions.DeleteOnClose) is { } held)
                    return held;
            }
            catch (UnauthorizedAccessException) when (File.Exists(path))
            {
                return null;
            }
            options.CacheProgress?.Report(new(path, IsWaiting: true, writer.DoneByOther(), source.Stored.Count));
            if (cancellation.WaitHandle.WaitOne(FileLock.Pause))
                cancellation.ThrowIfCancellationRequested();
        }
    }

    private void Write(
        DiskCacheWriter writer,
        (FileStamp Image, FileStamp Label)[] stamps,
        string reason,
        CancellationToken cancellation)
    {
        var count = stamps.Length;
        options.Inform(string.Create(
            CultureInfo.InvariantCulture,
            $"{path}: {count} samples are decoded into this file, once for all runs ({reason})."));
        var absent = writer.Write(
            stamps,
            pool,
            options.Workers,
            done => options.CacheProgress?.Report(new(path, IsWaiting: false, done, count)),
            cancellation);
        if (absent > 0)
        {
            options.Warn(
                $"{path}: {absent} of {count} samples could not be read and are not in this file; they are decoded in "
                + "every epoch. When they can be read, delete the file.");
        }
    }

    private (FileStamp Image, FileStamp Label)[] Stamps()
    {
        // Some microseconds each, since the catalog has just opened them: further threads cost more than they save.
        var stamps = new (FileStamp Image, FileStamp Label)[source.Stored.Count];
        for (var index = 0; index < stamps.Length; index++)
        {
            var sample = source.Stored[index];
            stamps[index] = (DiskCacheKey.StampOf(sample.ImagePath), DiskCacheKey.StampOf(sample.LabelPath));
        }
        return stamps;
    }
}
