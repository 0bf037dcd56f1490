using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace VocSeg.Torch;

/// <summary>
/// Looks at a tar's headers as its bytes go by, before the tar reader gets them, for that one passes over devices in silence and makes room for a
/// long name of any length. Also makes the SHA-1.
/// </summary>
internal sealed class TarScreen(Stream source, bool hashed, Action<long> advanced) : Stream
{
    private const int Block = 512;
    private const int NameLength = 100, SizeAt = 124, NumberLength = 12, SumAt = 148, SumLength = 8, TypeAt = 156;
    private readonly IncrementalHash? hash = hashed ? IncrementalHash.CreateHash(HashAlgorithmName.SHA1) : null;
    private readonly byte[] header = new byte[Block];
    private int headerFill;
    private long contentLeft;
    private long totalBytes;
    private int members;
    private long done;

    /// <summary>Whether the end that a tar writes behind its last member has gone by; without it the tar is cut short.</summary>
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

    /// <summary>Reads what is left and gives the SHA-1 of all.</summary>
    internal string Sum()
    {
        var rest = new byte[1 << 16];
        while (Read(rest, 0, rest.Length) > 0)
        {
        }
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
                Judge();
            }
        }
    }

    private void Judge()
    {
        if (!header.AsSpan().ContainsAnyExcept((byte)0))
        {
            SawEnd = true;
            return;
        }
        if (Number(SumAt, SumLength) != HeaderSum())
            throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"not a tar, or a damaged one: the member header before byte {done} has a wrong checksum"));
        var size = Number(SizeAt, NumberLength);
        var limit = TarLimits.MemberBytes;
        switch ((char)header[TypeAt])
        {
            case '0' or '\0':
                break;
            case '5':
                limit = 0;
                break;
            case 'L' or 'x' or 'g':
                limit = TarLimits.ExtensionBytes;
                break;
            case '1' or '2':
                throw Refused("is a link");
            case '3' or '4' or '6':
                throw Refused("is a device or pipe");
            default:
                throw Refused("is neither file nor folder");
        }
        if (size < 0 || size > limit)
            throw Refused(string.Create(CultureInfo.InvariantCulture, $"has {size} bytes, more than the {limit} that such a member may have"));
        if (++members > TarLimits.Members || (totalBytes += size) > TarLimits.TotalBytes)
            throw Refused("is one too many: there are too many files or bytes for a VOC tar");
        contentLeft = (size + Block - 1) / Block * Block;
    }

    private InvalidDataException Refused(string why)
    {
        var name = header.AsSpan(0, NameLength);
        var end = name.IndexOf((byte)0);
        return new($"the member '{MemberPath.Printable(Encoding.UTF8.GetString(end < 0 ? name : name[..end]))}' {why}");
    }

    private long HeaderSum()
    {
        long sum = 0;
        for (var at = 0; at < Block; at++)
            sum += at is >= SumAt and < SumAt + SumLength ? ' ' : header[at];
        return sum;
    }

    /// <summary>A number in octal digits, or in binary where its first bit is set; -1 where it is neither, or too large.</summary>
    private long Number(int at, int length)
    {
        var field = header.AsSpan(at, length);
        long value = 0;
        if ((field[0] & 0x80) != 0)
        {
            if (field[0] != 0x80 || field[1..^8].ContainsAnyExcept((byte)0))
                return -1;
            foreach (var part in field[^8..])
                value = value << 8 | part;
            return value;
        }
        foreach (var digit in field.Trim(" \0"u8))
        {
            if (digit is < (byte)'0' or > (byte)'7')
                return -1;
            value = value << 3 | (uint)(digit - '0');
        }
        return value;
    }
}
