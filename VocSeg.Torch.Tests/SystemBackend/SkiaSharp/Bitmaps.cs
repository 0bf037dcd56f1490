using SkiaSharp;
using VocSeg.Torch.Tests.Data;

namespace VocSeg.Torch.Tests.SystemBackend.Skia;

public class Bitmaps
{
    [Fact]
    public void StartTransparentBlack()
    {
        using var bitmap = new SKBitmap(3, 2);

        Assert.Equal(24, bitmap.ByteCount);
        Assert.All(bitmap.Bytes, b => Assert.Equal(0, b));
    }

    [Theory]
    [InlineData(SKColorType.Rgba8888)]
    [InlineData(SKColorType.Bgra8888)]
    public void APixelReadsAsItWasSet(SKColorType color)
    {
        using var bitmap = new SKBitmap(3, 2, color, SKAlphaType.Opaque);
        bitmap.SetPixel(2, 1, new SKColor(1, 20, 200));

        Assert.Equal(new SKColor(1, 20, 200), bitmap.GetPixel(2, 1));
        Assert.Equal(color == SKColorType.Rgba8888 ? [1, 20, 200, 255] : [200, 20, 1, 255], bitmap.Bytes[^4..]);
        Assert.Throws<ArgumentOutOfRangeException>(() => bitmap.SetPixel(3, 0, SKColors.Black));
    }

    [Fact]
    public void EraseFillsARectangle()
    {
        using var bitmap = new SKBitmap(4, 3, SKColorType.Rgba8888, SKAlphaType.Premul);
        bitmap.Erase(SKColors.White);
        bitmap.Erase(SKColors.Red, SKRectI.Create(1, 1, 2, 1));

        Assert.Equal(2, bitmap.Pixels.Count(pixel => pixel == SKColors.Red));
        Assert.Equal(SKColors.Red, bitmap.GetPixel(2, 1));
        Assert.Equal(SKColors.White, bitmap.GetPixel(3, 1));
    }

    [Fact]
    public void DecodePremultiplies()
    {
        using var bitmap = SKBitmap.Decode(PngWriter.Write(1, 1, PngWriter.Rgba, 8, [200, 100, 50, 128]))!;

        Assert.Equal(SKAlphaType.Premul, bitmap.AlphaType);
        Assert.Equal(SKImageInfo.PlatformColorType, bitmap.ColorType);
        Assert.Equal(128, bitmap.GetPixel(0, 0).Alpha);
        Assert.InRange(bitmap.GetPixel(0, 0).Red, 198, 202);
    }

    [Fact]
    public void DecodeIntoAnInfoGivesThatInfo()
    {
        var info = new SKImageInfo(2, 1, SKColorType.Rgba8888, SKAlphaType.Unpremul);
        using var bitmap = SKBitmap.Decode(PngWriter.WriteLabels(2, 1, [1, 0], [1, 2, 3, 4, 5, 6]), info)!;

        Assert.Equal(info, bitmap.Info);
        Assert.Equal([4, 5, 6, 255, 1, 2, 3, 255], bitmap.Bytes);
    }

    [Fact]
    public void InstalledPixelsAreUsedInPlaceAndReleasedOnce()
    {
        var info = new SKImageInfo(2, 2, SKColorType.Rgba8888, SKAlphaType.Opaque);
        var memory = new byte[24];
        var released = new List<object?>();
        unsafe
        {
            fixed (byte* p = memory)
            {
                var bitmap = new SKBitmap();
                Assert.True(bitmap.InstallPixels(info, (IntPtr)p, 12, (_, context) => released.Add(context), "pixels"));
                bitmap.SetPixel(1, 1, new SKColor(7, 8, 9));
                Assert.Equal(12, bitmap.RowBytes);
                Assert.Empty(released);
                bitmap.Dispose();
            }
        }
        Assert.Equal([7, 8, 9, 255], memory[16..20]);
        Assert.Equal(["pixels"], released);
    }

    [Fact]
    public void BoundsComeWithoutPixels()
    {
        Assert.Equal(new SKSizeI(48, 32), SKBitmap.DecodeBounds(TinyJpegs.Progressive).Size);
        Assert.True(SKBitmap.DecodeBounds(new byte[50]).IsEmpty);
    }
}
