using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace VocSeg.Torch;

/// <summary>
/// Decodes JPEG files with libjpeg-turbo through its TurboJPEG API. What that does not decode, and what it doubts
/// without naming damage, is left to SkiaSharp. So both accept and refuse the same files, but for damage within and
/// behind the compressed rows, which only TurboJPEG sees.
/// </summary>
internal sealed unsafe partial class TurboJpegDecoder : ImageDecoder
{
    private static readonly Lazy<Library?> Found = new(Library.Find);

    private readonly Library library;
    private readonly SkiaDecoder skia = new();

    private TurboJpegDecoder(Library library) => this.library = library;

    /// <summary>The version of the library's API: 2 or 3, or 0 where there is none that can be used.</summary>
    internal static int Version => Found.Value is not { } library ? 0 : library.DecodesRows ? 3 : 2;

    /// <summary>A decoder, or null where there is no library.</summary>
    internal static TurboJpegDecoder? TryCreate() => Found.Value is { } library ? new(library) : null;

    internal override void DecodeRows(
        EncodedFile file, ImageSize size, int top, int rows, Span<byte> pixels, ImageReduction reduction = default)
    {
        RequireRows(reduction.Reduce(size), top, rows, BytesPerPixel, pixels.Length);
        if (!IsSupported(file, size, out var layout))
        {
            skia.DecodeRows(file, size, top, rows, pixels, reduction);
        }
        else if (library.DecodesRows || (top == 0 && RowsToDecode(layout, reduction, rows) == rows))
        {
            if (!TryDecode(file, layout, reduction, (top, rows), top, rows, pixels))
                skia.DecodeRows(file, size, top, rows, pixels, reduction);
        }
        else
        {
            DecodeRows(file, size, top, rows, reduction).CopyTo(pixels);
        }
    }

    internal override ReadOnlySpan<byte> DecodeRows(
        EncodedFile file, ImageSize size, int top, int rows, ImageReduction reduction = default)
    {
        var decoded = reduction.Reduce(size);
        RequireRows(decoded, top, rows, BytesPerPixel, long.MaxValue);
        if (!IsSupported(file, size, out var layout))
            return skia.DecodeRows(file, size, top, rows, reduction);
        var stride = decoded.Width * BytesPerPixel;
        var first = library.DecodesRows ? top : 0;
        var count = library.DecodesRows ? rows : RowsToDecode(layout, reduction, top + rows);
        var pixels = Own(file, (long)count * stride);
        return TryDecode(file, layout, reduction, (top, rows), first, count, pixels)
            ? pixels.Slice((top - first) * stride, rows * stride)
            : skia.DecodeRows(file, size, top, rows, reduction);
    }

    private static bool IsSupported(EncodedFile file, ImageSize size, out Layout layout) =>
        Layout.TryRead(file.Bytes, out layout) && layout.Size == size && layout.Components is 1 or 3;

    /// <summary>
    /// The rows from the top that are decoded by a library that has no notion of rows: up to the last one that is
    /// wanted and the one below it, which its colours are blended with.
    /// </summary>
    private static int RowsToDecode(in Layout layout, ImageReduction reduction, int bottom)
    {
        var height = reduction.Reduce(layout.Size).Height;
        if (!layout.OneScan)
            return height;
        var rowsAtOnce = layout.RowsAtOnce / reduction.Divisor;
        var units = (bottom + rowsAtOnce) / rowsAtOnce;
        return Math.Min(height, units * rowsAtOnce);
    }

    /// <summary>Decodes at least the rows that are wanted.</summary>
    /// <returns>False where it is for SkiaSharp to judge.</returns>
    private bool TryDecode(
        EncodedFile file, in Layout layout, ImageReduction reduction, (int Top, int Rows) wanted, int top,
        int rows, Span<byte> pixels)
    {
        var outcome = Decompress(file, layout, reduction, top, rows, pixels, stops: true);
        if (outcome != Outcome.Doubtful)
            return outcome == Outcome.Sound;
        // SkiaSharp throws where rows are missing. Where all are there the pixels must still be TurboJPEG's: it may
        // find nothing to doubt when it decodes the upper rows only, and the two differ in extreme colours.
        skia.DecodeRows(file, layout.Size, wanted.Top, wanted.Rows, reduction);
        return Decompress(file, layout, reduction, top, rows, pixels, stops: false) == Outcome.Sound;
    }

