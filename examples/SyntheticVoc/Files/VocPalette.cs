namespace SyntheticVoc;

/// <summary>The 256 colours of VOC's label files.</summary>
internal static class VocPalette
{
    /// <summary>Red, green and blue of index 0, of index 1 and so on: 768 bytes.</summary>
    internal static byte[] Bytes { get; } = [.. Enumerable.Range(0, 256).SelectMany(ColorOf)];

    /// <summary>The devkit's rule: the bits of the index go to red, green and blue in turn, each channel from its highest bit down.</summary>
    private static byte[] ColorOf(int index)
    {
        var color = new byte[3];
        for (var bit = 0; bit < 8; bit++)
            color[bit % 3] |= (byte)((index >> bit & 1) << (7 - bit / 3));
        return color;
    }
}
