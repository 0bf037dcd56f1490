namespace SkiaSharp;

/// <summary>Memory outside the GC's heap that several objects use and the last of them releases.</summary>
internal sealed unsafe class SharedMemory
{
    private readonly Action<IntPtr>? release;
    private int users = 1;

    public SharedMemory(IntPtr address, long length, Action<IntPtr>? release)
    {
        Address = address;
        Length = length;
        this.release = release;
    }

    public IntPtr Address { get; }

    public long Length { get; }

    public Span<byte> Span => new((void*)Address, checked((int)Length));

    public static SharedMemory? TryAllocate(long length)
    {
        var address = (IntPtr)SkiaCodec.NewMemory((nuint)length);
        return address == IntPtr.Zero ? null : OfCodec(address, length);
    }

    public static SharedMemory Allocate(long length) => TryAllocate(length) ?? throw new OutOfMemoryException();

    public static SharedMemory OfCodec(IntPtr address, long length) =>
        new(address, length, static memory => SkiaCodec.FreeMemory((void*)memory));

    /// <summary>The bytes of a file, or null where it cannot be read.</summary>
    public static SharedMemory? Read(string path)
    {
        SharedMemory? memory = null;
        try
        {
            using var file = File.OpenHandle(path);
            memory = Allocate(RandomAccess.GetLength(file));
            if (Fill(memory, (span, offset) => RandomAccess.Read(file, span, offset))) return memory;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            // A path that cannot be opened has no bytes.
        }
        memory?.Drop();
        return null;
    }

    /// <summary>Exactly <paramref name="length"/> bytes of a stream, or null where it ends before.</summary>
    public static SharedMemory? Read(Stream stream, long length)
    {
        var memory = Allocate(length);
        if (Fill(memory, (span, _) => stream.Read(span))) return memory;
        memory.Drop();
        return null;
    }

    public static SharedMemory Copy(ReadOnlySpan<byte> bytes)
    {
        var memory = Allocate(bytes.Length);
        bytes.CopyTo(memory.Span);
        return memory;
    }

    public SharedMemory Share()
    {
        Interlocked.Increment(ref users);
        return this;
    }

    public void Drop()
    {
        if (Interlocked.Decrement(ref users) == 0) release?.Invoke(Address);
    }

    private delegate int Reader(Span<byte> span, long offset);

    private static bool Fill(SharedMemory memory, Reader read)
    {
        for (long offset = 0; offset < memory.Length;)
        {
            var left = (int)Math.Min(memory.Length - offset, int.MaxValue);
            var count = read(new Span<byte>((byte*)memory.Address + offset, left), offset);
            if (count == 0) return false;
            offset += count;
        }
        return true;
    }
}
