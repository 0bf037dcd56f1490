using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace VocSeg.Torch;

/// <summary>
/// Checks the headers of a tar while its bytes pass to the tar reader, which would skip devices in silence and allocate
/// memory for a long name of any length. Computes the SHA-1 as well.
/// </summary>
internal sealed class TarScreen(Stream source, bool hashed, Action<long> advanced) : Stream
{
    // A VOC tar stays far below these limits; one that does not is refused before it fills the disk.
    private const long MemberLimit = 64L << 20, TotalLimit = 16L << 30;
    private const int MembersLimit = 500_000;

    /// <summary>The limit for a header that holds a long name, or further fields of the next member.</summary>
    private const long ExtensionLimit = 64 << 10;

    private const int Block = 512;
    private const int NameLength = 100, SizeAt = 124, SizeLength = 12;
    private const int ChecksumAt = 148, ChecksumLength = 8, TypeAt = 156;
    private readonly IncrementalHash? hash = hashed ? IncrementalHash.CreateHash(HashAlgorithmName.SHA1) : null;
    private readonly byte[] header = new byte[Block];
    private int headerFill;
    private long contentLeft;
    private long totalBytes;
    private int members;
    private long done;

    /// <summary>Whether the block that ends a tar has passed; without it the tar is cut short.</summary>
    internal bool SawEnd { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => source.Length;

    public override long Position
    {
        get => done;
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> span)
    {
        var read = source.Read(span);
        hash?.AppendData(span[..read]);
        Look(span[..read]);
        done += read;
        advanced(done);
        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <summary>Reads the rest and returns the SHA-1 of the whole tar.</summary>
    internal string Checksum()
    {
        CopyTo(Null);
        return Convert.ToHexString(hash!.GetCurrentHash()).ToLowerInvariant();
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            hash?.Dispose();
            source.Dispose();
        }
        base.Dispose(disposing);
    }

    private void Look(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0 && !SawEnd)
        {
            if (contentLeft > 0)
            {
                var skipped = (int)Math.Min(contentLeft, bytes.Length);
                contentLeft -= skipped;
                bytes = bytes[skipped..];
                continue;
            }
            var taken = Math.Min(Block - headerFill, bytes.Length);
            bytes[..taken].CopyTo(header.AsSpan(headerFill));
            bytes = bytes[taken..];
            headerFill += taken;
            if (headerFill == Block)
            {
                headerFill = 0;
                CheckHeader();
            }
        }
    }

    private void CheckHeader()
    {
        if (!header.AsSpan().ContainsAnyExcept((byte)0))
        {
            SawEnd = true;
            return;
        }
        if (Number(ChecksumAt, ChecksumLength) != HeaderChecksum())
        {
            throw new InvalidDataException(string.Create(
                CultureInfo.InvariantCulture,
                $"not a tar, or a damaged one: the member header near byte {done} has a wrong checksum"));
        }
        var limit = (char)header[TypeAt] switch
        {
            '0' or '\0' => MemberLimit,
            '5' => 0,
            'L' or 'x' or 'g' => ExtensionLimit,
            '1' or '2' => throw Refused("is a link"),
            '3' or '4' or '6' => throw Refused("is a device or pipe"),
            _ => throw Refused("is neither file nor folder"),
        };
        var size = Number(SizeAt, SizeLength);
        if (size < 0 || size > limit)
        {
            throw Refused(string.Create(
                CultureInfo.InvariantCulture, $"has {size} bytes, more than the {limit} that such a member may have"));
        }
        if (++members > MembersLimit || (totalBytes += size) > TotalLimit)
            throw Refused("is one too many: there are too many files or bytes for a VOC tar");
        contentLeft = (size + Block - 1) / Block * Block;
    }

    private InvalidDataException Refused(string why)
    {
        var name = Encoding.UTF8.GetString(header, 0, NameLength).Split('\0')[0];
        return MemberPath.Refused(name, why);
    }

    /// <summary>The header's checksum: its bytes added up, those of the checksum field as blanks.</summary>
    private long HeaderChecksum()
    {
        long checksum = ChecksumLength * ' ';
        for (var at = 0; at < Block; at++)
            checksum += at is >= ChecksumAt and < ChecksumAt + ChecksumLength ? 0 : header[at];
        return checksum;
    }

    /// <summary>
    /// A number in octal digits, or in binary where the first bit is set; -1 where it is neither or does not fit.
    /// </summary>
    private long Number(int at, int length)
    {
        var field = header.AsSpan(at, length);
        if ((field[0] & 0x80) != 0)
        {
            var fits = field[0] == 0x80 && !field[1..^8].ContainsAnyExcept((byte)0);
            return fits ? BinaryPrimitives.ReadInt64BigEndian(field[^8..]) : -1;
        }
        long value = 0;
        foreach (var digit in field.Trim(" \0"u8))
        {
            if (digit is < (byte)'0' or > (byte)'7')
                return -1;
            value = value << 3 | (uint)(digit - '0');
        }
        return value;
    }
}
