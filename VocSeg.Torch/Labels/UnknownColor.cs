namespace VocSeg.Torch;

/// <summary>What becomes of a label colour that is neither a class colour nor an ignore colour.</summary>
public enum UnknownColor
{
    /// <summary>It becomes <see cref="SegmentationPalette.IgnoreIndex"/>; the loss leaves it out.</summary>
    Ignore,

    /// <summary>It becomes class 0, as in the d2l.ai textbook.</summary>
    Background,

    /// <summary>It is an error that names the label file, the pixel and the colour.</summary>
    Error,
}
