using System.Buffers.Binary;
using System.IO.Hashing;

namespace VocSeg.Torch.Tests;

/// <summary>Small files whose headers claim any size.</summary>
internal static class HugeHeaders
{
    internal static byte[] Jpeg(int height, int width)
    {
        var jpeg = TinyJpegs.Baseline;
        Assert.True(TurboJpegDecoder.Layout.TryRead(jpeg, out var layout));
        BinaryPrimitives.WriteUInt16BigEndian(jpeg.AsSpan(layout.HeightOffset), (ushort)height);
        BinaryPrimitives.WriteUInt16BigEndian(jpeg.AsSpan(layout.HeightOffset + 2), (ushort)width);
        return jpeg;
    }

    internal static byte[] Png(int height, int width)
    {
        var png = PngWriter.WriteLabels(8, 8, new byte[64], [0, 0, 0]);
        BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(16), width);
        BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(20), height);
        BinaryPrimitives.WriteUInt32BigEndian(png.AsSpan(29), Crc32.HashToUInt32(png.AsSpan(12, 17)));
        return png;
    }
}
