using SkiaSharp;
using VocSeg.Torch.Tests.Data;

namespace VocSeg.Torch.Tests.SystemBackend.Skia;

public sealed class DecodeRequests : IDisposable
{
    private readonly SKData jpeg = SKData.CreateCopy(TinyJpegs.Baseline);
    private readonly SKData labels = SKData.CreateCopy(PngWriter.WriteLabels(3, 2, [0, 1, 0, 1, 0, 1], [10, 20, 30, 40, 50, 60]));
    private readonly SKCodec jpegCodec;
    private readonly SKCodec labelCodec;

    public DecodeRequests()
    {
        jpegCodec = SKCodec.Create(jpeg)!;
        labelCodec = SKCodec.Create(labels)!;
    }

    [Fact]
    public void WideRowsKeepTheirPaddingAndNothingIsWrittenBehindTheLastPixel()
    {
        foreach (var codec in new[] { jpegCodec, labelCodec })
        {
            var info = Decoded.InfoFor(codec);
            var rowBytes = info.RowBytes + 12;
            var memory = Enumerable.Repeat((byte)0xA5, rowBytes * info.Height).ToArray();

            Assert.Equal(SKCodecResult.Success, Decode(codec, info, memory, rowBytes));

            Assert.Equal(SKCodecResult.Success, codec.GetPixels(info, out var tight));
            for (var y = 0; y < info.Height; y++)
            {
                Assert.Equal(tight.AsSpan(y * info.RowBytes, info.RowBytes), memory.AsSpan(y * rowBytes, info.RowBytes));
                Assert.Equal(-1, memory.AsSpan((y * rowBytes) + info.RowBytes, 12).IndexOfAnyExcept((byte)0xA5));
            }
        }
    }

    [Fact]
    public void RowsThatAreTooNarrowAreRefused()
    {
        foreach (var codec in new[] { jpegCodec, labelCodec })
        {
            var info = Decoded.InfoFor(codec);
            Assert.Equal(SKCodecResult.InvalidParameters, Decode(codec, info, new byte[info.BytesSize], info.RowBytes - 1));
        }
    }

    [Fact]
    public void AnotherSizeIsRefused()
    {
        Assert.Equal(SKCodecResult.InvalidScale, jpegCodec.GetPixels(Decoded.InfoFor(jpegCodec).WithSize(47, 32), out _));
        Assert.Equal(SKCodecResult.InvalidScale, jpegCodec.GetPixels(Decoded.InfoFor(jpegCodec).WithSize(96, 64), out _));
        Assert.Equal(SKCodecResult.InvalidScale, labelCodec.GetPixels(Decoded.InfoFor(labelCodec).WithSize(2, 2), out _));
    }

    [Fact]
    public void AJpegCanBeScaledByEighths()
    {
        Assert.Equal(new SKSizeI(24, 16), jpegCodec.GetScaledDimensions(0.5f));
        Assert.Equal(SKCodecResult.Success, jpegCodec.GetPixels(Decoded.InfoFor(jpegCodec).WithSize(24, 16), out _));
        Assert.Equal(SKCodecResult.Success, jpegCodec.GetPixels(Decoded.InfoFor(jpegCodec).WithSize(6, 4), out _));
    }

    [Theory]
    [InlineData(SKColorType.Rgb888x, SKAlphaType.Opaque)]
    [InlineData(SKColorType.Gray8, SKAlphaType.Opaque)]
    [InlineData(SKColorType.Rgba8888, SKAlphaType.Unknown)]
    [InlineData(SKColorType.Unknown, SKAlphaType.Opaque)]
    public void ConversionsThatDoNotExistAreRefused(SKColorType color, SKAlphaType alpha)
    {
        foreach (var codec in new[] { jpegCodec, labelCodec })
        {
            var info = Decoded.InfoFor(codec, color, alpha);
            Assert.Equal(SKCodecResult.InvalidConversion, Decode(codec, info, new byte[8192], 256));
        }
    }

    [Fact]
    public void AlphaCannotBeDropped()
    {
        using var codec = Decoded.Codec(PngWriter.Write(1, 1, PngWriter.Rgba, 8, [1, 2, 3, 4]));

        Assert.Equal(SKCodecResult.InvalidConversion, codec.GetPixels(Decoded.InfoFor(codec, alpha: SKAlphaType.Opaque), out _));
    }

    [Fact]
    public void APartOfAnImageIsRefused()
    {
        var info = Decoded.InfoFor(jpegCodec);
        var options = new SKCodecOptions(SKRectI.Create(8, 8, 8, 8));
        unsafe
        {
            fixed (byte* p = new byte[info.BytesSize])
                Assert.Equal(SKCodecResult.Unimplemented, jpegCodec.GetPixels(info, (IntPtr)p, options));
        }
    }

    [Fact]
    public void NoMemoryThrows() =>
        Assert.Throws<ArgumentNullException>(() => jpegCodec.GetPixels(Decoded.InfoFor(jpegCodec), IntPtr.Zero));

    [Fact]
    public void ACodecDecodesAgainAndAgainAlsoAfterARefusal()
    {
        foreach (var codec in new[] { jpegCodec, labelCodec })
        {
            var info = Decoded.InfoFor(codec);
            Assert.Equal(SKCodecResult.Success, codec.GetPixels(info, out var first));
            Assert.Equal(SKCodecResult.InvalidConversion, codec.GetPixels(info.WithColorType(SKColorType.Rgb888x), out _));
            Assert.Equal(SKCodecResult.InvalidScale, codec.GetPixels(info.WithSize(1000, 1000), out _));
            Assert.Equal(SKCodecResult.Success, codec.GetPixels(info, out var second));
            Assert.Equal(first, second);
        }
    }

    [Fact]
    public void TheDefaultInfoDecodes()
    {
        Assert.Equal(SKCodecResult.Success, jpegCodec.GetPixels(out var pixels));
        Assert.Equal(jpegCodec.Info.BytesSize, pixels.Length);
        Assert.Equal(pixels, jpegCodec.Pixels);
    }

    [Fact]
    public void ManyThreadsDecodeAtOnce()
    {
        var expected = Decoded.From(TinyJpegs.Baseline).Pixels;
        var palette = Decoded.From(labels.ToArray()).Pixels;

        Parallel.For(0, 500, i => Assert.Equal(
            i % 2 == 0 ? expected : palette,
            Decoded.From(i % 2 == 0 ? TinyJpegs.Baseline : labels.ToArray()).Pixels));
    }

    public void Dispose()
    {
        jpegCodec.Dispose();
        labelCodec.Dispose();
        jpeg.Dispose();
        labels.Dispose();
    }

    private static unsafe SKCodecResult Decode(SKCodec codec, SKImageInfo info, byte[] memory, int rowBytes)
    {
        fixed (byte* p = memory) return codec.GetPixels(info, (IntPtr)p, rowBytes, SKCodecOptions.Default);
    }
}
