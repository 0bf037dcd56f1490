namespace VocSeg.Torch;

/// <summary>What the values of a label file mean.</summary>
public enum LabelEncoding
{
    /// <summary>
    /// What is certain, and an error for the rest. Palette files and RGB(A) are read by their colours. 8-bit gray holds
    /// class indices, or the values of the palette's <see cref="SegmentationPalette.IndexMap"/>; without a map, where
    /// it holds just 0 and 255 and the palette has black and white, it is read by these colours. Gray of another depth,
    /// or with alpha, is an error that asks for one of the two below.
    /// </summary>
    Auto,

    /// <summary>Colours, of palette files, RGB(A) and gray alike. Alpha does not count.</summary>
    Colors,

    /// <summary>
    /// Class indices: gray of 1 to 16 bits, with or without alpha, the index of a palette file whatever its colours,
    /// and RGB(A) whose three values are equal. 255 and the palette's ignore index are ignored. With a
    /// <see cref="SegmentationPalette.IndexMap"/> the map alone says what they mean.
    /// </summary>
    Indices,
}
