using System.Buffers;
using System.Buffers.Binary;
using System.IO.Hashing;

namespace VocSeg.Torch;

/// <summary>The formats of image files that are told apart.</summary>
internal enum ImageFormat
{
    Jpeg,
    Png,
    Webp,
    Bmp,
    Gif,
    Other,
}

/// <summary>What the header of an image file says.</summary>
/// <param name="Size">The size of the image as it is stored, before any turning.</param>
/// <param name="Orientation">The EXIF orientation, 1 to 8; 1 where the file says none that can be understood.</param>
/// <param name="Format">The format, by the file's bytes and not by its name.</param>
internal readonly record struct ImageHeader(ImageSize Size, int Orientation, ImageFormat Format)
{
    // Nearly every header ends in the first 4 KiB; previews and colour profiles make longer ones.
    private const int FirstBytes = 4096;
    private const int MostBytes = FirstBytes << 8;

    /// <summary>The endings of the names of image files.</summary>
    internal static readonly string[] Endings = [".jpg", ".jpeg", ".png", ".webp", ".bmp"];

    internal static ReadOnlySpan<byte> PngSignature => [0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10];

    /// <summary>Whether a file begins as a JPEG file does.</summary>
    internal static bool IsJpeg(ReadOnlySpan<byte> file) => file.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]);

    /// <summary>The same of a file that has not been read.</summary>
    /// <exception cref="DatasetException">The file cannot be read.</exception>
    internal static bool IsJpeg(string path, string? sampleId = null)
    {
        using var handle = EncodedFile.Open(path, out _, sampleId);
        try
        {
            Span<byte> first = stackalloc byte[3];
            return IsJpeg(first[..RandomAccess.Read(handle, first, 0)]);
        }
        catch (Exception error) when (DatasetException.IsOfFile(error))
        {
            throw EncodedFile.Fault(path, error, sampleId);
        }
    }

    /// <summary>Whether a file begins as a PNG file does.</summary>
    internal static bool IsPng(ReadOnlySpan<byte> file) => file.StartsWith(PngSignature);

    internal static bool HasEnding(string name) => StemOf(name) is not null;

    /// <summary>A file name without its ending; null where the ending is none of an image.</summary>
    internal static string? StemOf(string name)
    {
        foreach (var ending in Endings)
        {
            if (name.Length > ending.Length && name.EndsWith(ending, StringComparison.OrdinalIgnoreCase))
                return name[..^ending.Length];
        }
        return null;
    }

    /// <summary>Reads the first bytes of a JPEG or PNG file, and all bytes of another one.</summary>
    /// <param name="path">The file.</param>
    /// <param name="maxPixels">The most pixels that the image may have.</param>
    /// <exception cref="DatasetException">The file cannot be read, is no image, or has more pixels.</exception>
    internal static ImageHeader Read(string path, long maxPixels)
    {
        if (ReadFront(path) is not { } header)
        {
            var file = new EncodedFile();
            file.Read(path);
            header = SkiaDecoder.ReadHeader(file);
        }
        if (header.Size.Pixels <= maxPixels)
            return header;
        var (width, height) = (header.Size.Width, header.Size.Height);
        throw new DatasetException(
            DatasetFault.TooLarge, path,
            $"the image has {width} x {height} = {header.Size.Pixels} pixels (width x height), more than the "
            + $"{maxPixels} that MaxPixels allows; raise MaxPixels, or take its id out of the list.");
    }

    /// <returns>Null where the front of the file does not say for certain.</returns>
    private static ImageHeader? ReadFront(string path)
    {
        using var handle = EncodedFile.Open(path, out var length);
        for (var wanted = FirstBytes; ; wanted *= 16)
        {
            var buffer = ArrayPool<byte>.Shared.Rent(wanted);
            try
            {
                int read = 0, more;
                do
                    read += more = RandomAccess.Read(handle, buffer.AsSpan(read, wanted - read), read);
                while (more > 0);
                var front = buffer.AsSpan(0, read);
                var isLast = read >= length || wanted >= MostBytes;
                var isCut = false;
                var header = IsJpeg(front) ? ReadJpeg(path, front, out isCut)
                    : IsPng(front) ? ReadPng(path, front, out isCut)
                    : null;
                if (!isCut || isLast)
                    return header;
            }
            catch (Exception error) when (DatasetException.IsOfFile(error))
            {
                throw EncodedFile.Fault(path, error);
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }
    }

    private static ImageHeader? ReadJpeg(string path, ReadOnlySpan<byte> front, out bool isCut)
    {
        const byte StartOfFrame = 0xC0, HuffmanTables = 0xC4, Exif = 0xE1; // application segment 1
        var orientation = 0;
        isCut = true;
        for (var at = 2; ;)
        {
            // A marker may have any number of FF bytes in front.
            while (at + 1 < front.Length && front[at] == 0xFF && front[at + 1] == 0xFF)
                at++;
            if (front.Length - at < 4)
                return null;
            var (marker, length) = (front[at + 1], BinaryPrimitives.ReadUInt16BigEndian(front[(at + 2)..]));
            var isOther = marker is < StartOfFrame or (> StartOfFrame + 2 and < 0xDB and not HuffmanTables);
            if (front[at] != 0xFF || isOther || length < 2)
            {
                isCut = false;
                return null;
            }
            if (length > front.Length - at - 2)
                return null;
            var content = front.Slice(at + 4, length - 2);
            if (marker == Exif && orientation == 0 && content.StartsWith("Exif\0\0"u8))
                orientation = ExifOrientation.Read(content[6..]);
            if (marker is >= StartOfFrame and <= StartOfFrame + 2)
            {
                isCut = false;
                if (content.Length < 6 || content[0] != 8)
                    return null;
                var height = BinaryPrimitives.ReadUInt16BigEndian(content[1..]);
                var width = BinaryPrimitives.ReadUInt16BigEndian(content[3..]);
                return new(SizeOf(path, height, width), Math.Max(1, orientation), ImageFormat.Jpeg);
            }
            at += 2 + length;
        }
    }

    private static ImageHeader? ReadPng(string path, ReadOnlySpan<byte> front, out bool isCut)
    {
        const int Start = 8, Frame = 12, Content = 13; // signature; length, name and checksum of a chunk; header
        isCut = front.Length < Start + Frame + Content;
        if (isCut || !front[Start..].StartsWith("\0\0\0\rIHDR"u8))
            return null;
        var checksum = BinaryPrimitives.ReadUInt32BigEndian(front[(Start + 8 + Content)..]);
        if (checksum != Crc32.HashToUInt32(front.Slice(Start + 4, 4 + Content)))
            return null;
        var width = BinaryPrimitives.ReadUInt32BigEndian(front[(Start + 8)..]);
        var height = BinaryPrimitives.ReadUInt32BigEndian(front[(Start + 12)..]);
        var size = SizeOf(path, height, width);
        var header = new ImageHeader(size, 1, ImageFormat.Png);
        for (var chunk = front[(Start + Frame + Content)..]; ;)
        {
            isCut = chunk.Length < 8;
            if (isCut)
                return header;
            var length = BinaryPrimitives.ReadUInt32BigEndian(chunk);
            var name = chunk.Slice(4, 4);
            if (name.SequenceEqual("IDAT"u8) || name.SequenceEqual("IEND"u8))
                return header;
            isCut = length > chunk.Length - Frame;
            if (isCut)
                return header;
            if (name.SequenceEqual("eXIf"u8))
                return header with { Orientation = ExifOrientation.Read(chunk.Slice(8, (int)length)) };
            chunk = chunk[(Frame + (int)length)..];
        }
    }

    private static ImageSize SizeOf(string path, uint height, uint width)
    {
        if (height is > 0 and <= int.MaxValue && width is > 0 and <= int.MaxValue)
            return new((int)height, (int)width);
        throw new DatasetException(
            DatasetFault.Damaged, path,
            $"the header says {width} x {height} pixels (width x height), which no image has; put a sound file in its "
            + "place, or take its id out of the list.");
    }
}
