using Gallery;
using SkiaSharp;

namespace VocSeg.Torch.Tests;

/// <summary>Small gallery items whose every pixel a test can name.</summary>
internal static class Samples
{
    /// <summary>An image of one colour, its label in bands: background, class 1, the last class, ignored.</summary>
    internal static GalleryItem Banded(string id, int height = 40, int width = 60, bool predicted = false) =>
        new(id, Gray(height, width), height, width)
        {
            Label = Bands(height, width),
            Prediction = predicted
                ? [.. Bands(height, width).Select(index => index == 20 ? (byte)15 : index == 255 ? (byte)0 : index)]
                : null,
            Crop = SKRectI.Create(8, 4, 40, 24),
        };

    internal static byte[] Gray(int height, int width)
    {
        var rgba = new byte[4 * height * width];
        for (var at = 0; at < rgba.Length; at++)
            rgba[at] = at % 4 == 3 ? (byte)255 : (byte)200;
        return rgba;
    }

    internal static byte[] Bands(int height, int width)
    {
        byte[] bands = [0, 1, 20, 255];
        return [.. Enumerable.Range(0, height * width).Select(at => bands[at / width * bands.Length / height])];
    }
}
