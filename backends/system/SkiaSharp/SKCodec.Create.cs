namespace SkiaSharp;

public unsafe partial class SKCodec
{
    public static SKCodec? Create(string filename) => Create(filename, out _);

    public static SKCodec? Create(string filename, out SKCodecResult result)
    {
        if (SharedMemory.Read(filename) is { } memory) return Open(memory, null, out result);
        result = SKCodecResult.InternalError;
        return null;
    }

    public static SKCodec? Create(Stream stream) => Create(stream, out _);

    // The stream belongs to the codec from here on, or goes at once where there is none.
    public static SKCodec? Create(Stream stream, out SKCodecResult result)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using var data = SKData.Create(stream);
        if (data is not null) return Open(data.Memory.Share(), stream, out result);
        stream.Dispose();
        result = SKCodecResult.IncompleteInput;
        return null;
    }

    public static SKCodec? Create(SKData data)
    {
        ArgumentNullException.ThrowIfNull(data);
        return Open(data.Memory.Share(), null, out _);
    }

    private static SKCodec? Open(SharedMemory memory, Stream? stream, out SKCodecResult result)
    {
        IntPtr handle;
        SkiaCodec.Info info;
        result = SkiaCodec.Open((void*)memory.Address, (nuint)memory.Length, &handle, &info);
        if (result == SKCodecResult.Success) return new SKCodec(handle, memory, stream, info);
        memory.Drop();
        stream?.Dispose();
        return null;
    }
}
