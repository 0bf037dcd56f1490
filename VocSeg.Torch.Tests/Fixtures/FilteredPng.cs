using System.Buffers.Binary;
using System.IO.Compression;

namespace VocSeg.Torch.Tests;

/// <summary>PNG files of one sample a pixel whose rows have the filters that a test says.</summary>
internal static class FilteredPng
{
    /// <param name="size">The size of the image.</param>
    /// <param name="depth">Bits a sample.</param>
    /// <param name="samples">The samples of row after row.</param>
    /// <param name="palette">The palette, or nothing for gray.</param>
    /// <param name="filterOf">The filter of each row.</param>
    /// <param name="level">How hard to compress.</param>
    /// <param name="chunk">The most bytes of a data chunk.</param>
    internal static byte[] Write(
        ImageSize size, int depth, byte[] samples, ReadOnlySpan<byte> palette, Func<int, int> filterOf,
        CompressionLevel level = CompressionLevel.Optimal, int chunk = int.MaxValue)
    {
        using var file = new MemoryStream();
        file.Write(PngWriter.Signature);
        Span<byte> header = stackalloc byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, size.Width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], size.Height);
        header[8] = (byte)depth;
        header[9] = (byte)(palette.IsEmpty ? PngWriter.Gray : PngWriter.Palette);
        PngWriter.WriteChunk(file, "IHDR"u8, header);
        PngWriter.WriteChunk(file, "tEXt"u8, "a\0b"u8);
        if (!palette.IsEmpty)
            PngWriter.WriteChunk(file, "PLTE"u8, palette);
        var data = Compress(Filter(size, depth, samples, filterOf), level);
        for (var at = 0; at < data.Length; at += Math.Min(chunk, data.Length - at))
            PngWriter.WriteChunk(file, "IDAT"u8, data.AsSpan(at, Math.Min(chunk, data.Length - at)));
        PngWriter.WriteChunk(file, "IEND"u8, default);
        return file.ToArray();
    }

    internal static byte[] Compress(ReadOnlySpan<byte> bytes, CompressionLevel level)
    {
        using var compressed = new MemoryStream();
        using (var zlib = new ZLibStream(compressed, level))
            zlib.Write(bytes);
        return compressed.ToArray();
    }

    private static byte[] Filter(ImageSize size, int depth, byte[] samples, Func<int, int> filterOf)
    {
        var rowBytes = (size.Width * depth + 7) / 8;
        var rows = new byte[size.Height][];
        var filtered = new List<byte>();
        for (var y = 0; y < size.Height; y++)
        {
            rows[y] = new byte[rowBytes];
            for (var x = 0; x < size.Width; x++)
                rows[y][x * depth / 8] |= (byte)(samples[y * size.Width + x] << (8 - depth - x * depth % 8));
            filtered.Add((byte)filterOf(y));
            for (var x = 0; x < rowBytes; x++)
            {
                var a = x > 0 ? rows[y][x - 1] : 0;
                var b = y > 0 ? rows[y - 1][x] : 0;
                var c = x > 0 && y > 0 ? rows[y - 1][x - 1] : 0;
                var predicted = filterOf(y) switch { 1 => a, 2 => b, 3 => (a + b) / 2, 4 => Paeth(a, b, c), _ => 0 };
                filtered.Add((byte)(rows[y][x] - predicted));
            }
        }
        return [.. filtered];
    }

    private static int Paeth(int a, int b, int c)
    {
        var p = a + b - c;
        return new[] { a, b, c }.MinBy(candidate => Math.Abs(p - candidate));
    }
}
