using System.Globalization;

namespace VocSeg.Torch;

/// <summary>The disk that an archive goes to.</summary>
internal class ArchiveDisk
{
    /// <summary>Small files fill whole blocks, and folders take some too.</summary>
    private const long Margin = 32 << 20;

    internal static ArchiveDisk Real { get; } = new();

    /// <summary>The free bytes, or null where the system does not say.</summary>
    internal virtual long? FreeBytes(string folder)
    {
        try
        {
            return new DriveInfo(folder).AvailableFreeSpace;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>Opens a file for writing; unbuffered, so that what was written is what the next call finds.</summary>
    internal virtual Stream OpenWrite(string path, FileMode mode) =>
        new FileStream(path, mode, FileAccess.Write, FileShare.Read, bufferSize: 0);

    /// <exception cref="DatasetException">There is too little.</exception>
    internal void RequireFree(string folder, long bytes)
    {
        if (FreeBytes(folder) is { } free && free < bytes + Margin)
        {
            throw new DatasetException(folder, string.Create(
                CultureInfo.InvariantCulture,
                $"{(bytes + Margin) / 1e6:F0} MB are needed and {free / 1e6:F0} MB are free; free some space or take a folder on another disk. What is downloaded stays, and the next call goes on."));
        }
    }

    internal static DatasetException CannotWrite(string path, Exception error) =>
        new(path, $"cannot be written: {error.Message} Free some space or see to the permissions; the next call goes on from here.", error);
}
