namespace SkiaSharp;

internal sealed unsafe class SKDataStream(SKData data, bool disposesData)
    : UnmanagedMemoryStream((byte*)data.Data, data.Size, data.Size, FileAccess.ReadWrite)
{
    // Held for as long as the stream is: it reads the data's memory.
    private SKData? source = data;

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing && disposesData) source?.Dispose();
        source = null;
    }
}
