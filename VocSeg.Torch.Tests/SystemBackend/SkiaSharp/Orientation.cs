using SkiaSharp;
using VocSeg.Torch.Tests.Data;

namespace VocSeg.Torch.Tests.SystemBackend.Skia;

public class Orientation
{
    [Theory]
    [InlineData(1, true)]
    [InlineData(3, true)]
    [InlineData(6, false)]
    [InlineData(8, false)]
    public void IsReportedAndNotApplied(int orientation, bool littleEndian)
    {
        var file = WithOrientation(TinyJpegs.Baseline, orientation, littleEndian);
        using var codec = Decoded.Codec(file);

        Assert.Equal((SKEncodedOrigin)orientation, codec.EncodedOrigin);
        Assert.Equal(new SKSizeI(48, 32), codec.Info.Size);
        Assert.Equal(Decoded.From(TinyJpegs.Baseline).Pixels, Decoded.From(file).Pixels);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(9)]
    public void AnUnknownOneIsTheDefault(int orientation)
    {
        using var codec = Decoded.Codec(WithOrientation(TinyJpegs.Baseline, orientation, littleEndian: false));

        Assert.Equal(SKEncodedOrigin.Default, codec.EncodedOrigin);
    }

    // An Exif segment with one entry, 0x112, right behind the start of the image.
    private static byte[] WithOrientation(byte[] jpeg, int orientation, bool littleEndian)
    {
        var value = (byte)orientation;
        byte[] tiff = littleEndian
            ? [(byte)'I', (byte)'I', 42, 0, 8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, value, 0, 0, 0, 0, 0, 0, 0]
            : [(byte)'M', (byte)'M', 0, 42, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, value, 0, 0, 0, 0, 0, 0];
        return [.. jpeg[..2], 0xFF, 0xE1, 0, (byte)(2 + 6 + tiff.Length), .. "Exif\0\0"u8, .. tiff, .. jpeg[2..]];
    }
}
