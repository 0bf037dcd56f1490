using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace SyntheticVoc;

/// <summary>Which sizes the photos of a set have: VOC's mix, or one size for all.</summary>
public sealed record VocSizes
{
    /// <summary>The smallest side of a fixed size.</summary>
    public const int SmallestSide = 32;

    /// <summary>The largest side of a fixed size.</summary>
    public const int LargestSide = 4096;

    private readonly PhotoSize? _fixed;

    private VocSizes(PhotoSize? fixedSize) => _fixed = fixedSize;

    /// <summary>
    /// Sizes as in VOC 2012: most are 375x500, some stand upright, some are small. About 76 of 100 hold a window of 320x480.
    /// </summary>
    public static VocSizes Voc { get; } = new(fixedSize: null);

    /// <summary>Every photo has this size.</summary>
    /// <param name="height">Rows, 32 to 4096.</param>
    /// <param name="width">Pixels a row, 32 to 4096.</param>
    /// <exception cref="ArgumentOutOfRangeException">A side is out of range.</exception>
    public static VocSizes Fixed(int height, int width)
    {
        var size = new PhotoSize(height, width);
        return IsInRange(size)
            ? new(size)
            : throw new ArgumentOutOfRangeException(nameof(height), $"The size {size} is out of range; take sides of {SmallestSide} to {LargestSide} pixels.");
    }

    /// <summary>Reads what <see cref="ToString"/> writes: <c>voc</c>, or height x width such as <c>320x480</c>.</summary>
    /// <param name="text">The text to read.</param>
    /// <param name="sizes">What it says, or null.</param>
    /// <returns>False where it is neither, or a side is out of range.</returns>
    public static bool TryParse(string? text, [NotNullWhen(true)] out VocSizes? sizes)
    {
        sizes = string.Equals(text, "voc", StringComparison.OrdinalIgnoreCase) ? Voc : null;
        var sides = (text ?? "").Split('x', 'X');
        if (sides.Length == 2
            && int.TryParse(sides[0], NumberStyles.None, CultureInfo.InvariantCulture, out var height)
            && int.TryParse(sides[1], NumberStyles.None, CultureInfo.InvariantCulture, out var width)
            && IsInRange(new(height, width)))
        {
            sizes = new(new PhotoSize(height, width));
        }
        return sizes is not null;
    }

    /// <summary><c>voc</c>, or the fixed size such as <c>320x480</c>.</summary>
    public override string ToString() => _fixed?.ToString() ?? "voc";

    /// <summary>The size at a place in the mix, 0 to 1.</summary>
    internal PhotoSize At(double place) => _fixed ?? VocSizeTable.At(place);

    private static bool IsInRange(PhotoSize size) =>
        size is { Height: >= SmallestSide and <= LargestSide, Width: >= SmallestSide and <= LargestSide };
}
