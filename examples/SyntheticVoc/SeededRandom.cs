namespace SyntheticVoc;

/// <summary>Random numbers that are the same on every machine and version of .NET (SplitMix64).</summary>
internal sealed class SeededRandom(ulong seed)
{
    private ulong _state = seed;

    internal static ulong Mix(uint first, uint second) => Scramble(((ulong)first << 32 | second) + 0x9E3779B97F4A7C15);

    internal uint NextSeed() => (uint)(Next() >> 32);

    internal float Unit() => (Next() >> 40) * (1f / (1 << 24));

    internal float Between(float least, float most) => least + (most - least) * Unit();

    private ulong Next() => Scramble(_state += 0x9E3779B97F4A7C15);

    private static ulong Scramble(ulong value)
    {
        value = (value ^ value >> 30) * 0xBF58476D1CE4E5B9;
        value = (value ^ value >> 27) * 0x94D049BB133111EB;
        return value ^ value >> 31;
    }
}
