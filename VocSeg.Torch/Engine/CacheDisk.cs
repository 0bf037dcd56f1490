using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace VocSeg.Torch;

/// <summary>The disk that decoded samples are written to.</summary>
internal partial class CacheDisk
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

    /// <summary>The longest file that this process may write, or null where nothing limits it.</summary>
    internal static long? MostBytes()
    {
        // Above this limit the system does not refuse the write: it ends the process.
        const int FileSize = 1;
        if (!OperatingSystem.IsLinux() && !OperatingSystem.IsMacOS())
            return null;
        return LimitOf(FileSize, out var limit) == 0 && limit.Now < long.MaxValue ? (long)limit.Now : null;
    }

    /// <summary>Makes a file and takes the space for all of it, so that no other program takes it meanwhile.</summary>
    internal virtual SafeFileHandle Create(string path, long bytes) => File.OpenHandle(
        path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, FileOptions.None, preallocationSize: bytes);

    // Not written through a mapping: a disk that is full would end the process there.
    internal virtual void Write(SafeFileHandle file, ReadOnlySpan<byte> bytes, long at) =>
        RandomAccess.Write(file, bytes, at);

    /// <summary>Whether an error is the file system's: a full disk, no permission, a file in use.</summary>
    internal static bool IsFault(Exception error) => error is IOException or UnauthorizedAccessException;

    [LibraryImport("libc", EntryPoint = "getrlimit")]
    private static partial int LimitOf(int resource, out Limit limit);

    [StructLayout(LayoutKind.Sequential)]
    private struct Limit
    {
        internal ulong Now;
        internal ulong Most;
    }
}
