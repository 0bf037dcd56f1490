namespace VocSeg.Torch;

/// <summary>Label files that hold class indices and no colours: 8-bit gray PNGs, as the labels of SBD are handed around.</summary>
internal static class IndexLabel
{
    /// <summary>Whether a file is one. The header of a PNG comes first, so its depth and kind stand at fixed places.</summary>
    internal static bool Is(ReadOnlySpan<byte> file) =>
        file.Length > 25 && file[0] == 0x89 && file[1..].StartsWith("PNG"u8) && file[24] == 8 && file[25] == 0;

    /// <summary>The colour that means to a palette what a class index means; 255 is the border in all such files.</summary>
    internal static RgbColor ColorOf(SegmentationPalette palette, int index)
    {
        if (index < palette.ClassCount)
            return palette.Colors[index];
        if ((index == byte.MaxValue || index == palette.IgnoreIndex) && !palette.IgnoreColors.IsEmpty)
            return palette.IgnoreColors[0];
        var unknown = (1 << 24) - 1;
        while (palette.Colors.Contains(RgbColor.FromTableIndex(unknown)) || palette.IgnoreColors.Contains(RgbColor.FromTableIndex(unknown)))
            unknown--;
        return RgbColor.FromTableIndex(unknown);
    }
}
