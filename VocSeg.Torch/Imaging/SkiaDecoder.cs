using SkiaSharp;

namespace VocSeg.Torch;

/// <summary>Decodes JPEG and PNG files with SkiaSharp. Its calls may run on any number of threads.</summary>
internal static class SkiaDecoder
{
    /// <summary>Bytes a decoded pixel takes: red, green, blue, alpha. Skia decodes JPEG to no three-byte pixel.</summary>
    internal const int BytesPerPixel = 4;

    /// <summary>The stored size of an image, from its header.</summary>
    internal static ImageSize ReadSize(string path)
    {
        using var codec = SKCodec.Create(path, out var result);
        return codec is null ? throw NotAnImage(path, result) : SizeOf(codec);
    }

    /// <summary>Decodes a whole image to RGBA rows without padding.</summary>
    /// <param name="file">The file; its bytes are read in place.</param>
    /// <param name="size">The size that the image must have.</param>
    /// <param name="pixels">Memory of <c>height * width * 4</c> bytes that does not move.</param>
    /// <exception cref="VocDataException">Anything but a whole and sound image of that size.</exception>
    internal static unsafe void Decode(EncodedFile file, ImageSize size, Span<byte> pixels)
    {
        if (pixels.Length < size.Pixels * BytesPerPixel)
            throw new ArgumentException($"{size} pixels take {size.Pixels * BytesPerPixel} bytes; {pixels.Length} were given.", nameof(pixels));

        using var data = SKData.Create(file.Address, file.Length);
        using var codec = SKCodec.Create(data) ?? throw NotAnImage(file.Path, SKCodecResult.Unimplemented);
        if (SizeOf(codec) != size)
            throw new VocDataException(file.Path, $"the image is {SizeOf(codec)} (height x width), {size} was expected; the file changed after the catalog was read.");

        // A colour space in the info would change values; unpremultiplied keeps colours exact where a label has alpha.
        var info = new SKImageInfo(size.Width, size.Height, SKColorType.Rgba8888, SKAlphaType.Unpremul, null);
        fixed (byte* destination = pixels)
        {
            var result = codec.GetPixels(info, (IntPtr)destination, size.Width * BytesPerPixel, SKCodecOptions.Default);
            if (result != SKCodecResult.Success)
                throw NotDecoded(file.Path, result);
        }
    }

    private static ImageSize SizeOf(SKCodec codec) => new(codec.Info.Height, codec.Info.Width);

    private static VocDataException NotAnImage(string path, SKCodecResult result) => new(path, File.Exists(path)
        ? new FileInfo(path).Length == 0
            ? "the file is empty; put the whole file in its place."
            : $"not a JPEG or PNG image that can be read ({result}); put a sound file in its place, or take its id out of the list."
        : "there is no such file.");

    private static VocDataException NotDecoded(string path, SKCodecResult result)
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
