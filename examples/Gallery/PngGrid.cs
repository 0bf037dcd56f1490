using Options;
using SkiaSharp;
using VocSeg.Torch;

namespace Gallery;

/// <summary>Writes a gallery as one PNG image: a row a sample, id and size (width x height) below it.</summary>
public static class PngGrid
{
    /// <summary>The largest side of an image in the grid; larger ones are made to fit.</summary>
    internal const int Cell = 256;

    /// <summary>What lies between images and around them, and the height of the two lines below an image.</summary>
    internal const int Gap = 6, Caption = 2 * (PixelFont.Height + Gap) + Gap;

    /// <summary>Writes the grid. A file that is there is replaced once the new one is whole.</summary>
    /// <exception cref="ArgumentException">There is no item, or one has a class that the palette has not.</exception>
    public static void Write(string pngPath, IReadOnlyList<GalleryItem> items, SegmentationPalette palette)
    {
        GalleryItem.RequireShowable(items, palette);
        var painter = new ItemPainter(palette, Cell);
        // A column stands where any sample has it, and is left empty where another has not.
        int[] columns = [.. Enumerable.Range(0, 4).Where(column => items.Any(item => Has(item, column)))];
        var step = items.Max(item => painter.SizeOf(item).Width) + Gap;
        var width = Gap + columns.Length * step;
        var height = Gap + items.Sum(item => painter.SizeOf(item).Height + Caption + Gap);
        using var grid = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        using var canvas = new SKCanvas(grid);
        canvas.Clear(SKColors.White);
        var top = Gap;
        foreach (var item in items)
        {
            for (var place = 0; place < columns.Length; place++)
                DrawPanel(canvas, painter, item, columns[place], Gap + place * step, top);
            top += painter.SizeOf(item).Height + Gap;
            var letters = (width - 2 * Gap) / PixelFont.Advance;
            PixelFont.Draw(canvas, item.Id.Length <= letters ? item.Id : item.Id[..(letters - 2)] + "..", Gap, top);
            PixelFont.Draw(canvas, $"{item.Width} x {item.Height}", Gap, top + PixelFont.Height + Gap);
            top += Caption;
        }
        WholeFile.Write(pngPath, file => file.Write(ItemPainter.EncodePng(grid, SKPngEncoderFilterFlags.AllFilters)));
    }

    private static bool Has(GalleryItem item, int column) => column == 0 || ClassesIn(item, column) is not null;

    private static byte[]? ClassesIn(GalleryItem item, int column) =>
        column switch { 0 => null, 1 => item.Label, 2 => item.Label ?? item.Prediction, _ => item.Prediction };

    /// <summary>Draws what an item has for a column, else nothing.</summary>
    internal static void DrawPanel(SKCanvas canvas, ItemPainter painter, GalleryItem item, int column, int x, int y)
    {
        if (!Has(item, column))
            return;
        using var restoring = new SKAutoCanvasRestore(canvas);
        canvas.Translate(x, y);
        using var image = painter.Image(item);
        using var ink = new SKPaint { Color = SKColors.Black };
        if (column is 0 or 2)
            canvas.DrawBitmap(image, 0, 0, SKSamplingOptions.Default);
        else
            canvas.DrawRect(0, 0, image.Width, image.Height, ink);
        if (ClassesIn(item, column) is { } classes)
        {
            using var tints = painter.Tints(item, classes);
            ink.Color = SKColors.Black.WithAlpha(column == 2 ? (byte)128 : (byte)255);
            canvas.DrawBitmap(tints, 0, 0, SKSamplingOptions.Default, ink);
        }
        if (item.Crop is not { } crop || column > 1)
            return;
        // A white line along the inside of the crop, and a dark one within it.
        int left = crop.Left * image.Width / item.Width, top = crop.Top * image.Height / item.Height;
        var right = Math.Max(left, crop.Right * image.Width / item.Width - 1);
        var bottom = Math.Max(top, crop.Bottom * image.Height / item.Height - 1);
        using var line = new SKPaint { Color = SKColors.White, IsStroke = true };
        canvas.DrawRect(left + 0.5f, top + 0.5f, right - left, bottom - top, line);
        line.Color = SKColors.Black;
        canvas.DrawRect(left + 1.5f, top + 1.5f, right - left - 2, bottom - top - 2, line);
    }
}
