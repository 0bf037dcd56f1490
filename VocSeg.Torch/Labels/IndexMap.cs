using System.Collections.Immutable;

namespace VocSeg.Torch;

/// <summary>
/// What the numbers in a label file mean, where they are not the class indices themselves: every value that it names
/// becomes a class or is ignored, several values may become the same, and every other value is unknown. Immutable; two
/// maps that say the same are equal.
/// </summary>
/// <remarks>
/// With a map nothing is understood by itself: 255 is ignored only where the map says so. It goes to
/// <see cref="SegmentationPalette.IndexMap"/>.
/// </remarks>
public sealed class IndexMap : IEquatable<IndexMap>
{
    /// <summary>
    /// In place of a class index: the value becomes <see cref="SegmentationPalette.IgnoreIndex"/>, which the loss
    /// leaves out.
    /// </summary>
    public const int Ignore = -1;

    /// <summary>The largest value that a label file can hold: samples have at most 16 bits.</summary>
    public const int MaxValue = ushort.MaxValue;

    /// <summary>What <see cref="TargetOf"/> gives for a value that the map does not name.</summary>
    internal const int Unnamed = -2;

    // One entry a value, up to the largest that is named.
    private readonly short[] targets;

    private IndexMap(IEnumerable<(int First, int Last, int ClassIndex)> ranges)
    {
        var table = new short[MaxValue + 1];
        Array.Fill(table, (short)Unnamed);
        foreach (var (first, last, classIndex) in ranges)
        {
            if (first < 0 || last > MaxValue || first > last)
            {
                throw new ArgumentException(
                    $"A map's values are 0 to {MaxValue}, the first not above the last; {Name(first, last)} was given.",
                    nameof(ranges));
            }
            if (classIndex is < Ignore or >= SegmentationPalette.MaxClasses)
            {
                throw new ArgumentException(
                    $"{Name(first, last)} becomes {classIndex}, which is no class index; take 0 to "
                    + $"{SegmentationPalette.MaxClasses - 1}, or IndexMap.Ignore.",
                    nameof(ranges));
            }
            var named = table.AsSpan(first, last - first + 1);
            if (named.IndexOfAnyExcept((short)Unnamed) is >= 0 and var at)
            {
                throw new ArgumentException(
                    $"The value {first + at} is named twice; take it out of one of its places.", nameof(ranges));
            }
            named.Fill((short)classIndex);
        }
        var length = table.AsSpan().LastIndexOfAnyExcept((short)Unnamed) + 1;
        if (length == 0)
            throw new ArgumentException("A map names at least one value; none was given.", nameof(ranges));
        targets = table[..length];
        Ranges = RangesOf(targets);
    }

    /// <summary>A map of single values.</summary>
    /// <param name="pairs">
    /// A value of the label files, 0 to <see cref="MaxValue"/>, and the class index that it becomes, 0 to 253, or
    /// <see cref="Ignore"/>. At least one pair, and no value twice.
    /// </param>
    /// <returns>The map.</returns>
    /// <exception cref="ArgumentException">No pair, a value or class out of its range, or a value twice.</exception>
    public static IndexMap FromPairs(params IEnumerable<(int Value, int ClassIndex)> pairs)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        return new(pairs.Select(pair => (pair.Value, pair.Value, pair.ClassIndex)));
    }

    /// <summary>A map of ranges of values.</summary>
    /// <param name="ranges">
    /// The first and the last value of a range, both 0 to <see cref="MaxValue"/> and both in it, and the class index
    /// that all of them become, 0 to 253, or <see cref="Ignore"/>. At least one range, and no value twice.
    /// </param>
    /// <returns>The map.</returns>
    /// <exception cref="ArgumentException">No range, a value or class out of its range, or a value twice.</exception>
    public static IndexMap FromRanges(params IEnumerable<(int First, int Last, int ClassIndex)> ranges)
    {
        ArgumentNullException.ThrowIfNull(ranges);
        return new(ranges);
    }

    /// <summary>This map with all the values that it does not name yet.</summary>
    /// <param name="classIndex">The class index that they become, 0 to 253, or <see cref="Ignore"/>.</param>
    /// <returns>A map that names every value, so that none is unknown.</returns>
    /// <exception cref="ArgumentException">No class index.</exception>
    public IndexMap WithRest(int classIndex)
    {
        var rest = Enumerable.Range(0, MaxValue + 1).Where(value => TargetOf(value) == Unnamed);
        return new([.. Ranges, .. rest.Select(value => (value, value, classIndex))]);
    }

    /// <summary>
    /// The values that are named, in their order, in as few ranges as possible: the first and last value of each, and
    /// the class index or <see cref="Ignore"/>.
    /// </summary>
    public ImmutableArray<(int First, int Last, int ClassIndex)> Ranges { get; }

    /// <summary>What a value becomes.</summary>
    /// <param name="value">A value of a label file.</param>
    /// <param name="classIndex">The class index, or <see cref="Ignore"/>.</param>
    /// <returns>False where the map does not name the value.</returns>
    public bool TryGetClassIndex(int value, out int classIndex)
    {
        classIndex = TargetOf(value);
        return classIndex != Unnamed;
    }

    /// <summary>The class index of a value, or <see cref="Ignore"/>, or <see cref="Unnamed"/>.</summary>
    internal int TargetOf(int value) => (uint)value < (uint)targets.Length ? targets[value] : Unnamed;

    /// <summary>Whether two maps say the same.</summary>
    /// <param name="other">The other map.</param>
    public bool Equals(IndexMap? other) => other is not null && targets.AsSpan().SequenceEqual(other.targets);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as IndexMap);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var range in Ranges)
            hash.Add(range);
        return hash.ToHashCode();
    }

    /// <summary>The map as text, such as <c>0 -> 0, 1-9 -> ignore, 255 -> 1</c>.</summary>
    public override string ToString() => string.Join(", ", Ranges.Select(range =>
        $"{Name(range.First, range.Last)} -> {(range.ClassIndex == Ignore ? "ignore" : range.ClassIndex)}"));

    private static string Name(int first, int last) => first == last ? $"{first}" : $"{first}-{last}";

    private static ImmutableArray<(int First, int Last, int ClassIndex)> RangesOf(ReadOnlySpan<short> targets)
    {
        var ranges = ImmutableArray.CreateBuilder<(int First, int Last, int ClassIndex)>();
        for (var first = 0; first < targets.Length;)
        {
            var next = targets[first..].IndexOfAnyExcept(targets[first]);
            var end = next < 0 ? targets.Length : first + next;
            if (targets[first] != Unnamed)
                ranges.Add((first, end - 1, targets[first]));
            first = end;
        }
        return ranges.ToImmutable();
    }
}
