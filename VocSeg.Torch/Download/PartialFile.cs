using System.Security.Cryptography;

namespace VocSeg.Torch;

/// <summary>A download that is not finished: its bytes, their SHA-1 as far as they go, and where they came from.</summary>
internal sealed class PartialFile : IDisposable
{
    private readonly string finished;
    private readonly string path;
    private readonly string originPath;
    private readonly Stream stream;
    private IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);

    private PartialFile(string finished, ArchiveDisk disk)
    {
        this.finished = finished;
        path = finished + ".partial";
        originPath = path + ".origin";
        stream = disk.OpenWrite(path, FileMode.OpenOrCreate);
    }

    /// <summary>Bytes that are there.</summary>
    internal long Length { get; private set; }

    /// <summary>Null where there is nothing to go on from.</summary>
    internal PartialOrigin? Origin { get; private set; }

    internal string Folder => Path.GetDirectoryName(path)!;

    /// <summary>Takes up what an earlier call left; its bytes are read once, for the sum.</summary>
    internal static PartialFile Open(string finished, ArchiveDisk disk, ArchiveReporter reporter, CancellationToken cancellation)
    {
        PartialFile file;
        try
        {
            file = new(finished, disk);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw ArchiveDisk.CannotWrite(finished + ".partial", error);
        }
        try
        {
            file.TakeUp(reporter, cancellation);
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Throws away what is there and begins anew.</summary>
    internal void Restart(PartialOrigin? origin)
    {
        try
        {
            // Old bytes must never stand beside a new origin, so they go first.
            stream.SetLength(0);
            stream.Position = 0;
            hash.Dispose();
            hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
            (Length, Origin) = (0, origin);
            if (origin is null)
                File.Delete(originPath);
            else
                origin.Write(originPath);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw ArchiveDisk.CannotWrite(path, error);
        }
    }

    internal void Append(ReadOnlySpan<byte> bytes)
    {
        try
        {
            stream.Write(bytes);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw ArchiveDisk.CannotWrite(path, error);
        }
        hash.AppendData(bytes);
        Length += bytes.Length;
    }

    internal string Sum() => Convert.ToHexString(hash.GetCurrentHash()).ToLowerInvariant();

    /// <summary>Gives the file its name; its bytes are on the disk before it has it.</summary>
    internal void Finish()
    {
        try
        {
            if (stream is FileStream real)
                real.Flush(flushToDisk: true);
            stream.Dispose();
            File.Move(path, finished, overwrite: true);
            File.Delete(originPath);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw ArchiveDisk.CannotWrite(path, error);
        }
    }

    public void Dispose()
    {
        stream.Dispose();
        hash.Dispose();
    }

    private void TakeUp(ArchiveReporter reporter, CancellationToken cancellation)
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
