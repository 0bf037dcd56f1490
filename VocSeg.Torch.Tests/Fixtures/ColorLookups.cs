namespace VocSeg.Torch.Tests;

/// <summary>The class index of colours by a palette's lookup table, pixel after pixel.</summary>
internal static class ColorLookups
{
    /// <param name="palette">The palette.</param>
    /// <param name="rgba">Four bytes a pixel.</param>
    internal static byte[] ClassIndex(SegmentationPalette palette, byte[] rgba)
    {
        using var scope = TorchSharp.torch.NewDisposeScope();
        using var lookup = ColorLookup.Acquire(palette);
        var pixels = TorchSharp.torch.tensor(rgba, dtype: TorchSharp.torch.uint8).view(1, -1, 4);
        return [.. lookup.ToClassIndex(pixels).data<long>().Select(index => (byte)index)];
    }
}
