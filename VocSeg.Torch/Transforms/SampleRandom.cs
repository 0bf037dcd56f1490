namespace VocSeg.Torch;

/// <summary>
/// Random numbers that depend on nothing but a seed, an epoch, an index and a stream: SplitMix64 (Steele, Lea, Flood,
/// "Fast splittable pseudorandom number generators", OOPSLA 2014). System.Random promises no such sequence across
/// framework versions.
/// </summary>
internal struct SampleRandom
{
    private const ulong Golden = 0x9E3779B97F4A7C15;
    private ulong state;

    /// <param name="seed">The seed of the data set.</param>
    /// <param name="epoch">The epoch, from 0.</param>
    /// <param name="index">The sample's index in the data set; -1 for what belongs to no sample.</param>
    /// <param name="visit">How often the epoch had the sample before.</param>
    /// <param name="stream">What the numbers are for. Each transform has a stream of its own.</param>
    internal SampleRandom(long seed, long epoch, long index = -1, int visit = 0, ulong stream = 0)
    {
        // Each part goes through the mixer before the next is added, so that (1, 2) and (2, 1) have nothing in common.
        state = Mix((ulong)seed + Golden);
        state = Mix(state + (ulong)epoch + Golden);
        state = Mix(state + (ulong)index + Golden);
        // The crops of a first visit are drawn as before there were visits and streams.
        if (visit != 0 || stream != 0)
        {
            state = Mix(state + (ulong)visit + Golden);
            state = Mix(state + stream + Golden);
        }
    }

    /// <summary>The stream of a name and the number of its like before it.</summary>
    // FNV-1a, since string hashes differ from process to process.
    internal static ulong StreamOf(string name, int before) => name.Aggregate(
        0xCBF29CE484222325 ^ (ulong)before, (hash, letter) => (hash ^ letter) * 0x100000001B3);

    /// <summary>A whole number from 0 to below a bound.</summary>
    internal int Next(int bound) => (int)Math.BigMul(NextUInt64(), (ulong)bound, out _);

    /// <summary>A number from 0 to below 1, a multiple of 2^-53.</summary>
    internal double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>A number between two bounds, the upper one excluded.</summary>
    internal double Between(double low, double high) => low + (high - low) * NextDouble();

    internal ulong NextUInt64() => Mix(state += Golden);

    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
