namespace SyntheticVoc;

/// <summary>How finely a JPEG file keeps colour beside brightness.</summary>
public enum ChromaSubsampling
{
    /// <summary>One colour value for two by two pixels, as most photos have it.</summary>
    Chroma420,

    /// <summary>A colour value for every pixel; larger files that take longer to decode.</summary>
    Chroma444,
}
