namespace VocSeg.Torch;

/// <summary>
/// The bytes of one image file at a time, in a buffer that is used again and never moves, so that a decoder can read it in place.
/// One a worker; not for use by two threads.
/// </summary>
internal sealed class EncodedFile
{
    private byte[] buffer = GC.AllocateUninitializedArray<byte>(256 * 1024, pinned: true);

    /// <summary>The file that was read last.</summary>
    internal string Path { get; private set; } = "";

    /// <summary>The length of the file that was read last, in bytes.</summary>
    internal int Length { get; private set; }

    /// <summary>Where the bytes are; valid until the next <see cref="Read"/>.</summary>
    internal unsafe IntPtr Address => (IntPtr)System.Runtime.CompilerServices.Unsafe.AsPointer(ref buffer[0]);

    /// <summary>The bytes; valid until the next <see cref="Read"/>.</summary>
    internal ReadOnlySpan<byte> Bytes => buffer.AsSpan(0, Length);

    internal void Read(string path)
    {
        Path = path;
        Length = 0;
        try
        {
            using var handle = File.OpenHandle(path, options: FileOptions.SequentialScan);
            var length = RandomAccess.GetLength(handle);
            if (length > int.MaxValue / 2)
                throw new DatasetException(path, $"{length} bytes is too large for an image file.");
            if (length > buffer.Length)
                buffer = GC.AllocateUninitializedArray<byte>((int)length * 2, pinned: true);
            while (Length < length)
            {
                var read = RandomAccess.Read(handle, buffer.AsSpan(Length, (int)length - Length), Length);
                if (read == 0)
                    break;
                Length += read;
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DatasetException(path, $"cannot be read: {error.Message} Put the file in its place, or take its id out of the list.", error);
        }
        if (Length == 0)
            throw new DatasetException(path, "the file is empty; put the whole file in its place.");
    }
}
