namespace VocSeg.Torch;

/// <summary>What decodes the images. Labels are decoded exactly whichever is taken.</summary>
public enum ImageDecoderKind
{
    /// <summary>TurboJPEG where libturbojpeg can be loaded, SkiaSharp elsewhere.</summary>
    Auto,

    /// <summary>SkiaSharp for every file.</summary>
    Skia,

    /// <summary>
    /// libjpeg-turbo through its TurboJPEG API, an error where libturbojpeg cannot be loaded. What it cannot decode
    /// (CMYK, PNG) still goes to SkiaSharp. Pixels differ from SkiaSharp's by one level at most; damage in the middle
    /// of a file, which SkiaSharp may take for sound, is an error.
    /// </summary>
    TurboJpeg,
}
