namespace VocSeg.Torch;

/// <summary>The class names of PASCAL VOC and the rule behind their colours.</summary>
internal static class VocColors
{
    private static readonly string[] ClassNames =
    [
        "background", "aeroplane", "bicycle", "bird", "boat", "bottle", "bus", "car", "cat", "chair", "cow",
        "diningtable", "dog", "horse", "motorbike", "person", "potted plant", "sheep", "sofa", "train", "tv/monitor",
    ];

    internal static SegmentationPalette CreatePalette() =>
        new(Enumerable.Range(0, ClassNames.Length).Select(ColorOf), ClassNames) { IgnoreColors = [ColorOf(255)] };

    /// <summary>
    /// The devkit's colour of an index: its bits are dealt out to red, green and blue in turn, filling each channel
    /// from the highest bit down, so that neighbouring indices get colours far apart.
    /// </summary>
    internal static RgbColor ColorOf(int index)
    {
        int red = 0, green = 0, blue = 0;
        for (var bit = 7; index != 0; bit--, index >>= 3)
        {
            red |= (index & 1) << bit;
            green |= (index >> 1 & 1) << bit;
            blue |= (index >> 2 & 1) << bit;
        }
        return new((byte)red, (byte)green, (byte)blue);
    }
}
