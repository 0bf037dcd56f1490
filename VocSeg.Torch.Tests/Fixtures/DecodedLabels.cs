namespace VocSeg.Torch.Tests;

/// <summary>Label files decoded by a palette, on both ways: to class indices, and over colours and the lookup.</summary>
internal static class DecodedLabels
{
    /// <summary>The class indices, which both ways give alike.</summary>
    internal static byte[] Decode(SegmentationPalette palette, byte[] file, int width)
    {
        using var files = new LoadedFiles();
        var loaded = files.Load(file);
        var size = SizeOf(file, width);
        var classes = new byte[size.Pixels];
        var colors = new byte[4 * size.Pixels];
        new LabelDecoder(palette).DecodeClassIndex(loaded, size, 0, size.Height, classes);
        new LabelDecoder(palette).DecodeColors(loaded, size, 0, size.Height, colors);
        Assert.Equal(classes, ColorLookups.ClassIndex(palette, colors));
        return classes;
    }

    /// <summary>The message of the error, which both ways give alike.</summary>
    internal static string Fault(SegmentationPalette palette, byte[] file, int width)
    {
        using var files = new LoadedFiles();
        var loaded = files.Load(file);
        var size = SizeOf(file, width);
        var direct = Assert.Throws<DatasetException>(() =>
            new LabelDecoder(palette).DecodeClassIndex(loaded, size, 0, size.Height, new byte[size.Pixels]));
        var byColors = Assert.Throws<DatasetException>(() =>
            new LabelDecoder(palette).DecodeColors(loaded, size, 0, size.Height, new byte[4 * size.Pixels]));
        Assert.Equal(direct.Message, byColors.Message);
        Assert.StartsWith(files.Path, direct.Message, StringComparison.Ordinal);
        return direct.Message;
    }

    private static ImageSize SizeOf(byte[] png, int width) =>
        new(System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(20)), width);
}
