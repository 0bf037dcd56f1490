using System.Buffers.Binary;
using System.IO.Compression;

namespace SyntheticVoc;

/// <summary>Writes label files as VOC has them: 8-bit palette PNG, rows unfiltered. SkiaSharp writes no palettes.</summary>
internal static class PalettePng
{
    private static readonly uint[] CrcTable = BuildCrcTable();

    /// <summary>Writes class indices, row by row without padding, with VOC's palette.</summary>
    internal static void Write(ReadOnlySpan<byte> labels, int width, int height, Stream stream)
    {
        Span<byte> header = stackalloc byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], height);
        header[8] = 8; // bits a pixel
        header[9] = 3; // by palette

        stream.Write(Signature);
        WriteChunk(stream, "IHDR"u8, header);
        WriteChunk(stream, "PLTE"u8, VocPalette.Bytes);
        WriteChunk(stream, "IDAT"u8, Compress(labels, width, height));
        WriteChunk(stream, "IEND"u8, []);
    }

    private static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10];

    private static byte[] Compress(ReadOnlySpan<byte> labels, int width, int height)
    {
        using var compressed = new MemoryStream();
        using (var deflate = new ZLibStream(compressed, CompressionLevel.Optimal, leaveOpen: true))
        {
            for (var row = 0; row < height; row++)
            {
                deflate.WriteByte(0); // no filter
                deflate.Write(labels.Slice(row * width, width));
            }
        }
        return compressed.ToArray();
    }

    private static void WriteChunk(Stream stream, ReadOnlySpan<byte> type, ReadOnlySpan<byte> content)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, content.Length);
        stream.Write(number);
        stream.Write(type);
        stream.Write(content);
        BinaryPrimitives.WriteUInt32BigEndian(number, ~Crc(Crc(uint.MaxValue, type), content));
        stream.Write(number);
    }

    private static uint Crc(uint crc, ReadOnlySpan<byte> bytes)
    {
        foreach (var value in bytes)
            crc = CrcTable[(byte)(crc ^ value)] ^ crc >> 8;
        return crc;
    }

    private static uint[] BuildCrcTable()
    {
        var table = new uint[256];
        for (var index = 0u; index < 256; index++)
        {
            var value = index;
            for (var bit = 0; bit < 8; bit++)
                value = (value & 1) == 0 ? value >> 1 : value >> 1 ^ 0xEDB88320;
            table[index] = value;
        }
        return table;
    }
}
