using System.Runtime.Intrinsics;

namespace VocSeg.Torch;

/// <summary>The checksum of zlib streams: the sum of the bytes, and the sum of that sum's values after each byte.</summary>
internal static class Adler32
{
    private const uint Modulus = 65521;

    // With more steps the sums of a lane would not fit 16 bits.
    private const int Steps = 16;
    private const int Lanes = 16;
    private const int Block = Steps * Lanes;

    internal static uint Of(ReadOnlySpan<byte> bytes)
    {
        uint sum = 1, sumOfSums = 0;
        while (bytes.Length >= Block)
        {
            Add(bytes[..Block], ref sum, ref sumOfSums);
            bytes = bytes[Block..];
        }
        foreach (var value in bytes)
        {
            sum += value;
            sumOfSums += sum;
        }
        return (sumOfSums % Modulus << 16) | (sum % Modulus);
    }

    /// <summary>
    /// Adds a block, 16 bytes a step. The byte of lane i in step k counts Block - 16 k - i times in the sum of sums: 16 times the lane's own sum of sums,
    /// less i times its sum.
    /// </summary>
    private static void Add(ReadOnlySpan<byte> block, ref uint sum, ref uint sumOfSums)
    {
        var sums = Vector256<ushort>.Zero;
        var sumsOfSums = Vector256<ushort>.Zero;
        for (var at = 0; at < Block; at += Lanes)
        {
            var (low, high) = Vector128.Widen(Vector128.Create(block[at..]));
            sums += Vector256.Create(low, high);
            sumsOfSums += sums;
        }
        var (lowSums, highSums) = Vector256.Widen(sums);
        var (lowSumsOfSums, highSumsOfSums) = Vector256.Widen(sumsOfSums);
        var lane = Vector256<uint>.Indices;
        var weighed = ((lowSumsOfSums + highSumsOfSums) << 4) - (lowSums * lane) - (highSums * (lane + Vector256.Create(8u)));
        sumOfSums = (sumOfSums + (Block * sum) + Vector256.Sum(weighed)) % Modulus;
        sum = (sum + Vector256.Sum(lowSums + highSums)) % Modulus;
    }
}
