using System.Buffers.Binary;
using System.IO.Compression;

namespace VocSeg.Torch.Tests;

/// <summary>
/// PNG files of every color type and bit depth, not interlaced, so that a test knows each sample of them.
/// </summary>
internal static class PngWriter
{
    public const int Gray = 0;
    public const int Rgb = 2;
    public const int Palette = 3;
    public const int GrayAlpha = 4;
    public const int Rgba = 6;

    public static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10];

    /// <summary>A file with 8-bit indices.</summary>
    public static byte[] WriteLabels(int width, int height, ReadOnlySpan<byte> indices, ReadOnlySpan<byte> palette)
    {
        var samples = new int[indices.Length];
        for (var i = 0; i < samples.Length; i++) samples[i] = indices[i];
        return Write(width, height, Palette, 8, samples, palette);
    }

    /// <summary>A file with the samples of row after row, as many for a pixel as its color type has channels.</summary>
    public static byte[] Write(
        int width,
        int height,
        int colorType,
        int bitDepth,
        ReadOnlySpan<int> samples,
        ReadOnlySpan<byte> palette = default,
        ReadOnlySpan<byte> transparency = default)
    {
        using var file = new MemoryStream();
        file.Write(Signature);
        Span<byte> header = stackalloc byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], height);
        header[8] = (byte)bitDepth;
        header[9] = (byte)colorType;
        WriteChunk(file, "IHDR"u8, header);
        if (!palette.IsEmpty) WriteChunk(file, "PLTE"u8, palette);
        if (!transparency.IsEmpty) WriteChunk(file, "tRNS"u8, transparency);
        WriteChunk(file, "IDAT"u8, Compress(PackRows(height, bitDepth, samples)));
        WriteChunk(file, "IEND"u8, default);
        return file.ToArray();
    }

    public static void WriteChunk(Stream file, ReadOnlySpan<byte> name, ReadOnlySpan<byte> content)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, content.Length);
        file.Write(number);
        file.Write(name);
        file.Write(content);
        BinaryPrimitives.WriteUInt32BigEndian(number, ~Crc(Crc(uint.MaxValue, name), content));
        file.Write(number);
    }

    private static byte[] PackRows(int height, int bitDepth, ReadOnlySpan<int> samples)
    {
        var perRow = samples.Length / height;
        var rowBytes = 1 + (((perRow * bitDepth) + 7) / 8);
        var rows = new byte[height * rowBytes];
        for (var i = 0; i < samples.Length; i++)
        {
            var bit = i % perRow * bitDepth;
            // The first byte of a row names its filter: none.
            var at = (i / perRow * rowBytes) + 1 + (bit / 8);
            if (bitDepth == 16) BinaryPrimitives.WriteUInt16BigEndian(rows.AsSpan(at), (ushort)samples[i]);
            else rows[at] |= (byte)(samples[i] << (8 - bitDepth - (bit % 8)));
        }
        return rows;
    }

    private static byte[] Compress(byte[] rows)
    {
        using var compressed = new MemoryStream();
        using (var zlib = new ZLibStream(compressed, CompressionLevel.Optimal)) zlib.Write(rows);
        return compressed.ToArray();
    }

    private static uint Crc(uint crc, ReadOnlySpan<byte> bytes)
    {
        foreach (var b in bytes)
        {
            crc ^= b;
            for (var bit = 0; bit < 8; bit++) crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xEDB88320 : crc >> 1;
        }
        return crc;
    }
}
