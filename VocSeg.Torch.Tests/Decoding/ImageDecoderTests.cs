namespace VocSeg.Torch.Tests.Decoding;

public sealed class ImageDecoderTests : IDisposable
{
    private readonly LoadedFiles files = new();

    public void Dispose() => files.Dispose();

    [Theory]
    [InlineData(ImageDecoderKind.Skia)]
    [InlineData(ImageDecoderKind.TurboJpeg)]
    public void Rows_are_those_of_the_whole_image(ImageDecoderKind kind)
    {
        var decoder = Decoders.Require(kind);
        foreach (var (name, bytes, size) in Jpegs.All())
            decoder.RequireRows(files.Load(bytes), size, name, [1, 2, 7, 16, 17]);
    }

    [Fact]
    public void Both_decoders_give_the_same_pixels_to_within_one_level()
    {
        var turbo = Decoders.Require(ImageDecoderKind.TurboJpeg);
        var skia = Decoders.Require(ImageDecoderKind.Skia);
        foreach (var (name, bytes, size) in Jpegs.All())
            AssertClose(skia, turbo, files.Load(bytes), size, name);
    }

    [Fact]
    public void Both_decoders_give_the_same_pixels_of_real_images()
    {
        var turbo = Decoders.Require(ImageDecoderKind.TurboJpeg);
        var skia = Decoders.Require(ImageDecoderKind.Skia);
        var file = new EncodedFile();
        var folder = Path.Combine(RealVoc.Require(), "JPEGImages");
        foreach (var path in Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal).Take(40))
        {
            file.Read(path);
            var size = ImageHeader.Read(path, long.MaxValue).Size;
            AssertClose(skia, turbo, file, size, path);
            Assert.Equal(
                turbo.Whole(file, size).Skip(size.Height / 5 * size.Width * 3).Take(size.Height / 2 * size.Width * 3),
                Decoders.Colors(turbo.DecodeRows(file, size, size.Height / 5, size.Height / 2)));
        }
    }

    [Theory]
    [InlineData(ImageDecoderKind.Skia)]
    [InlineData(ImageDecoderKind.TurboJpeg)]
    public void Orientation_is_not_applied(ImageDecoderKind kind)
    {
        var decoder = Decoders.Require(kind);
        byte[] exif = [.. "Exif\0\0MM\0*"u8, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0];
        byte[] rotated = [0xFF, 0xD8, 0xFF, 0xE1, 0, (byte)(2 + exif.Length), .. exif, .. TinyJpegs.Baseline[2..]];

        Assert.Equal(
            decoder.Whole(files.Load(TinyJpegs.Baseline), new(32, 48)),
            decoder.Whole(files.Load(rotated), new(32, 48)));
    }

    [Theory]
    [InlineData(ImageDecoderKind.Skia)]
    [InlineData(ImageDecoderKind.TurboJpeg)]
    public void Gray_and_inks_come_as_red_green_and_blue(ImageDecoderKind kind)
    {
        var decoder = Decoders.Require(kind);
        var gray = decoder.Whole(files.Load(TinyJpegs.Gray), new(16, 32));
        Assert.All(gray.Chunk(3), color => Assert.True(color[0] == color[1] && color[1] == color[2]));
        Assert.NotEqual(gray[0], gray[^1]);

        var inks = decoder.Whole(files.Load(TinyJpegs.Cmyk), new(16, 32));
        Assert.All(inks.Chunk(3).Where((_, pixel) => pixel % 32 < 8), color => Assert.Equal(inks[..3], color));
        Assert.NotEqual(inks[..3], inks[^3..]);
    }

    [Theory]
    [InlineData(ImageDecoderKind.Skia)]
    [InlineData(ImageDecoderKind.TurboJpeg)]
    public void A_png_is_decoded_too(ImageDecoderKind kind)
    {
        var decoder = Decoders.Require(kind);
        var samples = Enumerable.Range(0, 7 * 5 * 3).Select(i => i * 37 % 256).ToArray();
        var file = files.Load(PngWriter.Write(7, 5, PngWriter.Rgb, 8, samples));

        Assert.Equal(samples.Select(sample => (byte)sample), decoder.Whole(file, new(5, 7)));
        Assert.Equal(
            samples.Skip(2 * 21).Take(21).Select(sample => (byte)sample),
            Decoders.Colors(decoder.DecodeRows(file, new(5, 7), 2, 1)));
    }

    [Theory]
    [InlineData(ImageDecoderKind.Skia)]
    [InlineData(ImageDecoderKind.TurboJpeg)]
    public void Another_size_than_expected_is_an_error_that_names_the_file(ImageDecoderKind kind)
    {
        var decoder = Decoders.Require(kind);
        var file = files.Load(TinyJpegs.Baseline);

        var error = Assert.Throws<DatasetException>(() => decoder.DecodeRows(file, new(48, 32), 0, 4));

        Assert.Equal(files.Path, error.Path);
        Assert.Contains("32x48", error.Message);
        Assert.Contains("48x32", error.Message);
    }

    [Theory]
    [InlineData(ImageDecoderKind.Skia)]
    [InlineData(ImageDecoderKind.TurboJpeg)]
    public void Rows_outside_the_image_or_too_little_memory_are_refused(ImageDecoderKind kind)
    {
        var decoder = Decoders.Require(kind);
        var file = files.Load(TinyJpegs.Baseline);
        foreach (var (top, rows) in new[] { (-1, 2), (0, 0), (0, 33), (31, 2), (32, 1), (1, int.MaxValue) })
            Assert.Throws<ArgumentOutOfRangeException>(() => decoder.DecodeRows(file, new(32, 48), top, rows));
        Assert.Throws<ArgumentException>(() => decoder.DecodeRows(file, new(32, 48), 3, 2, new byte[2 * 48 * 4 - 1]));
    }

    [Fact]
    public void Auto_takes_TurboJpeg_where_it_is()
    {
        var decoder = ImageDecoder.Create(ImageDecoderKind.Auto);

        Assert.Equal(TurboJpegDecoder.Version > 0, decoder is TurboJpegDecoder);
        Assert.Throws<ArgumentOutOfRangeException>(() => ImageDecoder.Create((ImageDecoderKind)9));
    }

    [Fact]
    public void TurboJpeg_without_its_library_is_said_at_once()
    {
        Assert.SkipWhen(TurboJpegDecoder.Version > 0, "libturbojpeg is installed");
        var error = Assert.Throws<InvalidOperationException>(() => ImageDecoder.Create(ImageDecoderKind.TurboJpeg));
        Assert.Contains("libturbojpeg0", error.Message);
    }

    [Fact]
    public void TurboJpeg_allocates_nothing_an_image()
    {
        var decoder = Decoders.Require(ImageDecoderKind.TurboJpeg);
        var size = new ImageSize(375, 500);
        var file = files.Load(Jpegs.Encode(size));
        decoder.DecodeRows(file, size, 20, 320);

        // A collection in between counts the rest of this thread's allocation block; a decoder that allocates does each
        // time.
        Assert.Equal(0, Enumerable.Range(0, 3).Min(_ => BytesOfTenImages()));

        long BytesOfTenImages()
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 10; i++)
                decoder.DecodeRows(file, size, i, 320);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    private static void AssertClose(
        ImageDecoder expected, ImageDecoder actual, EncodedFile file, ImageSize size, string name)
    {
        var first = expected.Whole(file, size);
        var second = actual.Whole(file, size);
        Assert.True(first.Zip(second).All(pair => Math.Abs(pair.First - pair.Second) <= 1), name);
    }
}
