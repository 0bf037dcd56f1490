using System.Buffers.Binary;
using System.Runtime.Intrinsics;

namespace VocSeg.Torch;

/// <summary>
/// Decompresses zlib streams (RFC 1950, 1951) that lie in memory as a whole, as far as wanted. Unlike the stream of the runtime it allocates nothing
/// a stream and can stop early. One a worker; not for use by two threads.
/// </summary>
internal sealed unsafe class Inflater
{
    /// <summary>How many bytes behind the compressed ones are read, whatever they are.</summary>
    internal const int InputSlack = 32;

    /// <summary>How many bytes behind the wanted ones may be written.</summary>
    internal const int OutputSlack = 258 + 32;

    private const uint Literal = 0x80;
    private const uint EndOfBlock = 0x40;
    private const int ZlibHeader = 2;

    private static readonly uint[] LiteralMeanings = BuildLiteralMeanings();
    private static readonly uint[] DistanceMeanings = BuildDistanceMeanings();
    private static readonly uint[] LengthMeanings = [.. Enumerable.Range(0, 19).Select(symbol => (uint)symbol << 16)];

    private readonly HuffmanCode literals = new();
    private readonly HuffmanCode distances = new();
    private readonly HuffmanCode lengths = new();

    private byte* input;
    private byte* inputEnd;
    private byte* output;
    private ulong bits;
    private int bitCount;

    /// <summary>Decompresses the first bytes of a stream, or all of it.</summary>
    /// <param name="stream">The stream; <see cref="InputSlack"/> bytes behind it can be read.</param>
    /// <param name="streamLength">Its length.</param>
    /// <param name="destination">Where to write; <see cref="OutputSlack"/> bytes behind the wanted ones are written to as well.</param>
    /// <param name="wanted">How many bytes to write.</param>
    /// <param name="whole">The stream must hold just the wanted bytes, with their checksum behind them.</param>
    /// <returns>False where the stream is damaged, cut short or another than was said.</returns>
    internal bool TryInflate(byte* stream, int streamLength, byte* destination, int wanted, bool whole)
    {
        if (streamLength < ZlibHeader || (stream[0] & 15) != 8 || (stream[1] & 32) != 0 || ((stream[0] << 8) | stream[1]) % 31 != 0)
            return false;
        input = stream + ZlibHeader;
        inputEnd = stream + streamLength;
        output = destination;
        bits = 0;
        bitCount = 0;

        // One byte too many is seen only by the one who looks for it.
        var stop = destination + wanted + (whole ? 1 : 0);
        bool last;
        do
        {
            Refill();
            last = Take(1) != 0;
            var sound = Take(2) switch
            {
                0 => TryCopyStored(stop),
                1 => TrySetFixedCodes() && TryReadBlock(destination, stop),
                2 => TryReadCodes() && TryReadBlock(destination, stop),
                _ => false,
            };
            if (!sound)
                return false;
        }
        while (!last && output < stop);

        if (!whole)
            return output >= stop;
        ToByteBoundary();
        return output - destination == wanted && inputEnd - input >= sizeof(uint)
            && BinaryPrimitives.ReadUInt32BigEndian(new(input, sizeof(uint))) == Adler32.Of(new(destination, wanted));
    }

    /// <summary>Reads a block up to its end, or up to the last byte that is wanted.</summary>
    private bool TryReadBlock(byte* start, byte* stop)
    {
        // Locals stay in registers.
        var from = input;
        var buffer = bits;
        var count = bitCount;
        var to = output;
        while (to < stop)
        {
            // The longest length and distance take 48 bits together.
            buffer |= BinaryPrimitives.ReadUInt64LittleEndian(new(from, sizeof(ulong))) << count;
            from += (63 - count) >> 3;
            count |= 56;
            if (from - (count >> 3) > inputEnd)
                return false;

            var entry = literals.Next(buffer);
            Drop(entry, ref buffer, ref count);
            if ((entry & Literal) != 0)
            {
                *to++ = (byte)(entry >> 16);
                continue;
            }
            if ((entry & EndOfBlock) != 0)
                break;
            var length = (int)(entry >> 16) + Extra(entry, ref buffer, ref count);
            var distanceEntry = distances.Next(buffer);
            Drop(distanceEntry, ref buffer, ref count);
            var distance = (int)(distanceEntry >> 16) + Extra(distanceEntry, ref buffer, ref count);
            // Symbols without a meaning have length or distance 0.
            if (length == 0 || (nuint)(distance - 1) >= (nuint)(to - start))
                return false;
            CopyMatch(to, distance, length);
            to += length;
        }
        input = from;
        bits = buffer;
        bitCount = count;
        output = to;
        return true;
    }

    /// <summary>Copies a match; up to 31 bytes behind it are overwritten.</summary>
    private static void CopyMatch(byte* to, int distance, int length)
    {
        var end = to + length;
        if (distance >= Vector256<byte>.Count)
        {
            for (; to < end; to += Vector256<byte>.Count)
                Vector256.Store(Vector256.Load(to - distance), to);
        }
        else if (distance == 1)
        {
            var repeated = Vector256.Create(to[-1]);
            for (; to < end; to += Vector256<byte>.Count)
                Vector256.Store(repeated, to);
        }
        else
        {
            for (; to < end; to++)
                *to = to[-distance];
        }
    }

