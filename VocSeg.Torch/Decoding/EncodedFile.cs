using System.Runtime.CompilerServices;
using Microsoft.Win32.SafeHandles;

namespace VocSeg.Torch;

/// <summary>
/// The bytes of one image file at a time, in a buffer that is used again and never moves, so that decoders read it in
/// place. Not thread-safe; one per worker.
/// </summary>
internal sealed class EncodedFile
{
    private const int SmallestBuffer = 256 * 1024;
    private const int MostBytes = 1 << 30;
    private const int BytesAtOnce = 8 << 20;
    private byte[] buffer = [];

    /// <summary>Stops the reading between pieces of 8 MiB, and the decoding of a large image.</summary>
    internal CancellationToken Cancellation { get; set; }

    /// <summary>The file that was read last.</summary>
    internal string Path { get; private set; } = "";

    /// <summary>The length of the file that was read last, in bytes.</summary>
    internal int Length { get; private set; }

    /// <summary>Where the bytes are; valid until the next <see cref="Read(string)"/>.</summary>
    internal unsafe IntPtr Address => (IntPtr)Unsafe.AsPointer(ref buffer[0]);

    /// <summary>The bytes; valid until the next <see cref="Read(string)"/>.</summary>
    internal ReadOnlySpan<byte> Bytes => buffer.AsSpan(0, Length);

    /// <exception cref="DatasetException">
    /// The file cannot be read, is too large or no ordinary file, or changes meanwhile.
    /// </exception>
    /// <exception cref="OperationCanceledException">The reading was stopped.</exception>
    internal void Read(string path)
    {
        using var handle = RegularFile.Open(path, out var length);
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
            throw new DatasetException(
                DatasetFault.TooLarge, path,
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
        catch (Exception error) when (RegularFile.IsFault(error))
        {
            throw RegularFile.Fault(path, error);
        }
        if (Length != length)
        {
            throw new DatasetException(
                path,
                $"the file changed while it was read; it had {length} bytes. Let no other program write to it, and "
                + "start again.");
        }
    }

    private void Grow(int length)
    {
        if (buffer.Length < length)
            buffer = GC.AllocateUninitializedArray<byte>(Math.Max(SmallestBuffer, length + length / 4), pinned: true);
    }
}
