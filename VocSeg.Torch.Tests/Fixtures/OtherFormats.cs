using System.Buffers.Binary;
using SkiaSharp;

namespace VocSeg.Torch.Tests;

/// <summary>Files of the formats beside JPEG and PNG that SkiaSharp decodes.</summary>
internal static class OtherFormats
{
    internal static IEnumerable<(ImageFormat Format, byte[] Bytes)> Images(ImageSize size)
    {
        yield return (ImageFormat.Webp, Webp(size, SKWebpEncoderCompression.Lossy));
        yield return (ImageFormat.Webp, Webp(size, SKWebpEncoderCompression.Lossless));
        yield return (ImageFormat.Bmp, Bmp(size));
        yield return (ImageFormat.Gif, Gif(size));
    }

    private static byte[] Webp(ImageSize size, SKWebpEncoderCompression compression)
    {
        var info = new SKImageInfo(size.Width, size.Height, SKColorType.Rgba8888, SKAlphaType.Opaque);
        using var bitmap = new SKBitmap(info);
        for (var y = 0; y < size.Height; y++)
        {
            for (var x = 0; x < size.Width; x++)
                bitmap.SetPixel(x, y, new((byte)(37 * x), (byte)(53 * y), (byte)(x * y)));
        }
        using var pixels = bitmap.PeekPixels();
        using var data = pixels.Encode(new SKWebpEncoderOptions(compression, 80))!;
        return data.ToArray();
    }

    /// <summary>24 bits a pixel, rows from the bottom.</summary>
    private static byte[] Bmp(ImageSize size)
    {
        var stride = (3 * size.Width + 3) / 4 * 4;
        var file = new byte[54 + stride * size.Height];
        "BM"u8.CopyTo(file);
        (int, int)[] header =
            [(2, file.Length), (10, 54), (14, 40), (18, size.Width), (22, size.Height), (26, 1 | (24 << 16))];
        foreach (var (at, number) in header)
            BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(at), number);
        for (var at = 54; at < file.Length; at++)
            file[at] = (byte)(at * 31);
        return file;
    }

    /// <summary>Four colours; codes of one width, for the table is cleared before it grows.</summary>
    private static byte[] Gif(ImageSize size)
    {
        List<byte> codes = [];
        var (bits, count) = (0, 0);
        for (var pixel = 0; pixel < size.Pixels; pixel++)
        {
            if (pixel % 2 == 0)
                Put(4);
            Put(pixel % 4);
        }
        Put(5);
        codes.Add((byte)bits);
        byte[] sides = [(byte)size.Width, 0, (byte)size.Height, 0];
        List<byte> file = [.. "GIF89a"u8, .. sides, 0x81, 0, 0, 0, 0, 0, 255, 0, 0, 0, 255, 0, 0, 0, 255];
        file.AddRange([0x2C, 0, 0, 0, 0, .. sides, 0, 2]);
        foreach (var block in codes.Chunk(255))
            file.AddRange([(byte)block.Length, .. block]);
        file.AddRange([0, 0x3B]);
        return [.. file];

        void Put(int code)
        {
            bits |= code << count;
            for (count += 3; count >= 8; count -= 8, bits >>= 8)
                codes.Add((byte)bits);
        }
    }
}
