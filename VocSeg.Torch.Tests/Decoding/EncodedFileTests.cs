using System.Diagnostics;
using System.Net.Sockets;
using Microsoft.Win32.SafeHandles;

namespace VocSeg.Torch.Tests.Decoding;

/// <summary>
/// Files that are no files, cannot be read or change: an error that names file, cause and remedy, and never a wait.
/// </summary>
public sealed class EncodedFileTests : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly EncodedFile file = new();

    private string Path => folder["image.jpg"];

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(5000)]
    [InlineData(3_000_000)]
    public void A_file_is_read_whole(int length)
    {
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        File.WriteAllBytes(Path, bytes);
        file.Read(Path);
        Assert.Equal((Path, length), (file.Path, file.Length));
        Assert.True(file.Bytes.SequenceEqual(bytes));
    }

    [Fact]
    public void A_link_to_a_file_is_read()
    {
        File.WriteAllBytes(folder["real"], [1, 2, 3]);
        File.CreateSymbolicLink(Path, folder["real"]);
        file.Read(Path);
        Assert.Equal([1, 2, 3], file.Bytes.ToArray());
    }

    [Fact]
    public void A_missing_file_is_said() => AssertRefused("there is no such file; put the file in its place");

    [Fact]
    public void An_empty_file_is_said()
    {
        File.WriteAllBytes(Path, []);
        AssertRefused("the file is empty");
    }

    [Fact]
    public void A_folder_is_said()
    {
        Directory.CreateDirectory(Path);
        AssertRefused("it is a folder");
    }

    [Fact]
    public void A_file_where_a_folder_should_be_is_said()
    {
        File.WriteAllBytes(folder["folder"], [1]);
        AssertRefused("no such file", folder["folder", "image.jpg"]);
    }

    [Fact]
    public void A_link_to_nowhere_is_said_with_its_target()
    {
        File.CreateSymbolicLink(Path, "../gone/image.jpg");
        AssertRefused("it is a link to nowhere: -> ../gone/image.jpg");
    }

    [Fact]
    public void Links_in_a_circle_are_said()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs links as on Unix");
        File.CreateSymbolicLink(Path, folder["other"]);
        File.CreateSymbolicLink(folder["other"], Path);
        AssertRefused("symbolic links");
    }

    [Theory]
    [InlineData("a\0b", "NUL")]
    [InlineData("a\nb\u0007", "U+000A")]
    [InlineData("\u007f", "U+007F")]
    public void A_name_with_control_characters_is_said(string name, string expected)
    {
        var error = Assert.Throws<DatasetException>(() => file.Read(folder.Path + "/" + name));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, 300)]
    [InlineData(600, 10)]
    public void A_path_that_is_too_long_is_said(int names, int length)
    {
        var path = folder.Path + string.Concat(Enumerable.Repeat("/" + new string('n', length), names));
        AssertRefused("put the file in its place", path);
    }

    [Fact]
    public void An_empty_path_is_said()
    {
        var error = Assert.Throws<DatasetException>(() => file.Read(""));
        Assert.Contains("put the file in its place", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pipe_nobody_writes_to_is_refused_at_once()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs named pipes in the file system");
        using (var made = Process.Start("mkfifo", [Path])!)
            made.WaitForExit();
        var clock = Stopwatch.StartNew();
        AssertRefused("it is a pipe, a socket or a terminal");
        Assert.InRange(clock.ElapsedMilliseconds, 0, 2000);
    }

    [Fact]
    public void A_socket_is_refused()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs sockets in the file system");
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(Path));
        AssertRefused(OperatingSystem.IsLinux() ? "it is a pipe, a socket or a terminal" : "put the file in its place");
    }

    [Theory]
    [InlineData("/dev/null")]
    [InlineData("/dev/zero")]
    [InlineData("/dev/random")]
    public void A_device_is_refused(string device)
    {
        Assert.SkipUnless(File.Exists(device), $"{device} is not there");
        AssertRefused("put the", device);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_file_without_permission_is_said(bool isFolder)
    {
        File.WriteAllBytes(Path, [1]);
        OrdinaryUser.Open(folder.Path);
        OrdinaryUser.RunWithout(
            isFolder ? folder.Path : Path,
            () => AssertRefused("no permission to read it; give this user the right"));
        file.Read(Path);
    }

    [Fact]
    public void More_than_a_gibibyte_is_refused_before_memory_is_taken()
    {
        using (var made = new FileStream(Path, FileMode.CreateNew))
            made.SetLength((1L << 30) + 1);
        var before = GC.GetTotalAllocatedBytes();
        AssertRefused("1073741825 bytes, more than the 1073741824");
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 1 << 20);
    }

    [Theory]
    [InlineData(99)]
    [InlineData(0)]
    [InlineData(101)]
    public void A_file_that_changes_its_length_while_it_is_read_is_refused(int length)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "an open file cannot be changed here");
        File.WriteAllBytes(Path, new byte[100]);
        using var handle = OpenThen(() =>
        {
            using var other = new FileStream(Path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
            other.SetLength(length);
        });
        var error = Assert.Throws<DatasetException>(() => file.Read(Path, handle, 100));
        Assert.Contains("changed while it was read; it had 100 bytes", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_deleted_while_it_is_read_is_read_to_its_end()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "an open file cannot be deleted here");
        File.WriteAllBytes(Path, new byte[100]);
        using var handle = OpenThen(() => File.Delete(Path));
        file.Read(Path, handle, 100);
        Assert.Equal(100, file.Length);
    }

    [Fact]
    public void A_failure_leaves_no_file_open()
    {
        Assert.SkipUnless(Directory.Exists("/proc/self/fd"), "needs /proc");
        File.WriteAllBytes(Path, []);
        Directory.CreateDirectory(folder["folder"]);
        AssertRefused("empty");
        var before = Directory.GetFiles("/proc/self/fd").Length;
        for (var i = 0; i < 200; i++)
        {
            Assert.Throws<DatasetException>(() => file.Read(Path));
            Assert.Throws<DatasetException>(() => file.Read(folder["folder"]));
        }
        Assert.InRange(Directory.GetFiles("/proc/self/fd").Length, 0, before + 100);
    }

    private SafeFileHandle OpenThen(Action change)
    {
        var handle = EncodedFile.Open(Path, out var length);
        Assert.Equal(100, length);
        change();
        return handle;
    }

    private void AssertRefused(string cause, string? path = null)
    {
        var error = Assert.Throws<DatasetException>(() => file.Read(path ?? Path));
        Assert.Equal(path ?? Path, error.Path);
        Assert.StartsWith(error.Path, error.Message, StringComparison.Ordinal);
        Assert.Contains(cause, error.Message, StringComparison.Ordinal);
    }
}
