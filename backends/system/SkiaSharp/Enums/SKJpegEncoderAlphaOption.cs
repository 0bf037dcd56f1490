namespace SkiaSharp;

public enum SKJpegEncoderAlphaOption
{
    Ignore = 0,
    BlendOnBlack = 1,
}
