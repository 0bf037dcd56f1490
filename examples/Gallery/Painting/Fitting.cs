namespace Gallery;

/// <summary>The size of what is to fit in a square.</summary>
internal static class Fitting
{
    /// <summary>The same shape with no side longer than the square's; never larger than it was.</summary>
    internal static (int Height, int Width) Size(int height, int width, int side)
    {
        var longest = Math.Max(height, width);
        return longest <= side
            ? (height, width)
            : (Math.Max(1, (int)((long)height * side / longest)), Math.Max(1, (int)((long)width * side / longest)));
    }
}
