namespace VocSeg.Torch;

/// <summary>
/// A prefix code of deflate. A symbol comes as its entry: what it stands for, put together by the caller, over the length of its
/// code word in the five lowest bits.
/// </summary>
internal sealed class HuffmanCode
{
    /// <summary>The bits of an entry that hold the length of the code word.</summary>
    internal const uint LengthMask = 31;

    private const int FastBits = 10;
    private const int LongestWord = 15;

    private readonly uint[] fast = new uint[1 << FastBits];
    private readonly uint[] sorted = new uint[288];
    private readonly int[] counts = new int[LongestWord + 1];

    /// <summary>Sets the code from the lengths of its words, 0 for a symbol without one.</summary>
    /// <param name="lengths">The length of every symbol's word.</param>
    /// <param name="meanings">The entry of every symbol without its length.</param>
    /// <returns>False where the lengths make no code.</returns>
    internal bool TrySet(ReadOnlySpan<byte> lengths, ReadOnlySpan<uint> meanings)
    {
        Array.Clear(counts);
        foreach (var length in lengths)
            counts[length]++;
        var words = lengths.Length - counts[0];
        counts[0] = 0;

        Span<int> next = stackalloc int[LongestWord + 2];
        Span<int> word = stackalloc int[LongestWord + 2];
        for (var length = 1; length <= LongestWord; length++)
        {
            next[length + 1] = next[length] + counts[length];
            word[length + 1] = (word[length] + counts[length]) << 1;
            if (word[length] + counts[length] > 1 << length)
                return false;
        }
        // A code with words to spare is sound only where it has at most one word.
        if (word[LongestWord + 1] != 1 << (LongestWord + 1) && words > 1)
            return false;

        Array.Clear(fast);
        for (var symbol = 0; symbol < lengths.Length; symbol++)
        {
            int length = lengths[symbol];
            if (length == 0)
                continue;
            var entry = meanings[symbol] | (uint)length;
            sorted[next[length]++] = entry;
            var reversed = Reverse(word[length]++, length);
            for (var at = reversed; at < fast.Length && length <= FastBits; at += 1 << length)
                fast[at] = entry;
        }
        return true;
    }

    /// <summary>The entry of the word that the lowest bits begin with, or 0 where there is no such word.</summary>
    internal uint Next(ulong bits)
    {
        var entry = fast[(int)bits & ((1 << FastBits) - 1)];
        return entry != 0 ? entry : NextLong(bits);
    }

    // Words of one length are consecutive numbers, so the first of each length tells them apart.
    private uint NextLong(ulong bits)
    {
        int word = 0, first = 0, symbol = 0;
        for (var length = 1; length <= LongestWord; length++)
        {
            word |= (int)bits & 1;
            bits >>= 1;
            var count = counts[length];
            if (word - first < count)
                return sorted[symbol + word - first];
            symbol += count;
            first = (first + count) << 1;
            word <<= 1;
        }
        return 0;
    }

    private static int Reverse(int word, int length)
    {
        var reversed = 0;
        for (; length > 0; length--, word >>= 1)
            reversed = (reversed << 1) | (word & 1);
        return reversed;
    }
}
