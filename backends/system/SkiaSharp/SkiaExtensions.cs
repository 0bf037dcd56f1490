namespace SkiaSharp;

public static class SkiaExtensions
{
    public static int GetBytesPerPixel(this SKColorType colorType) =>
        colorType == SKColorType.Unknown ? 0 : 1 << colorType.GetBitShiftPerPixel();

    public static int GetBitShiftPerPixel(this SKColorType colorType) => colorType switch
    {
        SKColorType.Unknown or SKColorType.Alpha8 or SKColorType.Gray8 or SKColorType.R8Unorm => 0,
        SKColorType.Rgb565 or SKColorType.Argb4444 or SKColorType.Rg88 or SKColorType.Alpha16 or SKColorType.AlphaF16 => 1,
        SKColorType.RgbaF16 or SKColorType.RgbaF16Clamped or SKColorType.Rgba16161616 or SKColorType.Rgba10x6 => 3,
        SKColorType.RgbaF32 => 4,
        >= SKColorType.Unknown and <= SKColorType.Rgba10x6 => 2,
        _ => throw new ArgumentOutOfRangeException(nameof(colorType), $"Unknown color type: '{colorType}'"),
    };
}
