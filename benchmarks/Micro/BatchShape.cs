using TorchSharp;
using VocSeg.Torch;

namespace Micro;

/// <summary>The batch that all measure on: 64 windows of 320x480 out of images of VOC's commonest size.</summary>
internal static class BatchShape
{
    internal const int Samples = 64, Height = 375, Width = 500;

    internal const int Pixels = Height * Width;

    internal static ImageSize Crop { get; } = new(320, 480);

    /// <summary>Colours of the palette in patches, for a table is read faster where neighbours are alike, as they are in labels.</summary>
    internal static torch.Tensor LabelColors()
    {
        var random = new Random(1);
        var colors = new byte[Samples * Crop.Height * Crop.Width * 3];
        var color = SegmentationPalette.Voc.Colors[0];
        for (var place = 0; place < colors.Length; place += 3)
        {
            if (random.Next(60) == 0)
                color = SegmentationPalette.Voc.Colors[random.Next(SegmentationPalette.Voc.ClassCount)];
            (colors[place], colors[place + 1], colors[place + 2]) = (color.Red, color.Green, color.Blue);
        }
        return torch.tensor(colors, dtype: torch.ScalarType.Byte).view(Samples, Crop.Height, Crop.Width, 3);
    }
}
