namespace VocSeg.Torch;

/// <summary>
/// Random numbers that depend on nothing but a seed, an epoch and an index: SplitMix64 (Steele, Lea, Flood, "Fast
/// splittable pseudorandom number generators", OOPSLA 2014). System.Random promises no such sequence across framework
/// versions.
/// </summary>
internal struct SampleRandom
{
    private const ulong Golden = 0x9E3779B97F4A7C15;
    private ulong state;

    internal SampleRandom(long seed, long epoch, long index = -1)
    {
        // Each part goes through the mixer before the next is added, so that (1, 2) and (2, 1) have nothing in common.
        state = Mix((ulong)seed + Golden);
        state = Mix(state + (ulong)epoch + Golden);
        state = Mix(state + (ulong)index + Golden);
    }

    /// <summary>A number from 0 to below a bound.</summary>
    internal int Next(int bound) => (int)Math.BigMul(NextUInt64(), (ulong)bound, out _);

    private ulong NextUInt64() => Mix(state += Golden);

    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
