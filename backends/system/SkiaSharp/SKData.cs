namespace SkiaSharp;

public unsafe class SKData : SKObject
{
    private static readonly SKData NoBytes = new(new SharedMemory(IntPtr.Zero, 0, null)) { IgnorePublicDispose = true };

    private readonly SharedMemory memory;

    internal SKData(SharedMemory memory) => this.memory = memory;

    public static SKData Empty => NoBytes;

    public bool IsEmpty => Size == 0;

    public long Size => Memory.Length;

    public IntPtr Data => Memory.Address;

    public Span<byte> Span => Memory.Span;

    internal SharedMemory Memory
    {
        get
        {
            ThrowIfDisposed();
            return memory;
        }
    }

    public static SKData Create(int size) => Create((long)size);

    public static SKData Create(long size) => new(SharedMemory.Allocate(size));

    public static SKData Create(ulong size) => Create((long)size);

    public static SKData? Create(string filename)
    {
        if (string.IsNullOrEmpty(filename)) throw new ArgumentException("The filename cannot be empty.", nameof(filename));
        var memory = SharedMemory.Read(filename);
        if (memory is null || memory.Length > 0) return memory is null ? null : new SKData(memory);
        memory.Drop();
        return null;
    }

    public static SKData? Create(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        if (stream.CanSeek) return Create(stream, stream.Length - stream.Position);
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return CreateCopy(copy.GetBuffer().AsSpan(0, (int)copy.Length));
    }

    public static SKData? Create(Stream stream, int length) => Create(stream, (long)length);

    public static SKData? Create(Stream stream, ulong length) => Create(stream, (long)length);

    public static SKData? Create(Stream stream, long length)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return SharedMemory.Read(stream, length) is { } memory ? new SKData(memory) : null;
    }

    public static SKData Create(IntPtr address, int length) => Create(address, length, null, null);

    public static SKData Create(IntPtr address, int length, SKDataReleaseDelegate? releaseProc) =>
        Create(address, length, releaseProc, null);

    public static SKData Create(IntPtr address, int length, SKDataReleaseDelegate? releaseProc, object? context) =>
        new(new SharedMemory(address, length, releaseProc is null ? null : pointer => releaseProc(pointer, context)));

    public static SKData CreateCopy(IntPtr bytes, int length) => CreateCopy(bytes, (long)length);

    public static SKData CreateCopy(IntPtr bytes, ulong length) => CreateCopy(bytes, (long)length);

    public static SKData CreateCopy(IntPtr bytes, long length) =>
        CreateCopy(new ReadOnlySpan<byte>((void*)bytes, checked((int)length)));

    public static SKData CreateCopy(byte[] bytes) => CreateCopy(bytes.AsSpan());

    public static SKData CreateCopy(byte[] bytes, ulong length) => CreateCopy(bytes.AsSpan(0, checked((int)length)));

    public static SKData CreateCopy(ReadOnlySpan<byte> bytes) => new(SharedMemory.Copy(bytes));

    public SKData Subset(ulong offset, ulong length)
    {
        var size = (ulong)Size;
        if (offset >= size || length == 0) return Empty;
        var source = Memory.Share();
        return new SKData(new SharedMemory(source.Address + (nint)offset, (long)Math.Min(length, size - offset), _ => source.Drop()));
    }

    public byte[] ToArray()
    {
        var bytes = AsSpan().ToArray();
        GC.KeepAlive(this);
        return bytes;
    }

    public ReadOnlySpan<byte> AsSpan() => Memory.Span;

    public Stream AsStream() => AsStream(false);

    public Stream AsStream(bool streamDisposesData) => new SKDataStream(this, streamDisposesData);

    public void SaveTo(Stream target)
    {
        ArgumentNullException.ThrowIfNull(target);
        target.Write(AsSpan());
        GC.KeepAlive(this);
    }

    internal override void Release() => memory.Drop();
}
