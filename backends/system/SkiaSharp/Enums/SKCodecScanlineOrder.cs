namespace SkiaSharp;

public enum SKCodecScanlineOrder
{
    TopDown = 0,
    BottomUp = 1,
}
