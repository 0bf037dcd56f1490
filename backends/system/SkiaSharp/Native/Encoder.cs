namespace SkiaSharp;

internal static unsafe class Encoder
{
    public static SKData? Jpeg(in PixelMemory pixels, SKJpegEncoderOptions options)
    {
        if (Native(pixels) is not { } image) return null;
        IntPtr bytes;
        nuint length;
        var blend = options.AlphaOption == SKJpegEncoderAlphaOption.BlendOnBlack ? 1 : 0;
        var done = SkiaCodec.EncodeJpeg(&image, options.Quality, (int)options.Downsample, blend, &bytes, &length);
        return done != 0 ? new SKData(SharedMemory.OfCodec(bytes, (long)length)) : null;
    }

    public static SKData? Png(in PixelMemory pixels, SKPngEncoderOptions options)
    {
        if (Native(pixels) is not { } image) return null;
        IntPtr bytes;
        nuint length;
        var srgb = pixels.Info.ColorSpace is { IsSrgb: true } ? 1 : 0;
        var done = SkiaCodec.EncodePng(&image, (int)options.FilterFlags, options.ZLibLevel, srgb, &bytes, &length);
        return done != 0 ? new SKData(SharedMemory.OfCodec(bytes, (long)length)) : null;
    }

    private static SkiaCodec.Image? Native(in PixelMemory pixels)
    {
        var info = pixels.Info;
        if (pixels.Address == IntPtr.Zero || info.IsEmpty || pixels.RowBytes < info.RowBytes64) return null;
        return new SkiaCodec.Image
        {
            Pixels = (void*)pixels.Address,
            RowBytes = (nuint)pixels.RowBytes,
            Width = info.Width,
            Height = info.Height,
            Color = (int)info.ColorType,
            Alpha = (int)info.AlphaType,
        };
    }
}
