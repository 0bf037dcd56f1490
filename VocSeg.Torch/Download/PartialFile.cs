using System.Net.Http.Headers;
using System.Security.Cryptography;

namespace VocSeg.Torch;

/// <summary>An unfinished download: its bytes, their SHA-1 so far, and their origin.</summary>
internal sealed class PartialFile : IDisposable
{
    private readonly string finished;
    private readonly string path;
    private readonly string originPath;
    private readonly Stream stream;
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);

    private PartialFile(string finished, ArchiveDisk disk)
    {
        this.finished = finished;
        path = finished + ".partial";
        originPath = path + ".origin";
        try
        {
            stream = disk.OpenWrite(path, FileMode.OpenOrCreate);
        }
        catch (Exception error) when (ArchiveDisk.IsFault(error))
        {
            throw ArchiveDisk.CannotWrite(path, error);
        }
    }

    /// <summary>Bytes that are there.</summary>
    internal long Length { get; private set; }

    /// <summary>Null where there is nothing to continue from.</summary>
    internal PartialOrigin? Origin { get; private set; }

    internal string Folder => Path.GetDirectoryName(path)!;

    /// <summary>Continues what an earlier call left; its bytes are read once, for the checksum.</summary>
    internal static PartialFile Open(
        string finished, ArchiveDisk disk, ArchiveReporter reporter, CancellationToken cancellation)
    {
        var file = new PartialFile(finished, disk);
        try
        {
            file.ReadEarlierBytes(reporter, cancellation);
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Discards the bytes that are there and begins again.</summary>
    internal void Restart(PartialOrigin? origin) => ArchiveDisk.Write(path, () =>
    {
        // The bytes go first, since old bytes beside a new origin would be taken for the new file's.
        stream.SetLength(0);
        stream.Position = 0;
        hash.GetHashAndReset();
        (Length, Origin) = (0, origin);
        if (origin is null)
            File.Delete(originPath);
        else
            origin.Write(originPath);
    });

    internal void Append(ReadOnlyMemory<byte> bytes)
    {
        ArchiveDisk.Write(path, () => stream.Write(bytes.Span));
        hash.AppendData(bytes.Span);
        Length += bytes.Length;
    }

    internal string Checksum() => Convert.ToHexString(hash.GetCurrentHash()).ToLowerInvariant();

    /// <summary>Writes all bytes through to the disk, then gives the file its final name.</summary>
    internal void Finish() => ArchiveDisk.Write(path, () =>
    {
        if (stream is FileStream real)
            real.Flush(flushToDisk: true);
        stream.Dispose();
        File.Move(path, finished, overwrite: true);
        File.Delete(originPath);
    });

    public void Dispose()
    {
        stream.Dispose();
        hash.Dispose();
    }

    private void ReadEarlierBytes(ArchiveReporter reporter, CancellationToken cancellation)
    {
        var there = stream.Length;
        var origin = there == 0 ? null : PartialOrigin.Read(originPath);
        if (origin is null || there > origin.Total)
        {
            Restart(null);
            return;
        }
        using var reading = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
        var buffer = new byte[1 << 20];
        reporter.Begin(VocArchiveStage.Checking, path, 0, there);
        for (int read; (read = reading.Read(buffer)) > 0; reporter.Advance(Length, there))
        {
            cancellation.ThrowIfCancellationRequested();
            hash.AppendData(buffer, 0, read);
            Length += read;
        }
        Origin = origin;
        stream.Position = Length;
    }
}

/// <summary>The origin of a partial download, so that a later call requests the rest of the same file.</summary>
/// <param name="Source">The address.</param>
/// <param name="Total">The length of the whole file, where the server told it.</param>
/// <param name="ETag">The server's tag of this version; null for none, or for one that is weak.</param>
/// <param name="Modified">When the server's file was last changed.</param>
internal sealed record PartialOrigin(string Source, long? Total, string? ETag, DateTimeOffset? Modified)
{
    internal static PartialOrigin Of(Uri source, HttpResponseMessage response) => new(
        source.AbsoluteUri,
        response.Content.Headers.ContentRange?.Length ?? response.Content.Headers.ContentLength,
        response.Headers.ETag is { IsWeak: false } tag ? tag.Tag : null,
        response.Content.Headers.LastModified);

    /// <summary>The value of If-Range; null where the server gave neither a tag nor a time.</summary>
    internal RangeConditionHeaderValue? Condition =>
        EntityTagHeaderValue.TryParse(ETag, out var tag) ? new(tag) : Modified is { } time ? new(time) : null;

    internal static PartialOrigin? Read(string path) =>
        ArchiveDisk.Read(path, ArchiveNotes.Default.PartialOrigin) is { Source: not null } origin ? origin : null;

    internal void Write(string path) => ArchiveDisk.Write(path, this, ArchiveNotes.Default.PartialOrigin);
}
