using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;

namespace VocSeg.Torch;

/// <summary>
/// Reads the samples of a PNG file as they are stored: palette indices, levels of gray or colours, of 1 to 16 bits,
/// interlaced or not (PNG specification, third edition). No library hands out palette indices. Not thread-safe; one per
/// worker.
/// </summary>
/// <remarks>
/// The file must be sound up to the end of its compressed rows: every critical chunk with the right checksum, and one
/// complete zlib stream of just the right length with the right checksum. All of that is checked whichever rows are
/// wanted, so that a file is accepted or refused in every epoch alike. What stands behind the rows does not count.
/// </remarks>
internal sealed partial class LabelPng
{
    private const uint HeaderName = 0x49484452; // IHDR
    private const uint PaletteName = 0x504C5445; // PLTE
    private const uint DataName = 0x49444154; // IDAT
    private const uint Ancillary = 0x20000000; // a small first letter
    private const int MostBytes = int.MaxValue / 2;
    private const int ChunkFrame = 12; // length and name in front, checksum behind

    // The passes of an interlaced image: first column and row, then the steps between columns and rows.
    private static readonly (int X, int Y, int StepX, int StepY)[] Passes =
        [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)];

    private readonly MemoryStream compressed = new();
    private byte[] rows = [];
    private byte[] samples = [];
    private byte[] firstAbove = [];
    private bool isInterlaced;
    private bool isExpanded;

    /// <summary>What the samples of a pixel are.</summary>
    internal enum ColorType : byte
    {
        Gray = 0,
        Rgb = 2,
        Palette = 3,
        GrayAlpha = 4,
        Rgba = 6,
    }

    internal ImageSize Size { get; private set; }

    internal ColorType Kind { get; private set; }

    /// <summary>Bits a sample has in the file: 1, 2, 4, 8 or 16.</summary>
    internal int Depth { get; private set; }

    /// <summary>The place of the palette in the file, three bytes a colour; empty where there is none.</summary>
    internal Range Colors { get; private set; }

    /// <summary>
    /// The bytes of a pixel in <see cref="Row"/>: a sample of less than 8 bits takes a byte of its own.
    /// </summary>
    internal int PixelBytes => Channels * (Depth == 16 ? 2 : 1);

    private int Channels => Kind switch { ColorType.Rgb => 3, ColorType.GrayAlpha => 2, ColorType.Rgba => 4, _ => 1 };

    /// <summary>Reads the chunks up to the end of the compressed rows.</summary>
    /// <exception cref="InvalidDataException">The file is not sound; the message says why.</exception>
    internal void Open(ReadOnlySpan<byte> file)
    {
        if (!ImageHeader.IsPng(file))
            throw new InvalidDataException("it is no PNG file");
        Colors = default;
        compressed.SetLength(0);
        var isFirst = true;
        for (var at = ImageHeader.PngSignature.Length; file.Length - at >= ChunkFrame; isFirst = false)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(file[at..]);
            var name = BinaryPrimitives.ReadUInt32BigEndian(file[(at + 4)..]);
            if (isFirst != (name == HeaderName))
                throw new InvalidDataException("its first chunk is no PNG header, or there is a second one");
            if (name != DataName && compressed.Length > 0)
                return;
            if (length > file.Length - at - ChunkFrame)
                throw new InvalidDataException("it is cut short");
            var content = file.Slice(at + 8, (int)length);
            if ((name & Ancillary) == 0)
            {
                var checksum = BinaryPrimitives.ReadUInt32BigEndian(file[(at + 8 + content.Length)..]);
                if (checksum != Crc32.HashToUInt32(file.Slice(at + 4, 4 + content.Length)))
                    throw new InvalidDataException("a chunk of it has a wrong checksum");
                Take(name, content, at + 8);
            }
            at += ChunkFrame + content.Length;
        }
        if (compressed.Length == 0)
            throw new InvalidDataException("it is cut short");
    }

    /// <summary>Decodes the rows from the first one on; then <see cref="Row"/> gives them.</summary>
    /// <param name="count">How many rows are wanted.</param>
    /// <exception cref="InvalidDataException">The compressed rows are not sound; the message says why.</exception>
    /// <exception cref="NotSupportedException">The rows take more memory than they may.</exception>
    internal void Decode(int count)
    {
        Inflate();
        isExpanded = isInterlaced || Depth < 8;
        if (isExpanded)
            Grow(ref samples, Size.Pixels * PixelBytes);
        if (isInterlaced)
        {
            long at = 0;
            foreach (var pass in Passes)
            {
                var (width, height) = SizeOf(pass);
                Unfilter(at, width, height);
                for (var row = 0; row < height; row++, at += 1 + RowBytes(width))
                    Expand(Raw(at, width), width, pass.Y + row * pass.StepY, pass.X, pass.StepX);
            }
            return;
        }
        Unfilter(0, Size.Width, count);
        for (var row = 0; isExpanded && row < count; row++)
            Expand(Raw((long)row * (1 + RowBytes(Size.Width)), Size.Width), Size.Width, row, 0, 1);
    }

    /// <summary>
    /// The pixels of a row, <see cref="PixelBytes"/> each; the samples of 16 bits with the high byte first.
    /// </summary>
    internal ReadOnlySpan<byte> Row(int row)
    {
        var length = Size.Width * PixelBytes;
        return isExpanded ? samples.AsSpan(row * length, length) : Raw((long)row * (1 + length), Size.Width);
    }

    private void Take(uint name, ReadOnlySpan<byte> content, int at)
    {
        switch (name)
        {
            case HeaderName:
                ReadHeader(content);
                break;
            case PaletteName when content.Length is 0 or > 768 || content.Length % 3 != 0 || Colors.End.Value != 0:
                throw new InvalidDataException("its palette is none");
            case PaletteName:
                Colors = at..(at + content.Length);
                break;
            case DataName when Kind == ColorType.Palette && Colors.End.Value == 0:
                throw new InvalidDataException("its palette is missing");
            case DataName:
                compressed.Write(content);
                break;
            default:
                throw new InvalidDataException("it has a critical chunk that no reader knows");
        }
    }

    private void ReadHeader(ReadOnlySpan<byte> content)
    {
        if (content.Length != 13)
            throw new InvalidDataException("its header is none");
        var width = BinaryPrimitives.ReadInt32BigEndian(content);
        var height = BinaryPrimitives.ReadInt32BigEndian(content[4..]);
        (Depth, Kind, isInterlaced) = (content[8], (ColorType)content[9], content[12] == 1);
        var isKnown = Kind switch
        {
            ColorType.Gray => Depth is 1 or 2 or 4 or 8 or 16,
            ColorType.Palette => Depth is 1 or 2 or 4 or 8,
            ColorType.Rgb or ColorType.GrayAlpha or ColorType.Rgba => Depth is 8 or 16,
            _ => false,
        };
        if (width <= 0 || height <= 0 || !isKnown || content[10] != 0 || content[11] != 0 || content[12] > 1)
            throw new InvalidDataException("its header says what no PNG may be");
        Size = new(height, width);
    }

    private void Inflate()
    {
        var wanted = isInterlaced
            ? Passes.Select(SizeOf).Sum(pass => (1 + RowBytes(pass.Width)) * pass.Height)
            : (1 + RowBytes(Size.Width)) * Size.Height;
        Grow(ref rows, wanted);
        // ZLibStream accepts a stream that ends before its checksum. There it takes these bytes for the checksum, and
        // refuses it. Behind a whole stream it does not read them.
        compressed.Write([0, 0, 0, 0]);
        compressed.Position = 0;
        using var inflated = new ZLibStream(compressed, CompressionMode.Decompress, leaveOpen: true);
        var read = 0;
        for (int more; read < wanted && (more = Read(inflated, rows.AsSpan(read, (int)wanted - read))) > 0;)
            read += more;
        if (read < wanted)
            throw new InvalidDataException("its compressed rows are cut short");
        // One more read makes the stream compare its checksum, and finds rows beyond the height in the header.
        Span<byte> further = stackalloc byte[1];
        if (Read(inflated, further) != 0)
            throw new InvalidDataException("it holds more rows than its header says");
    }

    private static int Read(ZLibStream inflated, Span<byte> to)
    {
        try
        {
            return inflated.Read(to);
        }
        catch (Exception error) when (error is IOException or InvalidDataException)
        {
            // The runtime speaks of archives. It throws as well where a dictionary is asked for, which no PNG may do.
            throw new InvalidDataException("its compressed rows are damaged, or those of no PNG", error);
        }
    }

    /// <summary>The pixels of a pass in a row, and its rows; no rows where it has no pixels.</summary>
    private (int Width, int Height) SizeOf((int X, int Y, int StepX, int StepY) pass)
    {
        var width = (Size.Width - pass.X + pass.StepX - 1) / pass.StepX;
        return width <= 0 ? (0, 0) : (width, Math.Max(0, (Size.Height - pass.Y + pass.StepY - 1) / pass.StepY));
    }

    private long RowBytes(int width) => ((long)width * Channels * Depth + 7) / 8;

    private Span<byte> Raw(long at, int width) => rows.AsSpan((int)at + 1, (int)RowBytes(width));

    private void Unfilter(long at, int width, int count)
    {
        var length = (int)RowBytes(width);
        if (firstAbove.Length < length)
            firstAbove = new byte[length];
        var unit = Math.Max(1, Channels * Depth / 8);
        var above = firstAbove.AsSpan(0, length);
        for (var row = 0; row < count; row++, at += 1 + length)
        {
            var current = rows.AsSpan((int)at + 1, length);
            if (!TryUnfilter(rows[at], unit, current, above))
                throw new InvalidDataException($"its row {row} has a filter that no PNG may have");
            above = current;
        }
    }

    /// <summary>Puts the pixels of a row where they belong, samples of less than 8 bits in a byte each.</summary>
    private void Expand(ReadOnlySpan<byte> raw, int width, int row, int first, int step)
    {
        var pixel = PixelBytes;
        var to = samples.AsSpan((row * Size.Width + first) * pixel);
        if (Depth >= 8)
        {
            for (var i = 0; i < width; i++)
                raw.Slice(i * pixel, pixel).CopyTo(to[(i * step * pixel)..]);
            return;
        }
        var mask = (1 << Depth) - 1;
        for (var i = 0; i < width; i++)
            to[i * step] = (byte)((raw[i * Depth >> 3] >> (8 - Depth - (i * Depth & 7))) & mask);
    }

    private static void Grow(ref byte[] buffer, long length)
    {
        if (length > MostBytes)
            throw new NotSupportedException(
                $"its rows take {length} bytes, more than the {MostBytes} that can be read");
        if (buffer.Length < length)
            buffer = GC.AllocateUninitializedArray<byte>((int)(length + length / 4));
    }
}