    private bool TryCopyStored(byte* stop)
    {
        ToByteBoundary();
        if (inputEnd - input < 4)
            return false;
        int length = BinaryPrimitives.ReadUInt16LittleEndian(new(input, sizeof(ushort)));
        int complement = BinaryPrimitives.ReadUInt16LittleEndian(new(input + sizeof(ushort), sizeof(ushort)));
        input += 2 * sizeof(ushort);
        if ((length ^ complement) != 0xFFFF || length > inputEnd - input)
            return false;
        var copied = (int)Math.Min(length, stop - output);
        new ReadOnlySpan<byte>(input, copied).CopyTo(new(output, copied));
        input += length;
        output += copied;
        return true;
    }

    private bool TrySetFixedCodes()
    {
        Span<byte> words = stackalloc byte[288];
        words[..144].Fill(8);
        words[144..256].Fill(9);
        words[256..280].Fill(7);
        words[280..].Fill(8);
        Span<byte> fives = stackalloc byte[32];
        fives.Fill(5);
        return literals.TrySet(words, LiteralMeanings) && distances.TrySet(fives, DistanceMeanings);
    }

    private bool TryReadCodes()
    {
        ReadOnlySpan<byte> order = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
        Refill();
        var literalCount = Take(5) + 257;
        var distanceCount = Take(5) + 1;
        var lengthCount = Take(4) + 4;
        Span<byte> words = stackalloc byte[320];
        words[..order.Length].Clear();
        for (var i = 0; i < lengthCount; i++)
        {
            Refill();
            words[order[i]] = (byte)Take(3);
        }
        if (literalCount > 286 || distanceCount > 30 || !lengths.TrySet(words[..order.Length], LengthMeanings))
            return false;

        for (var at = 0; at < literalCount + distanceCount;)
        {
            Refill();
            var entry = lengths.Next(bits);
            if (entry == 0 || input - (bitCount >> 3) > inputEnd)
                return false;
            Take((int)(entry & HuffmanCode.LengthMask));
            var symbol = (int)(entry >> 16);
            var (value, repeats) = symbol switch
            {
                16 => (at == 0 ? 255 : words[at - 1], 3 + Take(2)),
                17 => (0, 3 + Take(3)),
                18 => (0, 11 + Take(7)),
                _ => (symbol, 1),
            };
            if (value == 255 || repeats > literalCount + distanceCount - at)
                return false;
            words.Slice(at, repeats).Fill((byte)value);
            at += repeats;
        }
        return literals.TrySet(words[..literalCount], LiteralMeanings)
            && distances.TrySet(words.Slice(literalCount, distanceCount), DistanceMeanings);
    }

    // Loads the same bits again over those that are there, so that at least 56 are.
    private void Refill()
    {
        if (input - (bitCount >> 3) > inputEnd)
            return;
        bits |= BinaryPrimitives.ReadUInt64LittleEndian(new(input, sizeof(ulong))) << bitCount;
        input += (63 - bitCount) >> 3;
        bitCount |= 56;
    }

    private int Take(int count)
    {
        var taken = (int)(bits & ((1UL << count) - 1));
        bits >>= count;
        bitCount -= count;
        return taken;
    }

    private void ToByteBoundary()
    {
        input -= bitCount >> 3;
        bits = 0;
        bitCount = 0;
    }

    private static void Drop(uint entry, ref ulong buffer, ref int count)
    {
        buffer >>= (int)(entry & HuffmanCode.LengthMask);
        count -= (int)(entry & HuffmanCode.LengthMask);
    }

    private static int Extra(uint entry, ref ulong buffer, ref int count)
    {
        var extraBits = (int)(entry >> 8) & 31;
        var extra = (int)(buffer & ((1UL << extraBits) - 1));
        buffer >>= extraBits;
        count -= extraBits;
        return extra;
    }

    // Lengths 3 to 258: eight symbols without extra bits, then four a number of extra bits, and 258 by itself.
    private static uint[] BuildLiteralMeanings()
    {
        var meanings = new uint[288];
        for (var symbol = 0u; symbol < 256; symbol++)
            meanings[symbol] = (symbol << 16) | Literal;
        meanings[256] = EndOfBlock;
        for (uint symbol = 257, length = 3; symbol < 285; symbol++)
        {
            var extraBits = symbol < 265 ? 0 : (symbol - 261) / 4;
            meanings[symbol] = (length << 16) | (extraBits << 8);
            length += 1u << (int)extraBits;
        }
        meanings[285] = 258 << 16;
        return meanings;
    }

    private static uint[] BuildDistanceMeanings()
    {
        var meanings = new uint[32];
        for (uint symbol = 0, distance = 1; symbol < 30; symbol++)
        {
            var extraBits = symbol < 4 ? 0 : (symbol - 2) / 2;
            meanings[symbol] = (distance << 16) | (extraBits << 8);
            distance += 1u << (int)extraBits;
        }
        return meanings;
    }
}
