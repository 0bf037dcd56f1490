namespace VocSeg.Torch.Tests;

internal static class Decoders
{
    /// <summary>A decoder; skips the test where its library is missing.</summary>
    internal static ImageDecoder Require(ImageDecoderKind kind)
    {
        Assert.SkipUnless(
            kind != ImageDecoderKind.TurboJpeg || TurboJpeg.Shared is not null,
            "libturbojpeg is not installed (Debian: libturbojpeg0)");
        return ImageDecoder.Create(kind);
    }

    /// <summary>The red, green and blue of pixels of four bytes.</summary>
    internal static byte[] Colors(ReadOnlySpan<byte> pixels)
    {
        var colors = new byte[pixels.Length / 4 * 3];
        for (var pixel = 0; pixel < pixels.Length / 4; pixel++)
            pixels.Slice(4 * pixel, 3).CopyTo(colors.AsSpan(3 * pixel));
        return colors;
    }

    internal static byte[] Whole(this ImageDecoder decoder, EncodedFile file, ImageSize size) =>
        Colors(decoder.DecodeRows(file, size, 0, size.Height));
}
