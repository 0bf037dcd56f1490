using VocSeg.Torch;

namespace Gallery;

/// <summary>How many pixels every class has, and in how many samples it is seen.</summary>
internal sealed class ClassCounts
{
    private readonly long[] pixels = new long[256];
    private readonly int[] samples = new int[256];

    internal long Total { get; private set; }

    internal long Pixels(byte index) => pixels[index];

    internal int Samples(byte index) => samples[index];

    internal double Share(byte index) => Total == 0 ? 0 : (double)pixels[index] / Total;

    /// <summary>The indices that are there, in their order.</summary>
    internal IEnumerable<byte> Present => Enumerable.Range(0, 256).Select(index => (byte)index).Where(index => pixels[index] > 0);

    internal static ClassCounts Of(params IEnumerable<byte[]?> maps)
    {
        var counts = new ClassCounts();
        foreach (var map in maps)
        {
            if (map is not null)
                counts.Add(map);
        }
        return counts;
    }

    /// <summary>The share of pixels that a prediction has as the label has them; those that are to be ignored do not count.</summary>
    /// <returns>Null where all are to be ignored.</returns>
    internal static double? Agreement(byte[] label, byte[] prediction, SegmentationPalette palette)
    {
        long counted = 0, right = 0;
        for (var at = 0; at < label.Length; at++)
        {
            if (label[at] == palette.IgnoreIndex)
                continue;
            counted++;
            if (label[at] == prediction[at])
                right++;
        }
        return counted == 0 ? null : (double)right / counted;
    }

    private void Add(byte[] map)
    {
        Span<long> own = stackalloc long[256];
        own.Clear();
        foreach (var index in map)
            own[index]++;
        for (var index = 0; index < own.Length; index++)
        {
            pixels[index] += own[index];
            if (own[index] > 0)
                samples[index]++;
        }
        Total += map.Length;
    }
}
