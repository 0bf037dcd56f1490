namespace VocSeg.Torch;

/// <summary>
/// Keeps a second process out. The system lets go of the lock when its holder dies, however it dies; the file itself stays, for
/// one that was deleted while another process opened it would lock nothing.
/// </summary>
internal static class ArchiveLock
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    internal static async Task<IDisposable> AcquireAsync(string path, ArchiveReporter reporter, CancellationToken cancellation)
    {
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException error) when (IsHeld(error))
            {
                reporter.Say(VocArchiveStage.Waiting, path, "another process works on this folder");
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                throw ArchiveDisk.CannotWrite(path, error);
            }
            await Task.Delay(Pause, cancellation);
        }
    }

    // The sharing and lock violations of Windows; elsewhere EWOULDBLOCK, as flock gives it on Linux and on macOS. A disk that cannot be written looks much the same.
    private static bool IsHeld(IOException error) => OperatingSystem.IsWindows()
        ? error.HResult is unchecked((int)0x80070020) or unchecked((int)0x80070021)
        : error.HResult == (OperatingSystem.IsLinux() ? 11 : 35);
}
