namespace SkiaSharp;

public unsafe partial class SKBitmap
{
    public static SKImageInfo DecodeBounds(string filename) => Bounds(SKCodec.Create(NotNull(filename)));

    public static SKImageInfo DecodeBounds(Stream stream) => Bounds(SKCodec.Create(stream));

    public static SKImageInfo DecodeBounds(SKData data) => Bounds(SKCodec.Create(data));

    public static SKImageInfo DecodeBounds(byte[] buffer) => DecodeBounds(buffer.AsSpan());

    public static SKImageInfo DecodeBounds(ReadOnlySpan<byte> buffer)
    {
        fixed (byte* b = buffer)
        {
            using var data = SKData.Create((IntPtr)b, buffer.Length);
            return DecodeBounds(data);
        }
    }

    public static SKBitmap? Decode(string filename) => DecodeAndDispose(SKCodec.Create(NotNull(filename)), null);

    public static SKBitmap? Decode(string filename, SKImageInfo bitmapInfo) =>
        DecodeAndDispose(SKCodec.Create(NotNull(filename)), bitmapInfo);

    public static SKBitmap? Decode(Stream stream) => DecodeAndDispose(SKCodec.Create(stream), null);

    public static SKBitmap? Decode(Stream stream, SKImageInfo bitmapInfo) => DecodeAndDispose(SKCodec.Create(stream), bitmapInfo);

    public static SKBitmap? Decode(SKData data) => DecodeAndDispose(SKCodec.Create(data), null);

    public static SKBitmap? Decode(SKData data, SKImageInfo bitmapInfo) => DecodeAndDispose(SKCodec.Create(data), bitmapInfo);

    public static SKBitmap? Decode(byte[] buffer) => Decode(buffer.AsSpan());

    public static SKBitmap? Decode(byte[] buffer, SKImageInfo bitmapInfo) => Decode(buffer.AsSpan(), bitmapInfo);

    public static SKBitmap? Decode(ReadOnlySpan<byte> buffer) => DecodeBuffer(buffer, null);

    public static SKBitmap? Decode(ReadOnlySpan<byte> buffer, SKImageInfo bitmapInfo) => DecodeBuffer(buffer, bitmapInfo);

    public static SKBitmap? Decode(SKCodec codec)
    {
        ArgumentNullException.ThrowIfNull(codec);
        var info = codec.Info;
        return Decode(codec, info.AlphaType == SKAlphaType.Unpremul ? info.WithAlphaType(SKAlphaType.Premul) : info);
    }

    public static SKBitmap? Decode(SKCodec codec, SKImageInfo bitmapInfo)
    {
        ArgumentNullException.ThrowIfNull(codec);
        var bitmap = new SKBitmap(bitmapInfo);
        if (codec.GetPixels(bitmapInfo, bitmap.GetPixels()) is SKCodecResult.Success or SKCodecResult.IncompleteInput) return bitmap;
        bitmap.Dispose();
        return null;
    }

    // Unlike the other overloads these throw where the bytes are no image.
    private static SKBitmap? DecodeBuffer(ReadOnlySpan<byte> buffer, SKImageInfo? info)
    {
        fixed (byte* b = buffer)
        {
            using var data = SKData.Create((IntPtr)b, buffer.Length);
            using var codec = SKCodec.Create(data);
            return info is { } given ? Decode(codec!, given) : Decode(codec!);
        }
    }

    private static SKBitmap? DecodeAndDispose(SKCodec? codec, SKImageInfo? info)
    {
        if (codec is null) return null;
        using (codec) return info is { } given ? Decode(codec, given) : Decode(codec);
    }

    private static SKImageInfo Bounds(SKCodec? codec)
    {
        using (codec) return codec?.Info ?? SKImageInfo.Empty;
    }

    private static string NotNull(string filename) => filename ?? throw new ArgumentNullException(nameof(filename));
}
