using System.Runtime.InteropServices;
using SkiaSharp;
using VocSeg.Torch.Tests.Data;

namespace VocSeg.Torch.Tests.SystemBackend.Skia;

public class DataLifetime
{
    [Fact]
    public void PinnedBytesAreReleasedOnceWithTheirContext()
    {
        var pin = GCHandle.Alloc(TinyJpegs.Baseline, GCHandleType.Pinned);
        var released = new List<(IntPtr Address, object? Context)>();
        var data = SKData.Create(pin.AddrOfPinnedObject(), 10, (address, context) => released.Add((address, context)), "context");

        Assert.Equal(pin.AddrOfPinnedObject(), data.Data);
        Assert.Empty(released);
        data.Dispose();
        data.Dispose();

        Assert.Equal([(pin.AddrOfPinnedObject(), (object?)"context")], released);
        pin.Free();
    }

    [Fact]
    public void ACodecKeepsItsDataAlive()
    {
        var bytes = TinyJpegs.Baseline;
        var pin = GCHandle.Alloc(bytes, GCHandleType.Pinned);
        var released = 0;
        var data = SKData.Create(pin.AddrOfPinnedObject(), bytes.Length, (_, _) => released++);
        var codec = SKCodec.Create(data)!;

        data.Dispose();
        Assert.Equal(0, released);
        Assert.Equal(SKCodecResult.Success, codec.GetPixels(out _));
        codec.Dispose();

        Assert.Equal(1, released);
        pin.Free();
    }

    [Fact]
    public void ARefusedFileReleasesItsData()
    {
        var pin = GCHandle.Alloc(new byte[64], GCHandleType.Pinned);
        var released = 0;
        var data = SKData.Create(pin.AddrOfPinnedObject(), 64, (_, _) => released++);

        Assert.Null(SKCodec.Create(data));
        data.Dispose();

        Assert.Equal(1, released);
        pin.Free();
    }

    [Fact]
    public void ASubsetSharesTheBytes()
    {
        using var data = SKData.CreateCopy([1, 2, 3, 4, 5]);
        using var subset = data.Subset(1, 3);

        Assert.Equal([2, 3, 4], subset.ToArray());
        Assert.Equal(data.Data + 1, subset.Data);
    }

    [Fact]
    public void AStreamBelongsToItsCodec()
    {
        var stream = new MemoryStream(TinyJpegs.Baseline);
        var codec = SKCodec.Create(stream)!;
        Assert.True(stream.CanRead);
        Assert.Equal(SKCodecResult.Success, codec.GetPixels(out _));

        codec.Dispose();

        Assert.False(stream.CanRead);
    }

    [Fact]
    public void AFileAsDataIsItsBytes()
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, TinyJpegs.Progressive);
            using var data = SKData.Create(path)!;
            using var copy = new MemoryStream();
            data.SaveTo(copy);

            Assert.Equal(TinyJpegs.Progressive, copy.ToArray());
            Assert.Equal(TinyJpegs.Progressive, data.ToArray());
            using var stream = data.AsStream();
            Assert.Equal(TinyJpegs.Progressive.Length, stream.Length);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void AMissingFileHasNoData() => Assert.Null(SKData.Create(Path.Combine(Path.GetTempPath(), "no-such-folder", "x.png")));
}
