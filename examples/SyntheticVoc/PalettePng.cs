using System.Buffers.Binary;
using System.IO.Compression;
using ICSharpCode.SharpZipLib.Checksum;

namespace SyntheticVoc;

/// <summary>Writes labels as VOC has them: 8-bit palette PNG, rows unfiltered. SkiaSharp writes no palettes.</summary>
internal static class PalettePng
{
    /// <summary>Red, green and blue of VOC's 256 colours: 768 bytes.</summary>
    internal static byte[] Palette { get; } = [.. Enumerable.Range(0, 256).SelectMany(ColorOf)];

    /// <summary>Writes class indices, row by row without padding; in VOC's colours where no others are given.</summary>
    internal static void Write(
        ReadOnlySpan<byte> classes, int width, int height, Stream stream, byte[]? colors = null)
    {
        stream.Write([0x89, .. "PNG"u8, 13, 10, 26, 10]);
        WriteChunk(stream, "IHDR"u8, [.. BigEndian(width), .. BigEndian(height), 8, 3, 0, 0, 0]); // 8 bits, by palette
        WriteChunk(stream, "PLTE"u8, colors ?? Palette);
        using var compressed = new MemoryStream();
        using (var deflate = new ZLibStream(compressed, CompressionLevel.Optimal, leaveOpen: true))
        {
            for (var row = 0; row < height; row++)
                deflate.Write([0, .. classes.Slice(row * width, width)]); // 0: no filter
        }
        WriteChunk(stream, "IDAT"u8, compressed.ToArray());
        WriteChunk(stream, "IEND"u8, []);
    }

    private static void WriteChunk(Stream stream, ReadOnlySpan<byte> type, ReadOnlySpan<byte> content)
    {
        byte[] checkedBytes = [.. type, .. content];
        var checksum = new Crc32();
        checksum.Update(checkedBytes);
        stream.Write([.. BigEndian(content.Length), .. checkedBytes, .. BigEndian((int)checksum.Value)]);
    }

    private static byte[] BigEndian(int number) => BitConverter.GetBytes(BinaryPrimitives.ReverseEndianness(number));

    /// <summary>The devkit's rule: an index's bits go to red, green and blue in turn, from the highest down.</summary>
    private static byte[] ColorOf(int index)
    {
        var color = new byte[3];
        for (var bit = 0; bit < 8; bit++)
            color[bit % 3] |= (byte)((index >> bit & 1) << (7 - bit / 3));
        return color;
    }
}
