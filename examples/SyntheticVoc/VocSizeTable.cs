namespace SyntheticVoc;

/// <summary>The sizes of VOC 2012's 2913 segmentation photos, condensed: neighbours are counted to the commonest of them.</summary>
internal static class VocSizeTable
{
    private const int Total = 1000;

    // Share in thousandths. First those that hold a window 320 high and 480 wide (760), then those that do not.
    private static readonly (int Width, int Height, int Share)[] Sizes =
    [
        (500, 375, 430), (500, 333, 165), (500, 334, 30), (500, 332, 30), (500, 335, 15), (500, 400, 15), (500, 338, 15),
        (500, 500, 10), (500, 357, 10), (500, 327, 10), (500, 388, 10), (500, 413, 10), (480, 360, 10),
        (375, 500, 112), (333, 500, 48), (334, 500, 12), (400, 500, 6),
        (500, 281, 14), (500, 313, 12), (500, 297, 8), (500, 274, 6),
        (400, 300, 8), (320, 240, 6), (336, 448, 4), (448, 299, 4),
    ];

    /// <summary>The size at a place in the mix, 0 to 1.</summary>
    internal static PhotoSize At(double place)
    {
        var left = (int)(place * Total);
        foreach (var (width, height, share) in Sizes)
        {
            if ((left -= share) < 0)
                return new(height, width);
        }
        throw new ArgumentOutOfRangeException(nameof(place), place, "A place in the mix is 0 or more and below 1.");
    }
}
