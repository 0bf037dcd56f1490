namespace VocSeg.Torch.Tests;

/// <summary>Labels on the way of a device, where they go over as colours.</summary>
internal static class LabelColors
{
    /// <summary>Decodes rows of a label to colours, four bytes a pixel.</summary>
    internal static void DecodeColors(
        this LabelDecoder decoder, EncodedFile file, ImageSize size, int top, int rows, Span<byte> colors)
    {
        var classIndex = new byte[(long)rows * size.Width];
        decoder.DecodeClassIndex(file, size, top, rows, classIndex);
        decoder.ToColors(classIndex, colors);
    }
}
