using System.Buffers.Binary;

namespace VocSeg.Torch;

/// <summary>
/// Reads PNG files of one sample a pixel, palette or gray, that are not interlaced: as all official labels are. It gives the samples themselves,
/// and only as many rows as are wanted. One a worker; not for use by two threads.
/// </summary>
internal sealed class IndexedPng
{
    private const uint Header = 0x49484452; // IHDR
    private const uint Palette = 0x504C5445; // PLTE
    private const uint Data = 0x49444154; // IDAT
    private const uint Ancillary = 0x20000000; // a small first letter
    private const int ChunkFrame = 12; // length and name in front, checksum behind
    private const byte GrayColors = 0;
    private const byte PaletteColors = 3;

    private readonly Inflater inflater = new();
    private byte[] compressed = [];
    private byte[] rows = [];
    private byte[] firstAbove = [];
    private int compressedLength;
    private int rowBytes;

    /// <summary>The size of the image.</summary>
    internal ImageSize Size { get; private set; }

    /// <summary>Bits a sample: 1, 2, 4 or 8.</summary>
    internal int Depth { get; private set; }

    /// <summary>The palette, three bytes a colour, into the file; empty for gray.</summary>
    internal Range Colors { get; private set; }

    /// <summary>Whether the samples are levels of gray.</summary>
    internal bool IsGray { get; private set; }

    /// <summary>Reads the chunks and checks those that matter.</summary>
    /// <returns>False for any other PNG, and for one that is not sound.</returns>
    internal bool TryOpen(ReadOnlySpan<byte> file)
    {
        ReadOnlySpan<byte> signature = [0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10];
        if (!file.StartsWith(signature))
            return false;
        var first = true;
        Colors = default;
        compressedLength = 0;
        for (var at = signature.Length; file.Length - at >= ChunkFrame;)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(file[at..]);
            var name = BinaryPrimitives.ReadUInt32BigEndian(file[(at + 4)..]);
            if (length > file.Length - at - ChunkFrame || first != (name == Header))
                return false;
            if (name != Data && compressedLength > 0)
                return true;
            var content = file.Slice(at + 8, (int)length);
            if ((name & Ancillary) == 0)
            {
                if (BinaryPrimitives.ReadUInt32BigEndian(file[(at + 8 + content.Length)..]) != Crc32.Of(file.Slice(at + 4, 4 + content.Length)))
                    return false;
                switch (name)
                {
                    case Header when TryReadHeader(content):
                        break;
                    case Palette when content.Length is > 0 and <= 768 && content.Length % 3 == 0 && Colors.End.Value == 0:
                        Colors = (at + 8)..(at + 8 + content.Length);
                        break;
                    case Data when IsGray || Colors.End.Value != 0:
                        Append(content, file.Length);
                        break;
                    default:
                        return false;
                }
            }
            first = false;
            at += ChunkFrame + content.Length;
        }
        return compressedLength > 0;
    }

    /// <summary>Decodes the rows from the first one on; then <see cref="Row"/> gives them.</summary>
    /// <returns>False where the file is not sound.</returns>
    internal unsafe bool TryDecode(int count)
    {
        rowBytes = (int)(((long)Size.Width * Depth + 7) / 8);
        var wanted = (long)count * (1 + rowBytes);
        if (wanted > int.MaxValue / 2)
            return false;
        Grow(ref rows, (int)wanted + Inflater.OutputSlack);
        fixed (byte* from = compressed, to = rows)
        {
            if (!inflater.TryInflate(from, compressedLength, to, (int)wanted, whole: count == Size.Height))
                return false;
        }
        if (firstAbove.Length < rowBytes)
            firstAbove = new byte[rowBytes];
        for (var row = 0; row < count; row++)
        {
            if (!PngFilter.TryUndo(rows[row * (1 + rowBytes)], Samples(row), row == 0 ? firstAbove.AsSpan(0, rowBytes) : Samples(row - 1)))
                return false;
        }
        return true;
    }

    /// <summary>A row's samples, the first one in the highest bits of a byte.</summary>
    internal ReadOnlySpan<byte> Row(int row) => Samples(row);

    private Span<byte> Samples(int row) => rows.AsSpan(row * (1 + rowBytes) + 1, rowBytes);

    private bool TryReadHeader(ReadOnlySpan<byte> content)
    {
        if (content.Length != 13)
            return false;
        var width = BinaryPrimitives.ReadInt32BigEndian(content);
        var height = BinaryPrimitives.ReadInt32BigEndian(content[4..]);
        if (width <= 0 || height <= 0)
            return false;
        Size = new(height, width);
        Depth = content[8];
        IsGray = content[9] == GrayColors;
        return Depth is 1 or 2 or 4 or 8 && content[9] is GrayColors or PaletteColors
            && content[10] == 0 && content[11] == 0 && content[12] == 0;
    }

    private void Append(ReadOnlySpan<byte> content, int atMost)
    {
        Grow(ref compressed, atMost + Inflater.InputSlack);
        content.CopyTo(compressed.AsSpan(compressedLength));
        compressedLength += content.Length;
    }

    private static void Grow(ref byte[] buffer, int length)
    {
        if (buffer.Length < length)
            buffer = GC.AllocateUninitializedArray<byte>(length + length / 4);
    }
}
