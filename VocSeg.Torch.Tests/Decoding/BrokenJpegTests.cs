using SkiaSharp;

namespace VocSeg.Torch.Tests.Decoding;

public sealed class BrokenJpegTests : IDisposable
{
    private static readonly ImageSize Size = new(64, 56);
    private static readonly byte[] Jpeg = Jpegs.Encode(Size);

    private readonly LoadedFiles files = new();

    public void Dispose() => files.Dispose();

    [Fact]
    public void Both_decoders_refuse_the_same_truncated_files()
    {
        var turbo = Decoders.Require(ImageDecoderKind.TurboJpeg);
        var skia = Decoders.Require(ImageDecoderKind.Skia);
        foreach (var (name, bytes, size) in Jpegs.All().Where(jpeg => jpeg.Size.Pixels > 1))
        {
            for (var length = 1; length < bytes.Length; length += length < bytes.Length - 12 ? 37 : 1)
            {
                var file = files.Load(bytes.AsSpan(0, length));
                foreach (var (top, rows) in new[] { (0, size.Height), (0, 5), (size.Height / 2, size.Height / 4) })
                {
                    var refused = Refusal(skia, file, size, top, rows);
                    Assert.True(
                        refused == Refusal(turbo, file, size, top, rows),
                        $"{name}: {length} of {bytes.Length} bytes, rows {top} + {rows}");
                    Assert.True(refused is null || refused.Contains(files.Path));
                    if (top + rows == size.Height && length < bytes.Length - 4)
                        Assert.True(refused is not null, $"{name}: {length} of {bytes.Length} bytes");
                }
            }
        }
    }

    [Theory]
    [InlineData(ImageDecoderKind.Skia)]
    [InlineData(ImageDecoderKind.TurboJpeg)]
    public void Bytes_too_many_behind_the_rows_do_no_harm(ImageDecoderKind kind)
    {
        var decoder = Decoders.Require(kind);
        var whole = decoder.Whole(files.Load(Jpeg), Size);

        Assert.Equal(whole, decoder.Whole(files.Load([.. Jpeg[..^2], 1, 2, 3, 4, .. Jpeg[^2..]]), Size));
        Assert.Equal(whole, decoder.Whole(files.Load([.. Jpeg, 0, 0, 0, 0]), Size));
    }

    [Fact]
    public void TurboJpeg_finds_rows_that_are_missing_in_the_middle()
    {
        var decoder = Decoders.Require(ImageDecoderKind.TurboJpeg);
        byte[] shortened = [.. Jpeg[..(Jpeg.Length * 2 / 3)], 0xFF, 0xD9];

        var error = Assert.Throws<DatasetException>(
            () => decoder.DecodeRows(files.Load(shortened), Size, 0, Size.Height));
        Assert.StartsWith(files.Path, error.Message);
        Assert.Contains("damaged", error.Message);
        Assert.Throws<DatasetException>(() => decoder.DecodeRows(files.Load(shortened), Size, 50, 4));

        decoder.DecodeRows(files.Load(shortened), Size, 0, 8); // those rows are there
        decoder.DecodeRows(files.Load(Jpeg), Size, 0, Size.Height); // and the decoder works on
    }

    [Theory]
    [InlineData(new byte[] { 0xFF, 0xC0, 0, 11, 8, 0, 32, 0, 48, 1, 1, 0x11, 0 }, "two SOF markers")]
    [InlineData(new byte[] { 0xFF, 0xC4, 0, 1 }, "Bogus marker length")]
    public void TurboJpeg_names_an_error_that_comes_after_what_it_only_doubts(byte[] segment, string complaint)
    {
        var turbo = Decoders.Require(ImageDecoderKind.TurboJpeg);
        var skia = Decoders.Require(ImageDecoderKind.Skia);
        var (sound, size) = (TinyJpegs.Restarts, new ImageSize(32, 48));
        var whole = turbo.Whole(files.Load(sound), size);
        // Restarts make it doubt bytes too many, so that SkiaSharp judges them and it decodes the file again.
        byte[] doubted = [.. sound[..^2], 1, 2, 3, 4];
        Assert.Equal(whole, turbo.Whole(files.Load([.. doubted, 0xFF, 0xD9]), size));

        var file = files.Load([.. doubted, .. segment, 0xFF, 0xD9]);
        Assert.Null(Refusal(skia, file, size, 0, size.Height));
        var error = Assert.Throws<DatasetException>(() => turbo.DecodeRows(file, size, 0, size.Height));
        Assert.Equal((DatasetFault.Damaged, files.Path), (error.Fault, error.Path));
        Assert.Contains(complaint, error.Message, StringComparison.Ordinal);
        Assert.Equal(whole, turbo.Whole(files.Load(sound), size));
    }

