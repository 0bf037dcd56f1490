using System.Collections;

namespace TorchSharp.Utils;

/// <summary>The numbers below a size in random order; with a seed, in the same order at every enumeration.</summary>
public class FisherYatesShuffler(long size, int? seed = null) : IEnumerable<long>
{
    public IEnumerator<long> GetEnumerator() => ((IEnumerable<long>)Order()).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    // The inside-out shuffle, two draws a number: seeds give the packages' own order.
    private long[] Order()
    {
        var random = seed is { } value ? new Random(value) : new Random();
        var order = new long[size];
        for (var i = 0L; i < size; i++)
        {
            var high = (long)random.Next() << 32;
            var swap = (high + (uint)random.Next()) % (i + 1);
            order[i] = order[swap];
            order[swap] = i;
        }
        return order;
    }
}
