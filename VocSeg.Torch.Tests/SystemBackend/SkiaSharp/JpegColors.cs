using SkiaSharp;
using VocSeg.Torch.Tests.Data;

namespace VocSeg.Torch.Tests.SystemBackend.Skia;

public class JpegColors
{
    [Fact]
    public void ScansDoNotChangeThePicture() =>
        Assert.Equal(Decoded.From(TinyJpegs.Baseline).Pixels, Decoded.From(TinyJpegs.Progressive).Pixels);

    [Fact]
    public void RestartMarkersDoNotChangeThePicture() =>
        Assert.Equal(Decoded.From(TinyJpegs.Baseline).Pixels, Decoded.From(TinyJpegs.Restarts).Pixels);

    [Fact]
    public void TheGradientIsNearToWhatWasEncoded()
    {
        var decoded = Decoded.From(TinyJpegs.Baseline);

        Assert.Equal(SKCodecResult.Success, decoded.Result);
        Assert.All([(0, 0), (47, 31), (23, 15), (40, 4)], at =>
        {
            var pixel = decoded.Pixel(at.Item1, at.Item2);
            Assert.InRange(pixel[0], (at.Item1 * 255 / 47) - 45, (at.Item1 * 255 / 47) + 45);
            Assert.InRange(pixel[1], (at.Item2 * 255 / 31) - 45, (at.Item2 * 255 / 31) + 45);
            Assert.Equal(255, pixel[3]);
        });
    }

    [Fact]
    public void BgraIsRgbaWithRedAndBlueSwapped()
    {
        var rgba = Decoded.From(TinyJpegs.Baseline).Pixels;
        var bgra = Decoded.From(TinyJpegs.Baseline, SKColorType.Bgra8888).Pixels;

        Assert.Equal(rgba.Chunk(4).SelectMany(p => new[] { p[2], p[1], p[0], p[3] }), bgra);
    }

    [Theory]
    [InlineData(SKAlphaType.Opaque)]
    [InlineData(SKAlphaType.Premul)]
    [InlineData(SKAlphaType.Unpremul)]
    public void AlphaIsAlwaysOpaque(SKAlphaType alpha)
    {
        var decoded = Decoded.From(TinyJpegs.Progressive, alpha: alpha);

        Assert.Equal(SKCodecResult.Success, decoded.Result);
        Assert.All(decoded.Pixels.Chunk(4), pixel => Assert.Equal(255, pixel[3]));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void GrayComesAsGrayOrAsEqualChannels(bool progressive)
    {
        var file = progressive ? TinyJpegs.GrayProgressive : TinyJpegs.Gray;
        var gray = Decoded.From(file, SKColorType.Gray8, SKAlphaType.Opaque);

        Assert.Equal(SKCodecResult.Success, gray.Result);
        AssertHalves(gray, [200], [16]);
        Assert.Equal(gray.Pixels.SelectMany(g => new byte[] { g, g, g, 255 }), Decoded.From(file).Pixels);
    }

    [Fact]
    public void RgbWithoutAColorTransformIsTakenAsItIs() =>
        AssertHalves(Decoded.From(TinyJpegs.Rgb), [200, 100, 50, 255], [16, 255, 128, 255]);

    // The stored inks are complements: 255 is no ink, so red is cyan's number times black's.
    [Theory]
    [InlineData(SKColorType.Rgba8888)]
    [InlineData(SKColorType.Bgra8888)]
    public void InksBecomeColors(SKColorType order)
    {
        byte[] left = [200 * 160 / 255, 100 * 160 / 255, 50 * 160 / 255, 255], right = [16 * 240 / 255, 240, 128 * 240 / 255, 255];
        if (order == SKColorType.Bgra8888)
        {
            Array.Reverse(left, 0, 3);
            Array.Reverse(right, 0, 3);
        }
        AssertHalves(Decoded.From(TinyJpegs.Cmyk, order), left, right);
        AssertHalves(Decoded.From(TinyJpegs.Ycck, order), left, right, margin: 2, tolerance: 4);
    }

    [Theory]
    [InlineData(nameof(TinyJpegs.Baseline), false)]
    [InlineData(nameof(TinyJpegs.Progressive), false)]
    [InlineData(nameof(TinyJpegs.Cmyk), false)]
    [InlineData(nameof(TinyJpegs.Gray), true)]
    public void TheInfoIsOpaqueInThePlatformsOrderOrGray(string name, bool gray)
    {
        using var codec = Decoded.Codec(TinyJpeg(name));

        Assert.Equal(SKEncodedImageFormat.Jpeg, codec.EncodedFormat);
        Assert.Equal(SKAlphaType.Opaque, codec.Info.AlphaType);
        Assert.Equal(gray ? SKColorType.Gray8 : SKImageInfo.PlatformColorType, codec.Info.ColorType);
        Assert.Equal(SKEncodedOrigin.TopLeft, codec.EncodedOrigin);
        Assert.True(codec.Info.ColorSpace!.IsSrgb);
    }

    private static byte[] TinyJpeg(string name) => name switch
    {
        nameof(TinyJpegs.Baseline) => TinyJpegs.Baseline,
        nameof(TinyJpegs.Progressive) => TinyJpegs.Progressive,
        nameof(TinyJpegs.Cmyk) => TinyJpegs.Cmyk,
        _ => TinyJpegs.Gray,
    };

    private static void AssertHalves(Decoded decoded, byte[] left, byte[] right, int margin = 0, int tolerance = 2)
    {
        Assert.Equal(SKCodecResult.Success, decoded.Result);
        for (var x = 0; x < decoded.Info.Width; x++)
        {
            if (Math.Abs((2 * x) + 1 - decoded.Info.Width) <= 2 * margin) continue;
            var expected = 2 * x < decoded.Info.Width ? left : right;
            for (var channel = 0; channel < expected.Length; channel++)
                Assert.InRange(decoded.Pixel(x, 7)[channel], expected[channel] - tolerance, expected[channel] + tolerance);
        }
    }
}
