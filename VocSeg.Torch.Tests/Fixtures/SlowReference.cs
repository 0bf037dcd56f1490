using SkiaSharp;

namespace VocSeg.Torch.Tests;

/// <summary>
/// What a sample must be, by plain loops over decoded pixels: nothing of the library's tensor code, tables or memory is
/// used.
/// </summary>
internal sealed class SlowReference
{
    private static readonly double[] Mean = [0.485, 0.456, 0.406];
    private static readonly double[] Std = [0.229, 0.224, 0.225];
    private readonly Dictionary<RgbColor, long> classes;

    internal SlowReference(SegmentationPalette palette)
    {
        classes = palette.Colors
            .Select((color, index) => (color, index))
            .ToDictionary(pair => pair.color, pair => (long)pair.index);
    }

    internal (float[] Image, long[] Label) Read(SegmentationSample sample, SampleGeometry window, ImageSize crop)
    {
        var photo = Decode(sample.ImagePath, sample.Size);
        var colors = Decode(sample.LabelPath!, sample.Size);
        var image = new float[3 * crop.Height * crop.Width];
        var label = new long[crop.Height * crop.Width];
        for (var row = 0; row < crop.Height; row++)
        {
            for (var column = 0; column < crop.Width; column++)
            {
                var from = ((window.Top + row) * sample.Size.Width + window.Left + column) * 4;
                var to = row * crop.Width + column;
                for (var channel = 0; channel < 3; channel++)
                    image[channel * crop.Height * crop.Width + to] =
                        (float)((photo[from + channel] / 255.0 - Mean[channel]) / Std[channel]);
                label[to] = classes.GetValueOrDefault(new(colors[from], colors[from + 1], colors[from + 2]), 255);
            }
        }
        return (image, label);
    }

    private static byte[] Decode(string path, ImageSize size)
    {
        using var codec = SKCodec.Create(path);
        Assert.NotNull(codec);
        var result = codec.GetPixels(
            new SKImageInfo(size.Width, size.Height, SKColorType.Rgba8888, SKAlphaType.Unpremul), out var pixels);
        Assert.Equal(SKCodecResult.Success, result);
        return pixels;
    }
}
