namespace VocSeg.Torch.Tests.Catalog;

public sealed class FileLockTests
{
    [Fact]
    public void Another_users_lock_is_waited_for()
    {
        using var folder = new TempFolder();
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(folder.Path, (UnixFileMode)Convert.ToInt32("755", 8));
        var path = folder["file.lock"];
        using (var held = FileLock.TryTake(path))
        {
            Assert.NotNull(held);
            OrdinaryUser.Run(() => Assert.Null(FileLock.TryTake(path)));
        }
        OrdinaryUser.Run(() =>
        {
            using var free = FileLock.TryTake(path);
            Assert.NotNull(free);
        });
    }
}