    private Outcome Decompress(
        EncodedFile file, in Layout layout, ImageReduction reduction, int top, int rows, Span<byte> pixels,
        bool stops)
    {
        var decoder = library.CreateDecoder(stops);
        try
        {
            bool decoded;
            using (layout.Size.Pixels > LargePixels ? file.Cancellation.UnsafeRegister(EndFile, file) : default)
            {
                fixed (byte* to = pixels)
                {
                    decoded = library.DecodesRows
                        ? library.DecompressRows(
                            decoder, (byte*)file.Address, file.Length, reduction, top, rows, to)
                        : DecompressTop(decoder, file, layout, reduction, rows, to, stops);
                }
            }
            file.Cancellation.ThrowIfCancellationRequested();
            if (decoded)
                return Outcome.Sound;
            var outcome = Judge(library.ErrorText(decoder), file, layout);
            // The text is that of the first warning, unless an error ended the decoding after it.
            return outcome == Outcome.Doubtful && !stops ? Outcome.Sound : outcome;
        }
        finally
        {
            library.Destroy(decoder);
        }
    }

    /// <summary>
    /// Stops a decoder from another thread, which TurboJPEG has no call for. End markers take the place of the file's
    /// bytes; the decoder comes to one at its next step, warns that the file is cut short, and stops at that warning.
    /// </summary>
    private static void EndFile(object? file)
    {
        var bytes = new Span<byte>((byte*)((EncodedFile)file!).Address, ((EncodedFile)file).Length);
        MemoryMarshal.Cast<byte, ushort>(bytes).Fill(BitConverter.IsLittleEndian ? (ushort)0xD9FF : (ushort)0xFFD9);
    }

    /// <summary>Decodes the first rows by having the file say that it has no more.</summary>
    private bool DecompressTop(
        nint decoder, EncodedFile file, in Layout layout, ImageReduction reduction, int rows, byte* pixels,
        bool stops)
    {
        var height = new Span<byte>((byte*)file.Address + layout.HeightOffset, sizeof(ushort));
        var stored = Math.Min(rows * reduction.Divisor, layout.Size.Height);
        BinaryPrimitives.WriteUInt16BigEndian(height, (ushort)stored);
        var size = reduction.Reduce(new(stored, layout.Size.Width));
        var decoded = library.Decompress(decoder, (byte*)file.Address, file.Length, size, pixels, stops);
        BinaryPrimitives.WriteUInt16BigEndian(height, (ushort)layout.Size.Height);
        return decoded;
    }

    /// <summary>What a complaint of TurboJPEG means.</summary>
    /// <exception cref="DatasetException">The file is damaged.</exception>
    private static Outcome Judge(ReadOnlySpan<byte> complaint, EncodedFile file, in Layout layout)
    {
        if (complaint.IndexOf("extraneous bytes before marker"u8) >= 0)
            return layout.OneScan ? Outcome.Sound : Outcome.Doubtful;
        if (complaint.IndexOf("Premature end of JPEG file"u8) >= 0)
            return Outcome.Doubtful;
        // Sound files of kinds that TurboJPEG does not know.
        if (complaint.IndexOf("Could not determine subsampling"u8) >= 0
            || complaint.IndexOf("Unknown Adobe color transform"u8) >= 0
            || complaint.IndexOf("unknown JFIF revision"u8) >= 0)
        {
            return Outcome.ForSkia;
        }
        if (complaint.IndexOf("Insufficient memory"u8) >= 0 || complaint.IndexOf("Memory allocation failure"u8) >= 0)
        {
            throw file.Error(
                DatasetFault.TooLarge,
                "there is too little memory left to decode it; take fewer workers, or smaller images.",
                new OutOfMemoryException());
        }
        // SkiaSharp would accept many of the files that are damaged in other ways.
        throw file.Error(
            DatasetFault.Damaged,
            $"the file is damaged, or no JPEG that can be decoded ({Encoding.UTF8.GetString(complaint)}); put a sound "
            + "file in its place, or take its id out of the list.");
    }

    private enum Outcome
    {
        Sound,

        /// <summary>TurboJPEG does not know this kind of file.</summary>
        ForSkia,

        /// <summary>Bytes are too many or missing; SkiaSharp says whether all rows are there.</summary>
        Doubtful,
    }
}
