using VocSeg.Torch;

namespace Gallery;

/// <summary>Writes a gallery as one PNG picture: a row for every sample, image, label, overlay and prediction side by side.</summary>
public static class PngGrid
{
    /// <summary>The largest side of a picture in the grid; larger ones are made to fit.</summary>
    internal const int Cell = 256;

    /// <summary>What lies between pictures and around them.</summary>
    internal const int Gap = 6;

    private static readonly RgbColor Ground = new(255, 255, 255);

    /// <summary>Writes the grid. A file that is there is replaced once the new one is whole.</summary>
    /// <param name="pngPath">The file.</param>
    /// <param name="items">What to show, a row each, in this order.</param>
    /// <param name="palette">Colours of the classes.</param>
    /// <exception cref="ArgumentException">There is no item, or one has a class index that the palette does not have.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(string pngPath, IReadOnlyList<GalleryItem> items, SegmentationPalette palette)
    {
        ArgumentException.ThrowIfNullOrEmpty(pngPath);
        ArgumentNullException.ThrowIfNull(items);
        ArgumentNullException.ThrowIfNull(palette);
        GalleryPage.RequireKnownClasses(items, palette);
        WholeFile.Write(pngPath, Encoded.PhotoPng(Draw(items, palette)));
    }

    internal static Picture Draw(IReadOnlyList<GalleryItem> items, SegmentationPalette palette)
    {
        var paint = new ClassPaint(palette);
        var rows = items.Select(item => Row(item, paint).ToArray()).ToArray();
        // A column stands where any sample has it, and is left empty where another has not.
        var columns = Enumerable.Range(0, 4).Where(column => rows.Any(row => row[column] is not null)).ToArray();
        var width = columns.Select(column => rows.Max(row => row[column]?.Width ?? 0)).ToArray();
        var grid = Picture.Blank(rows.Sum(row => row[0]!.Height + Gap) + Gap, width.Sum() + (columns.Length + 1) * Gap);
        for (var at = 0; at < grid.Rgba.Length; at += 4)
            ClassPaint.Set(grid.Rgba.AsSpan(at, 4), Ground, 255);

        var top = Gap;
        foreach (var row in rows)
        {
            var left = Gap;
            for (var place = 0; place < columns.Length; place++)
            {
                if (row[columns[place]] is { } picture)
                    Copy(picture, grid, top, left);
                left += width[place] + Gap;
            }
            top += row[0]!.Height + Gap;
        }
        return grid;
    }

    private static IEnumerable<Picture?> Row(GalleryItem item, ClassPaint paint)
    {
        var photo = item.Photo.FittedSmooth(Cell);
        // Fitted before they are painted, so that the hatch stays one.
        var (label, prediction) = (item.LabelMap?.Fitted(Cell), item.PredictionMap?.Fitted(Cell));
        yield return Outlined(photo, item);
        yield return label is null ? null : Outlined(paint.Paint(label), item);
        yield return (label ?? prediction) is { } shown ? paint.Overlay(photo, shown) : null;
        yield return prediction is null ? null : paint.Paint(prediction);
    }

    /// <summary>The picture with a white line along the inside of the window and a dark one within it.</summary>
    private static Picture Outlined(Picture picture, GalleryItem item)
    {
        if (item.Window is not { } window)
            return picture;
        var outlined = picture with { Rgba = [.. picture.Rgba] };
        int Scale(int at, int size, int of) => (int)((long)at * size / of);
        var (top, left) = (Scale(window.Place.Top, picture.Height, item.Height), Scale(window.Place.Left, picture.Width, item.Width));
        var bottom = Math.Max(top, Scale(window.Place.Top + window.Size.Height, picture.Height, item.Height) - 1);
        var right = Math.Max(left, Scale(window.Place.Left + window.Size.Width, picture.Width, item.Width) - 1);
        if (bottom - top > 2 && right - left > 2)
            Frame(outlined, top + 1, left + 1, bottom - 1, right - 1, new(0, 0, 0));
        Frame(outlined, Math.Min(top, picture.Height - 1), Math.Min(left, picture.Width - 1), Math.Min(bottom, picture.Height - 1), Math.Min(right, picture.Width - 1), new(255, 255, 255));
        return outlined;
    }

    private static void Frame(Picture picture, int top, int left, int bottom, int right, RgbColor color)
    {
        for (var column = left; column <= right; column++)
        {
            ClassPaint.Set(picture[top, column], color, 255);
            ClassPaint.Set(picture[bottom, column], color, 255);
        }
        for (var row = top; row <= bottom; row++)
        {
            ClassPaint.Set(picture[row, left], color, 255);
            ClassPaint.Set(picture[row, right], color, 255);
        }
    }

    private static void Copy(Picture picture, Picture grid, int top, int left)
    {
        for (var row = 0; row < picture.Height; row++)
            picture.Rgba.AsSpan(4 * row * picture.Width, 4 * picture.Width).CopyTo(grid.Rgba.AsSpan(4 * ((top + row) * grid.Width + left)));
    }
}
