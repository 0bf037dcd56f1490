using System.Buffers.Binary;

namespace VocSeg.Torch.Tests;

/// <summary>Small files of large gray images whose decoding takes long: a bit per block and scan.</summary>
internal static class FlatJpegs
{
    /// <param name="size">The size of the image.</param>
    /// <param name="scans">1 for the mean of every block, and one more for each frequency, at most 64.</param>
    internal static byte[] Progressive(ImageSize size, int scans)
    {
        using var file = new MemoryStream();
        file.Write([0xFF, 0xD8]);
        Segment(file, 0xDB, [0, .. Enumerable.Repeat((byte)1, 64)]);
        var frame = new byte[] { 8, 0, 0, 0, 0, 1, 1, 0x11, 0 };
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(1), (ushort)size.Height);
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(3), (ushort)size.Width);
        Segment(file, 0xC2, frame);
        // One code of one bit: no difference to the block before, or no further coefficient.
        foreach (var table in new byte[] { 0x00, 0x10 })
            Segment(file, 0xC4, [table, 1, .. new byte[15], 0]);
        var blocks = (size.Height + 7L) / 8 * ((size.Width + 7) / 8);
        for (byte scan = 0; scan < scans; scan++)
        {
            Segment(file, 0xDA, [1, 1, 0, scan, scan, 0]);
            file.Write(new byte[blocks / 8]);
            if (blocks % 8 != 0)
                file.WriteByte((byte)(0xFF >> (int)(blocks % 8)));
        }
        file.Write([0xFF, 0xD9]);
        return file.ToArray();
    }

    private static void Segment(Stream file, byte marker, ReadOnlySpan<byte> content)
    {
        file.Write([0xFF, marker, (byte)((content.Length + 2) >> 8), (byte)(content.Length + 2)]);
        file.Write(content);
    }
}
