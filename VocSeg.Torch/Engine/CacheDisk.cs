using Microsoft.Win32.SafeHandles;

namespace VocSeg.Torch;

/// <summary>The disk that decoded samples are written to.</summary>
internal class CacheDisk
{
    internal static CacheDisk Real { get; } = new();

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

    /// <summary>Makes a file and takes the space for all of it, so that no other program takes it meanwhile.</summary>
    internal virtual SafeFileHandle Create(string path, long bytes) => File.OpenHandle(
        path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, FileOptions.None, preallocationSize: bytes);

    // Not written through a mapping: a disk that is full would end the process there.
    internal virtual void Write(SafeFileHandle file, ReadOnlySpan<byte> bytes, long at) =>
        RandomAccess.Write(file, bytes, at);

    /// <summary>Whether an error is the file system's: a full disk, no permission, a file in use.</summary>
    internal static bool IsFault(Exception error) => error is IOException or UnauthorizedAccessException;
}
