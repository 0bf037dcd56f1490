using SkiaSharp;
using VocSeg.Torch.Tests.Data;

namespace VocSeg.Torch.Tests.SystemBackend.Skia;

public class InterlacedPng
{
    // 11 x 9 pixels of palette colors in seven passes.
    private const int Width = 11;
    private const int Height = 9;

    [Fact]
    public void ItsPassesMakeTheSamePicture()
    {
        var decoded = Decoded.From(Write(Passes().SelectMany(pass => pass)));

        Assert.Equal(SKCodecResult.Success, decoded.Result);
        for (var y = 0; y < Height; y++)
        {
            for (var x = 0; x < Width; x++) Assert.Equal(Color(x, y), decoded.Pixel(x, y));
        }
    }

    [Fact]
    public void WithoutItsLastPassItIsIncomplete()
    {
        var decoded = Decoded.From(Write(Passes().SkipLast(1).SelectMany(pass => pass)));

        Assert.Equal(SKCodecResult.IncompleteInput, decoded.Result);
        Assert.Equal(Color(0, 0), decoded.Pixel(0, 0));
        Assert.Equal(Color(7, 6), decoded.Pixel(7, 6));
    }

    private static byte Index(int x, int y) => (byte)(((x * 5) + (y * 3)) % 16);

    private static byte[] Color(int x, int y) => [(byte)(Index(x, y) * 16), (byte)(255 - Index(x, y)), Index(x, y), 255];

    private static IEnumerable<IEnumerable<byte>> Passes()
    {
        (int X, int Y, int StepX, int StepY)[] passes =
            [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)];
        return passes.Select(pass => Rows(pass.X, pass.Y, pass.StepX, pass.StepY));
    }

    private static IEnumerable<byte> Rows(int left, int top, int stepX, int stepY)
    {
        for (var y = top; y < Height; y += stepY)
        {
            yield return 0;
            for (var x = left; x < Width; x += stepX) yield return Index(x, y);
        }
    }

    private static byte[] Write(IEnumerable<byte> rows)
    {
        using var zipped = new MemoryStream();
        using (var zlib = new System.IO.Compression.ZLibStream(zipped, System.IO.Compression.CompressionLevel.Fastest, leaveOpen: true))
            zlib.Write(rows.ToArray());

        using var file = new MemoryStream();
        file.Write(PngWriter.Signature);
        PngWriter.WriteChunk(file, "IHDR"u8, [0, 0, 0, Width, 0, 0, 0, Height, 8, PngWriter.Palette, 0, 0, 1]);
        PngWriter.WriteChunk(file, "PLTE"u8, Enumerable.Range(0, 16).SelectMany(i => new byte[] { (byte)(i * 16), (byte)(255 - i), (byte)i }).ToArray());
        PngWriter.WriteChunk(file, "IDAT"u8, zipped.ToArray());
        PngWriter.WriteChunk(file, "IEND"u8, default);
        return file.ToArray();
    }
}
