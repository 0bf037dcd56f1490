namespace VocSeg.Torch.Tests;

internal static class Decoders
{
    /// <summary>A decoder; skips the test where its library is missing.</summary>
    internal static ImageDecoder Require(ImageDecoderKind kind)
    {
        Assert.SkipUnless(
            kind != ImageDecoderKind.TurboJpeg || TurboJpegDecoder.Version > 0,
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

    internal static byte[] Whole(
        this ImageDecoder decoder, EncodedFile file, ImageSize size, ImageReduction reduction = default) =>
        Colors(decoder.DecodeRows(file, size, 0, reduction.Reduce(size).Height, reduction));

    /// <summary>
    /// Holds rows from everywhere, in the decoder's memory and in memory that is given, to those of the whole image.
    /// </summary>
    internal static void RequireRows(
        this ImageDecoder decoder, EncodedFile file, ImageSize size, string name, int[] counts,
        ImageReduction reduction = default)
    {
        var bytes = file.Bytes.ToArray();
        var decoded = reduction.Reduce(size);
        var whole = decoder.Whole(file, size, reduction);
        Assert.Equal(decoded.Pixels * 3, whole.Length);
        var given = new byte[decoded.Pixels * ImageDecoder.BytesPerPixel];
        for (var top = 0; top < decoded.Height; top++)
        {
            foreach (var rows in (int[])[.. counts, decoded.Height - top])
            {
                if (top + rows > decoded.Height)
                    continue;
                var expected = whole.AsSpan(top * decoded.Width * 3, rows * decoded.Width * 3);
                var own = Colors(decoder.DecodeRows(file, size, top, rows, reduction));
                Assert.True(expected.SequenceEqual(own), $"{name} {reduction}: rows {top} + {rows}");
                var pixels = given.AsSpan(0, rows * decoded.Width * ImageDecoder.BytesPerPixel);
                decoder.DecodeRows(file, size, top, rows, pixels, reduction);
                Assert.True(expected.SequenceEqual(Colors(pixels)), $"{name} {reduction}: rows {top} + {rows}, given");
            }
        }
        Assert.True(file.Bytes.SequenceEqual(bytes), $"{name}: the file's bytes are as before");
    }
}
