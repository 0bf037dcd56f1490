using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace VocSeg.Torch;

/// <summary>
/// The bytes of one image file at a time, in a buffer that is used again and never moves, so that decoders read it in
/// place. Only ordinary files are read, and errors name the remedy. Not thread-safe; one per worker.
/// </summary>
internal sealed partial class EncodedFile
{
    private const int SmallestBuffer = 256 * 1024;
    private const int MostBytes = 1 << 30;
    private const int BytesAtOnce = 8 << 20;
    private const string Remedy = "put the file in its place, or take its id out of the list";

    // Error numbers that are the same on Linux and macOS.
    private const int NotPermitted = 1, NoEntry = 2, Interrupted = 4, NoDevice = 6;
    private const int AccessDenied = 13, NotADirectory = 20, SystemTableFull = 23, ProcessTableFull = 24;

    private static readonly int NameTooLong = OperatingSystem.IsLinux() ? 36 : 63;

    // Without O_NONBLOCK the opening of a named pipe waits for a writer, perhaps for ever.
    private static readonly int ReadWithoutWaiting = OperatingSystem.IsLinux()
        ? 0x800 | 0x80000 | 0x100 // O_NONBLOCK, O_CLOEXEC, O_NOCTTY
        : 0x4 | 0x1000000 | 0x20000; // the same on macOS

    private byte[] buffer = [];

    /// <summary>Stops the reading between pieces of 8 MiB, and the decoding of a large image.</summary>
    internal CancellationToken Cancellation { get; set; }

    /// <summary>The file that was read last.</summary>
    internal string Path { get; private set; } = "";

    /// <summary>The sample that it belongs to, for errors; null where none is known.</summary>
    internal string? SampleId { get; private set; }

    /// <summary>The length of the file that was read last, in bytes.</summary>
    internal int Length { get; private set; }

    /// <summary>Where the bytes are; valid until the next <see cref="Read(string, string)"/>.</summary>
    internal unsafe IntPtr Address => (IntPtr)Unsafe.AsPointer(ref buffer[0]);

    /// <summary>The bytes; valid until the next <see cref="Read(string, string)"/>.</summary>
    internal ReadOnlySpan<byte> Bytes => buffer.AsSpan(0, Length);

    /// <exception cref="DatasetException">
    /// The file cannot be read, is too large or no ordinary file, or changes meanwhile.
    /// </exception>
    /// <exception cref="OperationCanceledException">The reading was stopped.</exception>
    internal void Read(string path, string? sampleId = null)
    {
        SampleId = sampleId;
        using var handle = Open(path, out var length, sampleId);
        Read(path, handle, length);
    }

    /// <param name="path">The file.</param>
    /// <param name="handle">The open file.</param>
    /// <param name="length">The length that it had when it was opened.</param>
    internal void Read(string path, SafeFileHandle handle, long length)
    {
        Path = path;
        Length = 0;
        if (length > MostBytes)
        {
            throw Error(
                DatasetFault.TooLarge,
                $"the file has {length} bytes, more than the {MostBytes} of an image file; put a smaller one in its "
                + "place.");
        }
        try
        {
            Grow((int)length + 1);
            // One byte more is asked for, to notice a file that grows.
            int wanted, read;
            do
            {
                Cancellation.ThrowIfCancellationRequested();
                wanted = Math.Min((int)length + 1 - Length, BytesAtOnce);
                read = RandomAccess.Read(handle, buffer.AsSpan(Length, wanted), Length);
                Length += read;
            }
            while (read > 0);
        }
        catch (Exception error) when (DatasetException.IsOfFile(error))
        {
            throw Fault(path, error, SampleId);
        }
        if (Length != length)
        {
            throw Error(
                DatasetFault.Other,
                $"the file changed while it was read; it had {length} bytes. Let no other program write to it, and "
                + "start again.");
        }
    }

    /// <summary>An error about the file that was read last.</summary>
    internal DatasetException Error(DatasetFault fault, string message, Exception? cause = null) =>
        new(fault, Path, message, cause, SampleId);

    /// <summary>Opens an ordinary file for reading, without waiting.</summary>
    /// <param name="path">The file.</param>
    /// <param name="length">Its length in bytes, at least 1.</param>
    /// <param name="sampleId">The sample that it belongs to, for errors.</param>
    /// <exception cref="DatasetException">
    /// There is no such file, or it cannot be read, or it is empty or no ordinary file.
    /// </exception>
    internal static SafeFileHandle Open(string path, out long length, string? sampleId = null)
    {
        if (path.Contains('\0'))
        {
            throw new DatasetException(
                DatasetFault.NotFound, path.Replace("\0", "\\0"),
                "the path holds a NUL character; correct it, or the id in the list.", sampleId: sampleId);
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
                    "the file is empty, or no ordinary file; put the whole file in its place.", sampleId: sampleId);
            }
            catch
            {
                handle.Dispose();
                throw;
            }
        }
        catch (Exception error) when (DatasetException.IsOfFile(error))
        {
            throw Fault(path, error, sampleId);
        }
    }

    /// <summary>The error to throw where a file cannot be opened or read.</summary>
    internal static DatasetException Fault(string path, Exception error, string? sampleId = null)
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
        return new(isNoFile ? DatasetFault.NotFound : DatasetException.KindOf(error), path, cause, error, sampleId);
    }

    private void Grow(int length)
    {
        if (buffer.Length < length)
            buffer = GC.AllocateUninitializedArray<byte>(Math.Max(SmallestBuffer, length + length / 4), pinned: true);
    }

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
        catch (Exception error) when (DatasetException.IsOfFile(error))
        {
            return null;
        }
    }

    // Its third argument, the permissions, counts only where a file is made.
    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenFile(string path, int flags);
}
