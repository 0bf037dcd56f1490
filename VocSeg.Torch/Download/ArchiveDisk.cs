using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace VocSeg.Torch;

/// <summary>The disk that an archive is written to.</summary>
internal class ArchiveDisk
{
    /// <summary>Space for folders, and for what small files leave unused in their blocks.</summary>
    private const long Margin = 32 << 20;

    internal static ArchiveDisk Real { get; } = new();

    /// <summary>The free bytes, or null where the system does not tell.</summary>
    internal virtual long? FreeBytes(string folder)
    {
        try
        {
            return new DriveInfo(folder).AvailableFreeSpace;
        }
        catch (Exception error) when (IsFault(error) || error is ArgumentException)
        {
            return null;
        }
    }

    /// <summary>Opens a file for writing, without a buffer: a killed process loses none of what it wrote.</summary>
    internal virtual Stream OpenWrite(string path, FileMode mode) =>
        new FileStream(path, mode, FileAccess.Write, FileShare.Read, bufferSize: 0);

    /// <exception cref="DatasetException">Less space is free.</exception>
    internal void RequireFree(string folder, long bytes)
    {
        if (FreeBytes(folder) is { } free && free < bytes + Margin)
        {
            throw new DatasetException(folder, string.Create(
                CultureInfo.InvariantCulture,
                $"{(bytes + Margin) / 1e6:F0} MB are needed and {free / 1e6:F0} MB are free; free some space or choose "
                + $"a folder on another disk. What was downloaded stays, and the next call continues."));
        }
    }

    /// <summary>Whether an error is the file system's: a full disk, no permission, a file in use.</summary>
    internal static bool IsFault(Exception error) => error is IOException or UnauthorizedAccessException;

    internal static DatasetException CannotWrite(string path, Exception error)
    {
        const string Remedy = "Free some space or check the permissions; the next call continues from here.";
        return new(DatasetException.KindOf(error), path, $"cannot be written: {error.Message} {Remedy}", error);
    }

    /// <summary>A note of an earlier call; null where it is not there, cannot be read or is damaged.</summary>
    internal static T? Read<T>(string path, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), type);
        }
        catch (Exception error) when (IsFault(error) || error is JsonException)
        {
            return null;
        }
    }

    /// <summary>Writes a note for later calls; it appears under its name only when it is whole.</summary>
    internal static void Write<T>(string path, T note, JsonTypeInfo<T> type)
    {
        File.WriteAllBytes(path + ".new", JsonSerializer.SerializeToUtf8Bytes(note, type));
        File.Move(path + ".new", path, overwrite: true);
    }

    /// <summary>Writes to the disk.</summary>
    /// <exception cref="DatasetException">The file system refuses it.</exception>
    internal static void Write(string path, Action write)
    {
        try
        {
            write();
        }
        catch (Exception error) when (IsFault(error))
        {
            throw CannotWrite(path, error);
        }
    }

    /// <summary>
    /// Takes a lock that keeps other processes out; disposing the result frees it. The system frees it too when its
    /// holder dies. The file stays: if it were deleted while another process opens it, both would hold a lock.
    /// </summary>
    internal static async Task<IDisposable> LockAsync(
        string path, ArchiveReporter reporter, CancellationToken cancellation)
    {
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            IDisposable? held = null;
            Write(path, () => held = FileLock.TryTake(path));
            if (held is not null)
                return held;
            reporter.Say(VocArchiveStage.Waiting, path, "another process works on this folder");
            await Task.Delay(FileLock.Pause, cancellation);
        }
    }
}

/// <summary>
/// What is written beside an archive's files, as JSON; without reflection, which trimmed programs lack.
/// </summary>
[JsonSerializable(typeof(ArchiveMark))]
[JsonSerializable(typeof(PartialOrigin))]
internal sealed partial class ArchiveNotes : JsonSerializerContext;
