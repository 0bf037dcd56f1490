using SkiaSharp;

namespace VocSeg.Torch;

/// <summary>Decodes JPEG and PNG files with SkiaSharp.</summary>
internal sealed class SkiaDecoder : ImageDecoder
{
    private byte[] whole = [];

    /// <summary>The stored size of an image, from its header.</summary>
    internal static ImageSize ReadSize(string path)
    {
        using var codec = SKCodec.Create(path, out var result);
        return codec is null ? throw NotAnImage(path, result) : SizeOf(codec);
    }

    internal override void DecodeRows(EncodedFile file, ImageSize size, int top, int rows, Span<byte> pixels)
    {
        RequireRows(size, top, rows, BytesPerPixel, pixels.Length);
        NativeLibraries.RequireSkia();
        using var data = SKData.Create(file.Address, file.Length);
        using var codec = Open(file, data, size);
        // By rows where they can be had: SkiaSharp 4 takes a progressive JPEG that is cut short for a whole one, and only its rows tell.
        if (TryDecodeRows(file, codec, top, rows, pixels))
            return;
        if (rows == size.Height)
        {
            DecodeWhole(file, codec, pixels);
            return;
        }
        var stride = size.Width * BytesPerPixel;
        if (whole.Length < (long)size.Height * stride)
            whole = GC.AllocateUninitializedArray<byte>(checked(size.Height * stride));
        DecodeWhole(file, codec, whole);
        whole.AsSpan(top * stride, rows * stride).CopyTo(pixels);
    }

    public override void Dispose()
    {
    }

    private static SKCodec Open(EncodedFile file, SKData data, ImageSize size)
    {
        var codec = SKCodec.Create(data) ?? throw NotAnImage(file.Path, SKCodecResult.Unimplemented);
        var actual = SizeOf(codec);
        if (actual == size)
            return codec;
        codec.Dispose();
        throw new DatasetException(file.Path, $"the image is {actual} (height x width), {size} was expected; the file changed after the catalog was read.");
    }

    private static unsafe void DecodeWhole(EncodedFile file, SKCodec codec, Span<byte> pixels)
    {
        var info = ExactInfo(codec);
        fixed (byte* destination = pixels)
        {
            var result = codec.GetPixels(info, (IntPtr)destination, info.RowBytes, SKCodecOptions.Default);
            if (result != SKCodecResult.Success)
                throw NotDecoded(file.Path, result);
        }
    }

    /// <returns>False where the codec gives no rows, as for a PNG, or none of this image.</returns>
    private static unsafe bool TryDecodeRows(EncodedFile file, SKCodec codec, int top, int rows, Span<byte> pixels)
    {
        if (codec.EncodedFormat != SKEncodedImageFormat.Jpeg)
            return false;
        var info = ExactInfo(codec);
        var result = codec.StartScanlineDecode(info, SKCodecOptions.Default);
        if (result == SKCodecResult.Unimplemented)
            return false;
        if (result != SKCodecResult.Success)
            throw NotDecoded(file.Path, result);
        fixed (byte* destination = pixels)
        {
            if ((top > 0 && !codec.SkipScanlines(top)) || codec.GetScanlines((IntPtr)destination, rows, info.RowBytes) != rows)
                throw NotDecoded(file.Path, SKCodecResult.IncompleteInput);
        }
        return true;
    }

    // A colour space would change values; unpremultiplied keeps colours exact where a label has alpha.
    private static SKImageInfo ExactInfo(SKCodec codec) =>
        new(codec.Info.Width, codec.Info.Height, SKColorType.Rgba8888, SKAlphaType.Unpremul, null);

    private static ImageSize SizeOf(SKCodec codec) => new(codec.Info.Height, codec.Info.Width);

    private static DatasetException NotAnImage(string path, SKCodecResult result) => new(path, File.Exists(path)
        ? new FileInfo(path).Length == 0
            ? "the file is empty; put the whole file in its place."
            : $"not a JPEG or PNG image that can be read ({result}); put a sound file in its place, or take its id out of the list."
        : "there is no such file; put it in its place, or take its id out of the list.");

    private static DatasetException NotDecoded(string path, SKCodecResult result)
    {
        var what = result switch
        {
            SKCodecResult.IncompleteInput => "the file is cut short",
            SKCodecResult.ErrorInInput or SKCodecResult.InvalidInput => "the file is damaged or cut short",
            _ => "the image cannot be decoded",
        };
        return new(path, $"{what} ({result}); put a sound file in its place, or take its id out of the list.");
    }
}
