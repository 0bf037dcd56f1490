using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace VocSeg.Torch;

/// <summary>
/// Opens files of a data set for reading: ordinary files only, without waiting, and with errors that name the remedy.
/// </summary>
internal static partial class RegularFile
{
    private const string Remedy = "put the file in its place, or take its id out of the list";

    // Error numbers that are the same on Linux and macOS.
    private const int NotPermitted = 1, NoEntry = 2, Interrupted = 4, NoDevice = 6;
    private const int AccessDenied = 13, NotADirectory = 20, SystemTableFull = 23, ProcessTableFull = 24;

    private static readonly int NameTooLong = OperatingSystem.IsLinux() ? 36 : 63;

    // Without O_NONBLOCK the opening of a named pipe waits for a writer, perhaps for ever.
    private static readonly int ReadWithoutWaiting = OperatingSystem.IsLinux()
        ? 0x800 | 0x80000 | 0x100 // O_NONBLOCK, O_CLOEXEC, O_NOCTTY
        : 0x4 | 0x1000000 | 0x20000; // the same on macOS

    /// <param name="path">The file.</param>
    /// <param name="length">Its length in bytes, at least 1.</param>
    /// <exception cref="DatasetException">
    /// There is no such file, or it cannot be read, or it is empty or no ordinary file.
    /// </exception>
    internal static SafeFileHandle Open(string path, out long length)
    {
        if (path.Contains('\0'))
        {
            throw new DatasetException(
                DatasetFault.NotFound, path.Replace("\0", "\\0"),
                "the path holds a NUL character; correct it, or the id in the list.");
        }
        try
        {
            var isUnix = OperatingSystem.IsLinux() || OperatingSystem.IsMacOS();
            var handle = isUnix ? OpenUnix(path) : File.OpenHandle(path);
            try
            {
                length = RandomAccess.GetLength(handle);
                return length > 0 ? handle : throw new DatasetException(
                    DatasetFault.Damaged, path,
                    "the file is empty, or no ordinary file; put the whole file in its place.");
            }
            catch
            {
                handle.Dispose();
                throw;
            }
        }
        catch (Exception error) when (IsFault(error))
        {
            throw Fault(path, error);
        }
    }

    /// <summary>Whether an exception is one of those that opening and reading a file throw.</summary>
    internal static bool IsFault(Exception error) =>
        error is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException
            or OutOfMemoryException;

    /// <summary>The error to throw where a file cannot be opened or read.</summary>
    internal static DatasetException Fault(string path, Exception error)
    {
        var cause = Directory.Exists(path) ? $"it is a folder and no file; {Remedy}."
            : error switch
            {
                FileNotFoundException or DirectoryNotFoundException when LinkTarget(path) is { } target =>
                    $"it is a link to nowhere: -> {target}; mend the link, or take its id out of the list.",
                FileNotFoundException or DirectoryNotFoundException => $"there is no such file; {Remedy}.",
                UnauthorizedAccessException =>
                    "no permission to read it; give this user the right to read the file and to enter its folders.",
                NotSupportedException => $"it is a pipe, a socket or a terminal, and no file; {Remedy}.",
                _ => $"cannot be read: {error.Message.TrimEnd('.')}; {Remedy}.",
            };
        if (path.FirstOrDefault(char.IsControl) is not '\0' and var control)
            cause += $" Its path holds the control character U+{(int)control:X4}.";
        var isNoFile = Directory.Exists(path)
            || LinkTarget(path) is not null && error is not UnauthorizedAccessException;
        return new(isNoFile ? DatasetFault.NotFound : KindOf(error), path, cause, error);
    }

    /// <summary>The kind of fault that an error in opening, reading or writing a file is.</summary>
    internal static DatasetFault KindOf(Exception error) => error switch
    {
        UnauthorizedAccessException => DatasetFault.AccessDenied,
        FileNotFoundException or DirectoryNotFoundException or PathTooLongException or ArgumentException =>
            DatasetFault.NotFound,
        NotSupportedException => DatasetFault.Damaged,
        OutOfMemoryException => DatasetFault.TooLarge,
        _ => DatasetFault.Other,
    };

    private static SafeFileHandle OpenUnix(string path)
    {
        int descriptor, number = 0;
        do
            descriptor = OpenFile(path, ReadWithoutWaiting);
        while (descriptor < 0 && (number = Marshal.GetLastPInvokeError()) == Interrupted);
        if (descriptor >= 0)
            return new(descriptor, ownsHandle: true);
        var text = Marshal.GetPInvokeErrorMessage(number);
        throw number switch
        {
            NoEntry => new FileNotFoundException(text, path),
            NotADirectory => new DirectoryNotFoundException(text),
            NotPermitted or AccessDenied => new UnauthorizedAccessException(text),
            NoDevice => new NotSupportedException(text),
            _ when number == NameTooLong => new PathTooLongException(text),
            SystemTableFull or ProcessTableFull =>
                new IOException($"{text}: raise the limit (ulimit -n), or take fewer workers"),
            _ => new IOException(text),
        };
    }

    private static string? LinkTarget(string path)
    {
        try
        {
            return new FileInfo(path).LinkTarget;
        }
        catch (Exception error) when (IsFault(error))
        {
            return null;
        }
    }

    // Its third argument, the permissions, counts only where a file is made.
    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenFile(string path, int flags);
}
