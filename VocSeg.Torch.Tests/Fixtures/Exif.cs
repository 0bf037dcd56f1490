using System.Buffers.Binary;

namespace VocSeg.Torch.Tests;

/// <summary>EXIF data with an orientation, and files that carry it.</summary>
internal static class Exif
{
    /// <summary>A TIFF header and one directory: another tag, then the orientation.</summary>
    internal static byte[] Orientation(int value, bool little, int type = 3, int count = 1)
    {
        var bytes = new byte[8 + 2 + 2 * 12 + 4];
        (little ? "II*\0"u8 : "MM\0*"u8).CopyTo(bytes);
        Put(4, 8, 4);
        Put(8, 2, 2);
        Entry(10, 0x0103, 3, 1, 6);
        Entry(22, 0x0112, type, count, value);
        return bytes;

        void Entry(int at, int tag, int kind, int values, int content)
        {
            Put(at, tag, 2);
            Put(at + 2, kind, 2);
            Put(at + 4, values, 4);
            Put(at + 8, content, kind == 3 ? 2 : 4);
        }

        void Put(int at, int number, int length)
        {
            var to = bytes.AsSpan(at, length);
            if (length == 2 && little)
                BinaryPrimitives.WriteUInt16LittleEndian(to, (ushort)number);
            else if (length == 2)
                BinaryPrimitives.WriteUInt16BigEndian(to, (ushort)number);
            else if (little)
                BinaryPrimitives.WriteInt32LittleEndian(to, number);
            else
                BinaryPrimitives.WriteInt32BigEndian(to, number);
        }
    }

    /// <summary>A JPEG with another segment right behind its first marker.</summary>
    internal static byte[] WithSegment(byte[] jpeg, byte marker, ReadOnlySpan<byte> content)
    {
        var length = (ushort)(2 + content.Length);
        return [.. jpeg[..2], 0xFF, marker, (byte)(length >> 8), (byte)length, .. content, .. jpeg[2..]];
    }

    internal static byte[] InJpeg(byte[] jpeg, byte[] exif) => WithSegment(jpeg, 0xE1, [.. "Exif\0\0"u8, .. exif]);

    internal static byte[] InPng(byte[] png, byte[] exif)
    {
        using var file = new MemoryStream();
        file.Write(png.AsSpan(0, 33));
        PngWriter.WriteChunk(file, "eXIf"u8, exif);
        file.Write(png.AsSpan(33));
        return file.ToArray();
    }
}
