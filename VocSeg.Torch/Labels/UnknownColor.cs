namespace VocSeg.Torch;

/// <summary>What becomes of a label's colour or index that is neither a class nor ignored.</summary>
public enum UnknownColor
{
    /// <summary>
    /// It is an error that names the label file, the pixel, the value, the share of the label that is unknown, and the
    /// option that fits the file.
    /// </summary>
    Error,

    /// <summary>It becomes <see cref="SegmentationPalette.IgnoreIndex"/>, which the loss leaves out.</summary>
    Ignore,

    /// <summary>It becomes class 0, as in the d2l.ai textbook.</summary>
    Background,
}
