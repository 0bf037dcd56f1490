using Options;
using SkiaSharp;
using VocSeg.Torch;

namespace Gallery;

/// <summary>One PNG image with a column for each item: image, label, label over image.</summary>
public static class PngStrip
{
    /// <summary>Writes the strip. A file that is there is replaced once the new one is whole.</summary>
    /// <exception cref="ArgumentException">There is no item, or one has a class that the palette has not.</exception>
    public static void Write(string pngPath, IReadOnlyList<GalleryItem> items, SegmentationPalette palette)
    {
        using var strip = Draw(items, palette, cell: 160, 0, 1, 2);
        WholeFile.Write(pngPath, file => file.Write(ItemPainter.EncodePng(strip, SKPngEncoderFilterFlags.AllFilters)));
    }

    /// <param name="items">From left to right.</param>
    /// <param name="palette">The colours of the classes.</param>
    /// <param name="cell">The largest side of an image.</param>
    /// <param name="panels">From above down: 0 the image, 1 the label, 2 one over the other.</param>
    internal static SKBitmap Draw(
        IReadOnlyList<GalleryItem> items, SegmentationPalette palette, int cell, params int[] panels)
    {
        GalleryItem.RequireShowable(items, palette);
        var painter = new ItemPainter(palette, cell);
        var across = items.Max(item => painter.SizeOf(item).Width) + PngGrid.Gap;
        var down = items.Max(item => painter.SizeOf(item).Height) + PngGrid.Gap;
        var (width, height) = (items.Count * across - PngGrid.Gap, panels.Length * down - PngGrid.Gap);
        var strip = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        using var canvas = new SKCanvas(strip);
        canvas.Clear(SKColors.White);
        for (var at = 0; at < items.Count * panels.Length; at++)
        {
            var (column, row) = (at / panels.Length, at % panels.Length);
            PngGrid.DrawPanel(canvas, painter, items[column], panels[row], column * across, row * down);
        }
        return strip;
    }
}