    [Theory]
    [InlineData(ImageDecoderKind.Skia)]
    [InlineData(ImageDecoderKind.TurboJpeg)]
    public void A_part_has_the_pixels_of_the_whole_where_the_end_is_not_marked(ImageDecoderKind kind)
    {
        var decoder = Decoders.Require(kind);
        var accepted = 0;
        foreach (var (name, bytes, size) in Jpegs.All().Where(jpeg => jpeg.Bytes[^1] == 0xD9))
        {
            // Colours far out of range, where one decoder saturates and another wraps around.
            var extreme = bytes.ToArray();
            for (var at = 0; (at = Find(extreme, [0xFF, 0xDB], at)) >= 0; at += 2)
                extreme.AsSpan(at + 5, 64).Fill(255);
            foreach (var end in new byte[][] { [], [0xFF, 0xDD], [0xFF, 0xE0, 0, 9], [0xFF, 0xFE, 0, 0] })
            {
                var file = files.Load([.. extreme[..^2], .. end]);
                if (Refusal(decoder, file, size, 0, size.Height) is not null)
                    continue;
                accepted++;
                var whole = decoder.Whole(file, size);
                for (var top = 0; top < size.Height; top += 7)
                {
                    var rows = Math.Min(9, size.Height - top);
                    Assert.True(
                        whole.AsSpan(top * size.Width * 3, rows * size.Width * 3).SequenceEqual(
                            Decoders.Colors(decoder.DecodeRows(file, size, top, rows))),
                        $"{name} with {end.Length} bytes in the place of its end: rows {top} + {rows}");
                }
            }
        }
        Assert.InRange(accepted, 20, int.MaxValue);
    }

    [Theory]
    [InlineData(ImageDecoderKind.Skia)]
    [InlineData(ImageDecoderKind.TurboJpeg)]
    public void Rows_in_front_of_the_damage_can_be_had(ImageDecoderKind kind)
    {
        var decoder = Decoders.Require(kind);
        var whole = decoder.Whole(files.Load(Jpeg), Size);
        var cut = files.Load(Jpeg.AsSpan(0, Jpeg.Length * 3 / 4));

        Assert.Equal(whole[..(10 * Size.Width * 3)], Decoders.Colors(decoder.DecodeRows(cut, Size, 0, 10)));
        Assert.Throws<DatasetException>(() => decoder.DecodeRows(cut, Size, 0, Size.Height));
    }

    [Theory]
    [InlineData(ImageDecoderKind.Skia)]
    [InlineData(ImageDecoderKind.TurboJpeg)]
    public void Whatever_bytes_are_turned_over_a_decoder_throws_or_decodes(ImageDecoderKind kind)
    {
        var decoder = Decoders.Require(kind);
        var random = new Random(3);
        var refused = 0;
        (byte[], ImageSize)[] sound =
        [
            (Jpeg, Size), (TinyJpegs.Progressive, new(32, 48)),
            (TinyJpegs.Restarts, new(32, 48)), (TinyJpegs.Gray, new(16, 32)),
        ];
        foreach (var (bytes, size) in sound)
        {
            for (var i = 0; i < 400; i++)
            {
                var broken = bytes.ToArray();
                for (var j = 0; j <= i % 3; j++)
                    broken[random.Next(broken.Length)] = (byte)random.Next(256);
                var top = random.Next(size.Height);
                if (Refusal(decoder, files.Load(broken), size, top, random.Next(1, size.Height - top + 1)) is not null)
                    refused++;
            }
        }
        Assert.InRange(refused, 1, 1599);
    }

    [Fact]
    public void Text_is_no_image()
    {
        var decoder = ImageDecoder.Create(ImageDecoderKind.Auto);
        var file = files.Load("This is a text and no image at all."u8);
        var error = Assert.Throws<DatasetException>(() => decoder.DecodeRows(file, Size, 0, 1));
        Assert.Contains("not a JPEG, PNG", error.Message);
    }

    [Fact]
    public void The_layout_of_a_jpeg_is_read_from_its_header()
    {
        Assert.True(TurboJpegDecoder.Layout.TryRead(Jpegs.Encode(new(50, 60)), out var layout));
        Assert.Equal(
            (new ImageSize(50, 60), 3, 16, true), (layout.Size, layout.Components, layout.RowsAtOnce, layout.OneScan));
        Assert.True(TurboJpegDecoder.Layout.TryRead(
            Jpegs.Encode(new(50, 60), SKJpegEncoderDownsample.Downsample444), out layout));
        Assert.Equal(8, layout.RowsAtOnce);
        Assert.True(TurboJpegDecoder.Layout.TryRead(TinyJpegs.Progressive, out layout) && !layout.OneScan);
        Assert.True(TurboJpegDecoder.Layout.TryRead(TinyJpegs.Restarts, out layout) && !layout.OneScan);
        Assert.True(TurboJpegDecoder.Layout.TryRead(TinyJpegs.Cmyk, out layout) && layout.Components == 4);
        Assert.False(TurboJpegDecoder.Layout.TryRead(TinyJpegs.Arithmetic, out _));
    }

    private static int Find(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> wanted, int from) =>
        bytes[from..].IndexOf(wanted) is >= 0 and var at ? from + at : -1;

    /// <summary>The message of the error, or null where there is none.</summary>
    private static string? Refusal(ImageDecoder decoder, EncodedFile file, ImageSize size, int top, int rows)
    {
        try
        {
            decoder.DecodeRows(file, size, top, rows);
            return null;
        }
        catch (DatasetException error)
        {
            return error.Message;
        }
    }
}
