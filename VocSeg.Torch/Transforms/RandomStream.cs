namespace VocSeg.Torch;

/// <summary>Which stream of random numbers is whose.</summary>
internal static class RandomStream
{
    /// <summary>The stream of a name and the number of its like before it.</summary>
    internal static ulong Of(string name, int before)
    {
        // FNV-1a, since string hashes differ from process to process.
        return name.Aggregate(
            0xCBF29CE484222325 ^ (ulong)before, (hash, letter) => (hash ^ letter) * 0x100000001B3);
    }
}
