using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;

namespace VocSeg.Torch.Tests;

/// <summary>
/// Damages image files: bytes, runs of bytes, the segments or chunks that the format is made of, and the rows in a PNG
/// behind its compression.
/// </summary>
internal static class Mutation
{
    /// <summary>A damaged copy of a file.</summary>
    /// <param name="random">Decides the damage.</param>
    /// <param name="file">The bytes of a JPEG, a PNG or any other file.</param>
    /// <param name="other">Another file, which parts may be taken from.</param>
    internal static byte[] Apply(Random random, byte[] file, byte[] other)
    {
        var bytes = file;
        for (var times = 1 + random.Next(3); times > 0; times--)
        {
            bytes = random.Next(12) switch
            {
                0 or 1 => WithBytes(random, bytes, _ => (byte)random.Next(256)),
                2 or 3 => WithBytes(random, bytes, value => (byte)(value ^ (1 << random.Next(8)))),
                4 => WithBytes(random, bytes, _ => random.Next(2) == 0 ? (byte)0 : byte.MaxValue),
                5 => bytes[..random.Next(Math.Min(1, bytes.Length), bytes.Length + 1)],
                6 => WithRun(random, bytes, bytes),
                7 => WithRun(random, bytes, other),
                8 or 9 when ImageHeader.IsPng(bytes) => WithRows(random, bytes),
                _ => WithPart(random, bytes, other),
            };
        }
        if (bytes.Length == 0)
            return [0];
        return ImageHeader.IsPng(bytes) && random.Next(4) > 0 ? WithRightChecksums(bytes) : bytes;
    }

    /// <summary>The parts of a file: where each begins, in order, and the end of the last.</summary>
    internal static List<int> Parts(byte[] file)
    {
        List<int> parts = [];
        if (file.AsSpan().StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8]))
        {
            var at = 2;
            for (; at + 4 <= file.Length && file[at] == 0xFF; at += 2 + 256 * file[at + 2] + file[at + 3])
                parts.Add(at);
            parts.Add(Math.Min(at, file.Length));
        }
        else if (ImageHeader.IsPng(file))
        {
            long at = 8;
            for (; at + 12 <= file.Length; at += 12 + BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan((int)at)))
                parts.Add((int)at);
            parts.Add((int)Math.Min(at, file.Length));
        }
        return parts;
    }

    private static byte[] WithBytes(Random random, byte[] file, Func<byte, byte> change)
    {
        var bytes = file.ToArray();
        // Half of the damage goes to the front, where the headers are.
        var end = random.Next(2) == 0 ? bytes.Length : Math.Min(bytes.Length, 64);
        for (var count = 1 + random.Next(4); count > 0 && end > 0; count--)
        {
            var at = random.Next(end);
            bytes[at] = change(bytes[at]);
        }
        return bytes;
    }

    /// <summary>Replaces a run of bytes, of any length from nothing, by another one.</summary>
    private static byte[] WithRun(Random random, byte[] file, byte[] source)
    {
        var (start, from) = (random.Next(file.Length + 1), random.Next(source.Length + 1));
        var end = Math.Min(file.Length, start + random.Next(40));
        return [.. file[..start], .. source[from..Math.Min(source.Length, from + random.Next(40))], .. file[end..]];
    }

    /// <summary>Leaves a segment or chunk out, repeats it, or puts one of another file in its place.</summary>
    private static byte[] WithPart(Random random, byte[] file, byte[] other)
    {
        var (own, others) = (Parts(file), Parts(other));
        if (own.Count < 2)
            return WithRun(random, file, other);
        var part = random.Next(own.Count - 1);
        var (front, back) = (file[..own[part]], file[own[part + 1]..]);
        switch (random.Next(3))
        {
            case 0:
                return [.. front, .. back];
            case 1 when others.Count > 1:
                var taken = random.Next(others.Count - 1);
                return [.. front, .. other[others[taken]..others[taken + 1]], .. back];
            default:
                return [.. front, .. file[own[part]..own[part + 1]], .. file[own[part]..]];
        }
    }

    /// <summary>Damages the rows of a PNG, and compresses them again as they should be.</summary>
    private static byte[] WithRows(Random random, byte[] png)
    {
        var parts = Parts(png);
        using var compressed = new MemoryStream();
        using var file = new MemoryStream();
        file.Write(png.AsSpan(0, 8));
        var isWritten = false;
        for (var part = 0; part + 1 < parts.Count; part++)
        {
            var chunk = png.AsSpan(parts[part]..parts[part + 1]);
            if (chunk.Length >= 12 && chunk[4..].StartsWith("IDAT"u8))
                compressed.Write(chunk[8..^4]);
        }
        var rows = WithBytes(
            random, Inflate(compressed.ToArray()), value => (byte)(random.Next(2) == 0 ? random.Next(6) : value + 1));
        for (var part = 0; part + 1 < parts.Count; part++)
        {
            var chunk = png.AsSpan(parts[part]..parts[part + 1]);
            if (chunk.Length < 12 || !chunk[4..].StartsWith("IDAT"u8))
            {
                file.Write(chunk);
                continue;
            }
            if (!isWritten)
                PngWriter.WriteChunk(file, "IDAT"u8, FilteredPng.Compress(rows, CompressionLevel.Fastest));
            isWritten = true;
        }
        return file.ToArray();
    }

    private static byte[] Inflate(byte[] compressed)
    {
        using var rows = new MemoryStream();
        try
        {
            using var stream = new ZLibStream(new MemoryStream(compressed), CompressionMode.Decompress);
            stream.CopyTo(rows);
        }
        catch (Exception error) when (error is InvalidDataException or IOException)
        {
            // As far as they go.
        }
        return rows.ToArray();
    }

    private static byte[] WithRightChecksums(byte[] png)
    {
        var bytes = png.ToArray();
        var parts = Parts(bytes);
        for (var part = 0; part + 1 < parts.Count; part++)
        {
            var chunk = bytes.AsSpan(parts[part]..parts[part + 1]);
            if (chunk.Length >= 12)
                BinaryPrimitives.WriteUInt32BigEndian(chunk[^4..], Crc32.HashToUInt32(chunk[4..^4]));
        }
        return bytes;
    }
}
