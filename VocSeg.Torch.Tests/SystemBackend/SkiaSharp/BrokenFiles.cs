using SkiaSharp;
using VocSeg.Torch.Tests.Data;

namespace VocSeg.Torch.Tests.SystemBackend.Skia;

public class BrokenFiles
{
    private static readonly byte[] Png = PngWriter.Write(
        40, 30, PngWriter.Rgb, 8, [.. Enumerable.Range(0, 3600).Select(i => (i * 7919) >> 3 & 255)]);

    [Fact]
    public void ATruncatedBaselineJpegIsIncompleteAndEndsInBlack()
    {
        var whole = Decoded.From(TinyJpegs.Baseline);
        var scan = TinyJpegs.Baseline.AsSpan().IndexOf<byte>([0xFF, 0xDA]);
        var partlyThere = 0;
        for (var length = scan + 14; length < TinyJpegs.Baseline.Length - 20; length++)
        {
            var decoded = Decoded.From(TinyJpegs.Baseline[..length]);
            Assert.Equal(SKCodecResult.IncompleteInput, decoded.Result);
            Assert.All(decoded.Row(31).ToArray().Chunk(4), pixel => Assert.Equal([0, 0, 0], pixel[..3]));
            if (decoded.Row(0).SequenceEqual(whole.Row(0))) partlyThere++;
        }
        Assert.NotEqual(0, partlyThere);
    }

    [Fact]
    public void ATruncatedProgressiveJpegGivesNoRows()
    {
        // GetPixels says the same up to version 3; version 4 says Success.
        var file = TinyJpegs.Progressive;
        for (var length = file.AsSpan().IndexOf<byte>([0xFF, 0xDA]) + 14; length < file.Length - 20; length++)
        {
            using var codec = Decoded.Codec(file[..length]);
            Assert.Equal(SKCodecResult.InvalidInput, codec.StartScanlineDecode(Decoded.InfoFor(codec)));
        }
    }

    [Fact]
    public void ATruncatedPngIsIncompleteWithTheRowsThatItHas()
    {
        var whole = Decoded.From(Png);
        var partlyThere = 0;
        for (var length = 60; length < Png.Length - 20; length += 7)
        {
            var decoded = Decoded.From(Png[..length]);
            Assert.Equal(SKCodecResult.IncompleteInput, decoded.Result);
            Assert.All(decoded.Row(29).ToArray().Chunk(4), pixel => Assert.Equal([0, 0, 0], pixel[..3]));
            if (decoded.Row(0).SequenceEqual(whole.Row(0))) partlyThere++;
        }
        Assert.NotEqual(0, partlyThere);
    }

    [Fact]
    public void APngWithoutItsEndChunkIsWhole() =>
        Assert.Equal(SKCodecResult.Success, Decoded.From(Png[..^12]).Result);

    [Fact]
    public void TheMissingRestIsLeftAloneInMemoryThatIsSaidToBeZero()
    {
        using var codec = Decoded.Codec(TinyJpegs.Baseline[..^60]);
        var info = Decoded.InfoFor(codec);
        var pixels = Enumerable.Repeat((byte)0xA5, info.BytesSize).ToArray();
        unsafe
        {
            fixed (byte* p = pixels)
                Assert.Equal(SKCodecResult.IncompleteInput, codec.GetPixels(info, (IntPtr)p, new SKCodecOptions(SKZeroInitialized.Yes)));
        }
        Assert.All(pixels[^info.RowBytes..], b => Assert.Equal(0xA5, b));
    }

    [Fact]
    public void AWrongByteInTheCompressedRowsOfAPngIsAnError()
    {
        var file = Png.ToArray();
        file[Png.Length / 2] ^= 0x55;

        Assert.Equal(SKCodecResult.ErrorInInput, Decoded.From(file).Result);
    }

    [Fact]
    public void AWrongChecksumOfTheRowsOfAPngIsAnError()
    {
        var file = Png.ToArray();
        file[^13] ^= 1; // the last byte in front of the end chunk

        Assert.Equal(SKCodecResult.ErrorInInput, Decoded.From(file).Result);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(20)]
    [InlineData(40)]
    public void TheStartOfAPngIsNoImage(int length) => AssertNoImage(Png[..length]);

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(20)]
    [InlineData(150)]
    public void TheStartOfAJpegIsNoImage(int length) => AssertNoImage(TinyJpegs.Baseline[..length]);

    [Fact]
    public void TextIsNoImage() => AssertNoImage("This is a text of more than thirty-two bytes, not an image."u8.ToArray());

    [Fact]
    public void AMissingFileIsAnInternalError()
    {
        Assert.Null(SKCodec.Create(Path.Combine(Path.GetTempPath(), "no-such-folder", "image.jpg"), out var result));
        Assert.Equal(SKCodecResult.InternalError, result);
    }

    [Fact]
    public void DecodingABufferThatIsNoImageThrows() => Assert.Throws<ArgumentNullException>(() => SKBitmap.Decode(new byte[100]));

    [Fact]
    public void ABitmapOfATruncatedFileComesAllTheSame()
    {
        using var bitmap = SKBitmap.Decode(TinyJpegs.Baseline[..^60])!;

        Assert.Equal(48, bitmap.Width);
    }

    [Fact]
    public void BytesTurnedOverNeverCrash()
    {
        var random = new Random(7);
        foreach (var file in new[] { Png, TinyJpegs.Baseline, TinyJpegs.Progressive, TinyJpegs.Ycck })
        {
            for (var i = 0; i < 300; i++)
            {
                var broken = file.ToArray();
                broken[random.Next(20, broken.Length)] = (byte)random.Next(256);
                using var data = SKData.CreateCopy(broken);
                using var codec = SKCodec.Create(data);
                if (codec is null || codec.Info.BytesSize64 > 1 << 20) continue;
                Assert.InRange(codec.GetPixels(Decoded.InfoFor(codec), out _), SKCodecResult.Success, SKCodecResult.Unimplemented);
            }
        }
    }

    private static void AssertNoImage(byte[] bytes)
    {
        using var data = SKData.CreateCopy(bytes);
        Assert.Null(SKCodec.Create(data));
        Assert.Null(SKCodec.Create(new MemoryStream(bytes), out var result));
        Assert.NotEqual(SKCodecResult.Success, result);
    }
}
