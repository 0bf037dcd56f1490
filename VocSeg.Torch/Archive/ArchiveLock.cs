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
            catch (UnauthorizedAccessException error)
            {
                throw ArchiveDisk.CannotWrite(path, error);
            }
            catch (IOException error) when (error is DirectoryNotFoundException or PathTooLongException || !File.Exists(path))
            {
                throw ArchiveDisk.CannotWrite(path, error);
            }
            catch (IOException)
            {
                reporter.Say(VocArchiveStage.Waiting, path, "another process works on this folder");
            }
            await Task.Delay(Pause, cancellation);
        }
    }
}
