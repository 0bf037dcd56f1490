using SkiaSharp;
using VocSeg.Torch.Tests.Data;

namespace VocSeg.Torch.Tests.SystemBackend.Skia;

public class Encoding
{
    [Theory]
    [InlineData(SKColorType.Rgba8888, SKAlphaType.Unpremul)]
    [InlineData(SKColorType.Bgra8888, SKAlphaType.Unpremul)]
    [InlineData(SKColorType.Rgba8888, SKAlphaType.Opaque)]
    [InlineData(SKColorType.Bgra8888, SKAlphaType.Opaque)]
    [InlineData(SKColorType.Gray8, SKAlphaType.Opaque)]
    public void PngKeepsEveryPixel(SKColorType color, SKAlphaType alpha)
    {
        var info = new SKImageInfo(7, 5, color, alpha);
        var pixels = Enumerable.Range(0, info.BytesSize).Select(i => (byte)(i * 41)).ToArray();
        if (alpha == SKAlphaType.Opaque && info.BytesPerPixel == 4)
        {
            for (var i = 3; i < pixels.Length; i += 4) pixels[i] = 255;
        }
        using var image = SKImage.FromPixelCopy(info, pixels)!;
        using var png = image.Encode(SKEncodedImageFormat.Png, 100)!;

        var decoded = Decoded.From(png.ToArray(), color, alpha);

        Assert.Equal(SKCodecResult.Success, decoded.Result);
        Assert.Equal(pixels, decoded.Pixels);
    }

    [Fact]
    public void PngOfPremultipliedPixelsHoldsStraightOnes()
    {
        var info = new SKImageInfo(2, 1, SKColorType.Rgba8888, SKAlphaType.Premul);
        using var image = SKImage.FromPixelCopy(info, [100, 50, 25, 128, 0, 0, 0, 0])!;
        using var png = image.Encode()!;

        Assert.Equal([199, 100, 50, 128, 0, 0, 0, 0], Decoded.From(png.ToArray()).Pixels);
    }

    [Theory]
    [InlineData(SKJpegEncoderDownsample.Downsample420, 8)]
    [InlineData(SKJpegEncoderDownsample.Downsample422, 8)]
    [InlineData(SKJpegEncoderDownsample.Downsample444, 3)]
    public void JpegOfAFlatPictureIsNear(SKJpegEncoderDownsample downsample, int tolerance)
    {
        using var bitmap = new SKBitmap(40, 24, SKColorType.Rgba8888, SKAlphaType.Opaque);
        bitmap.Erase(new SKColor(180, 90, 30));
        using var pixmap = bitmap.PeekPixels()!;
        using var jpeg = pixmap.Encode(new SKJpegEncoderOptions(95, downsample, SKJpegEncoderAlphaOption.Ignore))!;

        var decoded = Decoded.From(jpeg.ToArray());

        Assert.Equal(SKCodecResult.Success, decoded.Result);
        Assert.All(decoded.Pixels.Chunk(4), pixel =>
        {
            Assert.InRange(pixel[0], 180 - tolerance, 180 + tolerance);
            Assert.InRange(pixel[1], 90 - tolerance, 90 + tolerance);
            Assert.InRange(pixel[2], 30 - tolerance, 30 + tolerance);
        });
    }

    [Theory]
    [InlineData(SKJpegEncoderDownsample.Downsample420, 0x22)]
    [InlineData(SKJpegEncoderDownsample.Downsample422, 0x21)]
    [InlineData(SKJpegEncoderDownsample.Downsample444, 0x11)]
    public void TheDownsamplingIsThatOfTheOptions(SKJpegEncoderDownsample downsample, int factors)
    {
        using var bitmap = new SKBitmap(16, 16, SKColorType.Bgra8888, SKAlphaType.Opaque);
        using var pixmap = bitmap.PeekPixels()!;
        using var jpeg = pixmap.Encode(new SKJpegEncoderOptions(80, downsample, SKJpegEncoderAlphaOption.Ignore))!;

        var frame = jpeg.AsSpan().IndexOf<byte>([0xFF, 0xC0]);

        Assert.Equal(factors, jpeg.AsSpan()[frame + 11]);
    }

    [Fact]
    public void BlackShowsThroughWhereAlphaIsBlended()
    {
        var info = new SKImageInfo(16, 16, SKColorType.Rgba8888, SKAlphaType.Unpremul);
        using var image = SKImage.FromPixelCopy(info, [.. Enumerable.Repeat<byte[]>([200, 200, 200, 128], 256).SelectMany(p => p)])!;
        using var pixmap = image.PeekPixels()!;
        using var ignored = pixmap.Encode(new SKJpegEncoderOptions(100, SKJpegEncoderDownsample.Downsample444, SKJpegEncoderAlphaOption.Ignore))!;
        using var blended = pixmap.Encode(new SKJpegEncoderOptions(100, SKJpegEncoderDownsample.Downsample444, SKJpegEncoderAlphaOption.BlendOnBlack))!;

        Assert.InRange(Decoded.From(ignored.ToArray()).Pixel(8, 8)[0], 198, 202);
        Assert.InRange(Decoded.From(blended.ToArray()).Pixel(8, 8)[0], 98, 102);
    }

    [Fact]
    public void AHigherQualityTakesMoreBytes()
    {
        using var bitmap = SKBitmap.Decode(TinyJpegs.Baseline)!;
        using var low = bitmap.Encode(SKEncodedImageFormat.Jpeg, 20)!;
        using var high = bitmap.Encode(SKEncodedImageFormat.Jpeg, 95)!;

        Assert.True(low.Size < high.Size);
    }

    [Fact]
    public void AStreamGetsTheSameBytes()
    {
        using var bitmap = SKBitmap.Decode(TinyJpegs.Baseline)!;
        using var data = bitmap.Encode(SKEncodedImageFormat.Png, 100)!;
        using var stream = new MemoryStream();

        Assert.True(bitmap.Encode(stream, SKEncodedImageFormat.Png, 100));

        Assert.Equal(data.ToArray(), stream.ToArray());
    }

    [Fact]
    public void AFormatWithoutAnEncoderGivesNothing()
    {
        using var bitmap = new SKBitmap(2, 2);

        Assert.Null(bitmap.Encode(SKEncodedImageFormat.Gif, 100));
    }
}
