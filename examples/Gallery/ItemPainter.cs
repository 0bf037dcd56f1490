using SkiaSharp;
using VocSeg.Torch;

namespace Gallery;

/// <summary>Draws items as bitmaps whose longest side is limited; a pixel then stands for several.</summary>
internal sealed class ItemPainter(SegmentationPalette palette, int longestSide)
{
    // Pixels to be ignored get no colour but a hatch, which no class looks like.
    private static readonly SKColor[] Hatch = [new(236, 232, 214), new(96, 92, 84)];

    /// <summary>The image; each pixel is the mean of those that it stands for.</summary>
    internal SKBitmap Image(GalleryItem item) => Draw(item, SKAlphaType.Opaque, (part, _, _) =>
    {
        var (red, green, blue, count) = (0, 0, 0, part.Width * part.Height);
        for (var row = part.Top; row < part.Bottom; row++)
        {
            var run = item.Rgba.AsSpan(4 * (row * item.Width + part.Left), 4 * part.Width);
            for (var at = 0; at < run.Length; at += 4)
                (red, green, blue) = (red + run[at], green + run[at + 1], blue + run[at + 2]);
        }
        byte Mean(int sum) => (byte)((sum + count / 2) / count);
        return new(Mean(red), Mean(green), Mean(blue));
    });

    /// <summary>The colours of class indices; black is clear, as it would only darken the image below it.</summary>
    internal SKBitmap Tints(GalleryItem item, byte[] classes) => Draw(item, SKAlphaType.Unpremul, (part, row, column) =>
    {
        var index = classes[part.MidY * item.Width + part.MidX];
        if (index >= palette.ClassCount)
            return Hatch[(row + column) / 3 % 2];
        var color = palette.Colors[index];
        return color == default ? SKColors.Transparent : new(color.Red, color.Green, color.Blue);
    });

    internal SKSizeI SizeOf(GalleryItem item)
    {
        var longest = Math.Max(item.Height, item.Width);
        int Fitted(int length) => longest <= longestSide ? length : Math.Max(1, length * longestSide / longest);
        return new(Fitted(item.Width), Fitted(item.Height));
    }

    private SKBitmap Draw(GalleryItem item, SKAlphaType alpha, Func<SKRectI, int, int, SKColor> colorOf)
    {
        var (width, height) = (SizeOf(item).Width, SizeOf(item).Height);
        var colors = new SKColor[height * width];
        for (var row = 0; row < height; row++)
        {
            var (top, bottom) = (row * item.Height / height, (row + 1) * item.Height / height);
            for (var column = 0; column < width; column++)
            {
                var (left, right) = (column * item.Width / width, (column + 1) * item.Width / width);
                colors[row * width + column] = colorOf(new(left, top, right, bottom), row, column);
            }
        }
        return new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, alpha)) { Pixels = colors };
    }

    /// <summary>A PNG file; rows that stay as they are pack best where there are few colours in large areas.</summary>
    internal static byte[] EncodePng(SKBitmap bitmap, SKPngEncoderFilterFlags filters = SKPngEncoderFilterFlags.None)
    {
        using var pixels = bitmap.PeekPixels();
        using var data = pixels.Encode(new SKPngEncoderOptions(filters, 8));
        return data?.ToArray() ?? throw new InvalidOperationException("SkiaSharp could not encode the image.");
    }
}
