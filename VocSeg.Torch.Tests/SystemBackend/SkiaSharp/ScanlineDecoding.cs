using SkiaSharp;
using VocSeg.Torch.Tests.Data;

namespace VocSeg.Torch.Tests.SystemBackend.Skia;

public class ScanlineDecoding
{
    // Near the edges of a subset the chroma of 4:2:0 files may differ from that of the whole picture.
    private const int SoftEdge = 2;

    [Theory]
    [InlineData(0, 48, 0)]
    [InlineData(0, 48, 13)]
    [InlineData(5, 30, 9)]
    [InlineData(16, 16, 16)]
    [InlineData(33, 15, 31)]
    public void RowsOfColumnsAreThoseOfTheWholePicture(int left, int width, int top)
    {
        foreach (var file in new[] { TinyJpegs.Baseline, TinyJpegs.Progressive, TinyJpegs.Restarts })
        {
            var whole = Decoded.From(file);
            using var codec = Decoded.Codec(file);
            var info = Decoded.InfoFor(codec);
            var count = info.Height - top;
            var options = new SKCodecOptions(SKRectI.Create(left, 0, width, info.Height));

            Assert.Equal(SKCodecResult.Success, codec.StartScanlineDecode(info, options));
            Assert.True(codec.SkipScanlines(top));
            Assert.Equal(top, codec.NextScanline);
            var rows = GetRows(codec, count, 4 * width, out var read);

            Assert.Equal(count, read);
            Assert.Equal(info.Height, codec.NextScanline);
            var softLeft = left == 0 ? 0 : SoftEdge;
            var softRight = left + width == info.Width ? 0 : SoftEdge;
            for (var y = 0; y < count; y++)
            {
                Assert.Equal(
                    whole.Row(top + y)[(4 * (left + softLeft))..(4 * (left + width - softRight))],
                    rows.AsSpan((4 * width * y) + (4 * softLeft), 4 * (width - softLeft - softRight)));
            }
        }
    }

    [Fact]
    public void AllRowsWithoutASubsetAreTheWholePicture()
    {
        using var codec = Decoded.Codec(TinyJpegs.Cmyk);

        Assert.Equal(SKCodecScanlineOrder.TopDown, codec.ScanlineOrder);
        Assert.Equal(SKCodecResult.Success, codec.StartScanlineDecode(Decoded.InfoFor(codec)));
        Assert.Equal(0, codec.NextScanline);
        Assert.Equal(Decoded.From(TinyJpegs.Cmyk).Pixels, GetRows(codec, 16, 4 * 32, out var read));
        Assert.Equal(16, read);
    }

    [Fact]
    public void RowsBehindTheLastOneAreRefused()
    {
        using var codec = Decoded.Codec(TinyJpegs.Baseline);
        Assert.Equal(SKCodecResult.Success, codec.StartScanlineDecode(Decoded.InfoFor(codec)));
        Assert.True(codec.SkipScanlines(30));

        Assert.False(codec.SkipScanlines(3));
        GetRows(codec, 3, 4 * 48, out var read);
        Assert.Equal(0, read);
        Assert.Equal(30, codec.NextScanline);
    }

    [Fact]
    public void WithoutAStartThereAreNoRows()
    {
        using var codec = Decoded.Codec(TinyJpegs.Baseline);

        Assert.False(codec.SkipScanlines(1));
        GetRows(codec, 1, 4 * 48, out var read);
        Assert.Equal(0, read);
    }

    [Fact]
    public void RowsThatATruncatedFileLacksAreBlackAndNotCounted()
    {
        using var codec = Decoded.Codec(TinyJpegs.Baseline[..^60]);
        Assert.Equal(SKCodecResult.Success, codec.StartScanlineDecode(Decoded.InfoFor(codec)));

        var rows = GetRows(codec, 32, 4 * 48, out var read);

        Assert.InRange(read, 1, 31);
        Assert.All(rows[(4 * 48 * read)..].Chunk(4), pixel => Assert.Equal([0, 0, 0], pixel[..3]));
    }

    [Theory]
    [InlineData(0, 1, 48, 31)]
    [InlineData(0, 0, 48, 31)]
    [InlineData(8, 0, 41, 32)]
    [InlineData(8, 0, 0, 32)]
    public void ASubsetIsOfColumnsOnlyAndInside(int x, int y, int width, int height)
    {
        using var codec = Decoded.Codec(TinyJpegs.Baseline);

        var result = codec.StartScanlineDecode(Decoded.InfoFor(codec), new SKCodecOptions(SKRectI.Create(x, y, width, height)));

        Assert.Equal(SKCodecResult.InvalidInput, result);
    }

    [Fact]
    public void ATruncatedProgressiveFileDoesNotStart()
    {
        using var codec = Decoded.Codec(TinyJpegs.Progressive[..^60]);

        Assert.Equal(SKCodecResult.InvalidInput, codec.StartScanlineDecode(Decoded.InfoFor(codec)));
    }

    [Fact]
    public void APngHasNoScanlineDecoding()
    {
        using var codec = Decoded.Codec(PngWriter.Write(1, 1, PngWriter.Rgb, 8, [1, 2, 3]));

        Assert.Equal(SKCodecResult.Unimplemented, codec.StartScanlineDecode(Decoded.InfoFor(codec)));
    }

    private static unsafe byte[] GetRows(SKCodec codec, int count, int rowBytes, out int read)
    {
        var rows = Enumerable.Repeat((byte)0xA5, count * rowBytes).ToArray();
        fixed (byte* p = rows) read = codec.GetScanlines((IntPtr)p, count, rowBytes);
        return rows;
    }
}
