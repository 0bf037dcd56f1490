namespace SkiaSharp;

public partial class SKPixmap
{
    public SKData? Encode(SKEncodedImageFormat encoder, int quality) => encoder switch
    {
        SKEncodedImageFormat.Jpeg => Encode(new SKJpegEncoderOptions(quality)),
        SKEncodedImageFormat.Png => Encode(SKPngEncoderOptions.Default),
        SKEncodedImageFormat.Webp => throw new NotSupportedException("The system backend does not encode WebP."),
        _ => null,
    };

    public SKData? Encode(SKJpegEncoderOptions options)
    {
        var data = Encoder.Jpeg(Pixels, options);
        GC.KeepAlive(this);
        return data;
    }

    public SKData? Encode(SKPngEncoderOptions options)
    {
        var data = Encoder.Png(Pixels, options);
        GC.KeepAlive(this);
        return data;
    }

    public bool Encode(Stream dst, SKEncodedImageFormat encoder, int quality) => Save(dst, () => Encode(encoder, quality));

    public bool Encode(Stream dst, SKJpegEncoderOptions options) => Save(dst, () => Encode(options));

    public bool Encode(Stream dst, SKPngEncoderOptions options) => Save(dst, () => Encode(options));

    private static bool Save(Stream dst, Func<SKData?> encode)
    {
        ArgumentNullException.ThrowIfNull(dst);
        using var data = encode();
        data?.SaveTo(dst);
        return data is not null;
    }
}
