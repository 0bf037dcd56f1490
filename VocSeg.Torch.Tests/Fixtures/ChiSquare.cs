namespace VocSeg.Torch.Tests;

/// <summary>Whether numbers are spread as they should be, by Pearson's chi-square.</summary>
internal static class ChiSquare
{
    /// <summary>Numbers from 0 to below 1 fall into all parts of that range alike.</summary>
    internal static void RequireUniform(IReadOnlyCollection<double> values, int bins = 50)
    {
        var counts = new int[bins];
        foreach (var value in values)
            counts[(int)(value * bins)]++;
        RequireEqual(counts);
    }

    /// <summary>Pairs of such numbers fall into all parts of the square alike.</summary>
    internal static void RequireIndependent(IEnumerable<(double, double)> pairs, int bins = 8)
    {
        var counts = new int[bins * bins];
        foreach (var (first, second) in pairs)
            counts[(int)(first * bins) * bins + (int)(second * bins)]++;
        RequireEqual(counts);
    }

    /// <summary>Counts that should be equal. A right source fails with a chance of about one in a million.</summary>
    internal static void RequireEqual(IReadOnlyCollection<int> counts)
    {
        var expected = counts.Average();
        Assert.True(expected >= 10, "too few draws for a chi-square");
        var statistic = counts.Sum(count => (count - expected) * (count - expected) / expected);
        var freedom = counts.Count - 1;
        // Wilson and Hilferty: the cube root is nearly normal; both tails count, since too even is not random either.
        var spread = 2.0 / (9 * freedom);
        var normal = (Math.Cbrt(statistic / freedom) - (1 - spread)) / Math.Sqrt(spread);
        Assert.InRange(normal, -4.9, 4.9);
    }
}
