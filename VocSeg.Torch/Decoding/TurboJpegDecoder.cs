using System.Buffers.Binary;
using System.Text;

namespace VocSeg.Torch;

/// <summary>
/// Decodes JPEG files with libjpeg-turbo through its TurboJPEG API. What that does not decode, and what it doubts without naming damage, is
/// left to SkiaSharp: so both accept and refuse the same files, but for damage within the compressed rows, which only TurboJPEG sees.
/// </summary>
internal sealed unsafe class TurboJpegDecoder : ImageDecoder
{
    private readonly TurboJpeg library;
    private readonly SkiaDecoder skia = new();
    private readonly TurboJpegHandle handle;

    internal TurboJpegDecoder(TurboJpeg library)
    {
        this.library = library;
        handle = library.CreateDecoder();
    }

    internal override void DecodeRows(EncodedFile file, ImageSize size, int top, int rows, Span<byte> pixels)
    {
        RequireRows(size, top, rows, BytesPerPixel, pixels.Length);
        if (!IsSupported(file, size, out var layout))
        {
            skia.DecodeRows(file, size, top, rows, pixels);
        }
        else if (library.DecodesRows || (top == 0 && RowsToDecode(layout, rows) == rows))
        {
            if (!TryDecode(file, layout, top, rows, pixels))
                skia.DecodeRows(file, size, top, rows, pixels);
        }
        else
        {
            DecodeRows(file, size, top, rows).CopyTo(pixels);
        }
    }

    internal override ReadOnlySpan<byte> DecodeRows(EncodedFile file, ImageSize size, int top, int rows)
    {
        RequireRows(size, top, rows, BytesPerPixel, int.MaxValue);
        if (!IsSupported(file, size, out var layout))
            return skia.DecodeRows(file, size, top, rows);
        var stride = size.Width * BytesPerPixel;
        var first = library.DecodesRows ? top : 0;
        var count = library.DecodesRows ? rows : RowsToDecode(layout, top + rows);
        var pixels = Own((long)count * stride);
        return TryDecode(file, layout, first, count, pixels)
            ? pixels.Slice((top - first) * stride, rows * stride)
            : skia.DecodeRows(file, size, top, rows);
    }

    public override void Dispose() => handle.Dispose();

    private static bool IsSupported(EncodedFile file, ImageSize size, out JpegLayout layout) =>
        JpegLayout.TryRead(file.Bytes, out layout) && layout.Size == size && layout.Components is 1 or 3;

    /// <summary>
    /// The rows from the top that a library decodes which has no notion of rows: up to the last one that is wanted and the one below it,
    /// which its colours are blended with.
    /// </summary>
    private static int RowsToDecode(in JpegLayout layout, int bottom)
    {
        if (!layout.OneScan)
            return layout.Size.Height;
        var units = (bottom + layout.RowsAtOnce) / layout.RowsAtOnce;
        return Math.Min(layout.Size.Height, units * layout.RowsAtOnce);
    }

    /// <returns>False where it is for Skia to judge.</returns>
    private bool TryDecode(EncodedFile file, in JpegLayout layout, int top, int rows, Span<byte> pixels)
    {
        ObjectDisposedException.ThrowIf(handle.IsClosed, this);
        bool decoded;
        fixed (byte* destination = pixels)
        {
            decoded = library.DecodesRows
                ? library.DecompressRows(handle.DangerousGetHandle(), (byte*)file.Address, file.Length, top, rows, destination)
                : DecompressTop(file, layout, rows, destination);
        }
        decoded = decoded || IsSoundAllTheSame(file, layout);
        GC.KeepAlive(handle);
        return decoded;
    }

    /// <summary>Decodes the first rows by having the file say that it has no more.</summary>
    private bool DecompressTop(EncodedFile file, in JpegLayout layout, int rows, byte* pixels)
    {
        var height = new Span<byte>((byte*)file.Address + layout.HeightOffset, sizeof(ushort));
        BinaryPrimitives.WriteUInt16BigEndian(height, (ushort)rows);
        var decoded = library.Decompress(handle.DangerousGetHandle(), (byte*)file.Address, file.Length, new(rows, layout.Size.Width), pixels);
        BinaryPrimitives.WriteUInt16BigEndian(height, (ushort)layout.Size.Height);
        return decoded;
    }

    /// <summary>Whether the first warning is of bytes behind the rows, which is all the same to the pixels.</summary>
    private bool IsSoundAllTheSame(EncodedFile file, in JpegLayout layout)
    {
        var warning = library.ErrorText(handle.DangerousGetHandle());
        if (warning.IndexOf("extraneous bytes before marker"u8) >= 0)
            return layout.OneScan;
        if (warning.IndexOf("Corrupt JPEG data"u8) >= 0)
            throw new DatasetException(file.Path, $"the file is damaged ({Encoding.UTF8.GetString(warning)}); put a sound file in its place, or take its id out of the list.");
        return false;
    }
}
