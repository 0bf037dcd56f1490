using System.IO.Hashing;
using System.Text;

namespace VocSeg.Torch;

/// <summary>Divides samples at random and in whole groups, by a hash of the group's name.</summary>
internal static class RandomSplit
{
    // Fractions such as 0.7, 0.2 and 0.1 do not add up to 1 in binary.
    private const double Rounding = 1e-9;

    internal static List<SegmentationSample>[] Divide(
        IReadOnlyList<SegmentationSample> samples, long seed, double[] fractions)
    {
        var ends = Ends(fractions);
        var groups = Join(samples);
        var parts = Array.ConvertAll(ends, _ => new List<SegmentationSample>());
        foreach (var sample in samples)
        {
            var place = Place(First(groups, sample.Group), seed);
            var part = Array.FindIndex(ends, end => place < end);
            if (part >= 0)
                parts[part].Add(sample);
        }
        return parts;
    }

    /// <summary>Where each part ends between 0 and 1.</summary>
    private static double[] Ends(double[] fractions)
    {
        var end = 0.0;
        var ends = new double[fractions.Length];
        for (var part = 0; part < ends.Length; part++)
        {
            // Not a number is not above 0 either.
            if (!(fractions[part] > 0))
                throw new ArgumentException($"Fraction {part + 1} is {fractions[part]}; each is above 0.", "fractions");
            ends[part] = end += fractions[part];
        }
        if (ends.Length == 0 || end > 1 + Rounding)
        {
            throw new ArgumentException(
                $"The fractions are {end} together; give at least one, and not more than 1 in all.", "fractions");
        }
        if (end > 1 - Rounding)
            ends[^1] = 1;
        return ends;
    }

    /// <summary>A group's place from 0 up to but not including 1.</summary>
    private static double Place(string group, long seed) =>
        (XxHash64.HashToUInt64(Encoding.UTF8.GetBytes(group), seed) >> 11) * (1.0 / (1L << 53));

    /// <summary>
    /// Joins groups that have samples of one image. Each group leads to one that is earlier in ordinal order, or to
    /// itself where it is the first.
    /// </summary>
    private static Dictionary<string, string> Join(IReadOnlyList<SegmentationSample> samples)
    {
        var earlier = new Dictionary<string, string>(StringComparer.Ordinal);
        var groupOfImage = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var sample in samples)
        {
            earlier.TryAdd(sample.Group, sample.Group);
            if (groupOfImage.TryAdd(sample.ImagePath, sample.Group))
                continue;
            var (one, other) = (First(earlier, sample.Group), First(earlier, groupOfImage[sample.ImagePath]));
            if (string.CompareOrdinal(one, other) < 0)
                earlier[other] = one;
            else
                earlier[one] = other;
        }
        return earlier;
    }

    private static string First(Dictionary<string, string> earlier, string group)
    {
        while (earlier[group] is var before && before != group)
            group = before;
        return group;
    }
}
