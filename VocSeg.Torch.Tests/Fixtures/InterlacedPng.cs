using System.Buffers.Binary;
using System.IO.Compression;

namespace VocSeg.Torch.Tests;

/// <summary>
/// Interlaced PNG files of whole bytes a sample, unfiltered, written pass by pass as the specification says.
/// </summary>
internal static class InterlacedPng
{
    private static readonly string[] Pattern =
        ["16462646", "77777777", "56565656", "77777777", "36463646", "77777777", "56565656", "77777777"];

    /// <param name="width">Pixels in a row.</param>
    /// <param name="height">Rows.</param>
    /// <param name="colorType">As in <see cref="PngWriter"/>.</param>
    /// <param name="depth">8 or 16 bits a sample.</param>
    /// <param name="samples">The samples of row after row.</param>
    /// <param name="palette">The palette, or nothing.</param>
    internal static byte[] Write(
        int width, int height, int colorType, int depth, int[] samples, ReadOnlySpan<byte> palette)
    {
        var channels = samples.Length / (width * height);
        var rows = new List<byte>();
        for (var pass = '1'; pass <= '7'; pass++)
        {
            for (var y = 0; y < height; y++)
            {
                var row = new List<byte>();
                for (var x = 0; x < width; x++)
                {
                    if (Pattern[y % 8][x % 8] != pass)
                        continue;
                    foreach (var sample in samples.AsSpan((y * width + x) * channels, channels))
                        row.AddRange(depth == 16 ? [(byte)(sample >> 8), (byte)sample] : [(byte)sample]);
                }
                if (row.Count > 0)
                    rows.AddRange([0, .. row]);
            }
        }
        using var file = new MemoryStream();
        file.Write(PngWriter.Signature);
        Span<byte> header = stackalloc byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], height);
        (header[8], header[9], header[12]) = ((byte)depth, (byte)colorType, 1);
        PngWriter.WriteChunk(file, "IHDR"u8, header);
        if (!palette.IsEmpty)
            PngWriter.WriteChunk(file, "PLTE"u8, palette);
        PngWriter.WriteChunk(file, "IDAT"u8, FilteredPng.Compress(rows.ToArray(), CompressionLevel.Fastest));
        PngWriter.WriteChunk(file, "IEND"u8, default);
        return file.ToArray();
    }
}
