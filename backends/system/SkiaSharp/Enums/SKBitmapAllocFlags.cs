namespace SkiaSharp;

[Flags]
public enum SKBitmapAllocFlags
{
    None = 0,
    ZeroPixels = 1,
}
