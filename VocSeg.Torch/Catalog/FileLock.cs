namespace VocSeg.Torch;

/// <summary>
/// A file that keeps other processes out while it is held. The system frees it when its holder dies.
/// </summary>
internal static class FileLock
{
    /// <summary>How long to wait before the next try.</summary>
    internal static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <returns>The lock, freed when it is disposed; null where another process holds it.</returns>
    /// <exception cref="IOException">The file cannot be opened for another reason.</exception>
    /// <exception cref="UnauthorizedAccessException">There is no permission.</exception>
    internal static FileStream? TryTake(
        string path, FileMode mode = FileMode.OpenOrCreate, FileOptions options = FileOptions.None)
    {
        try
        {
            return TryOpen(path, mode, FileAccess.ReadWrite, options);
        }
        catch (UnauthorizedAccessException) when (!OperatingSystem.IsWindows() && File.Exists(path))
        {
            // Another user's; to wait for it the right to read is enough.
            return TryOpen(path, FileMode.Open, FileAccess.Read, FileOptions.None);
        }
    }

    private static FileStream? TryOpen(string path, FileMode mode, FileAccess access, FileOptions options)
    {
        try
        {
            return new FileStream(path, mode, access, FileShare.None, bufferSize: 0, options);
        }
        catch (IOException error) when (IsHeld(error))
        {
            return null;
        }
    }

    // ERROR_SHARING_VIOLATION and ERROR_LOCK_VIOLATION on Windows, the EWOULDBLOCK of flock on Linux and on macOS. The
    // code decides, because an IOException may also mean that the disk cannot be written.
    private static bool IsHeld(IOException error) => OperatingSystem.IsWindows()
        ? error.HResult is unchecked((int)0x80070020) or unchecked((int)0x80070021)
        : error.HResult == (OperatingSystem.IsLinux() ? 11 : 35);
}
