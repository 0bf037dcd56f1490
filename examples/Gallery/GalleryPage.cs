using System.Globalization;
using System.Text;
using VocSeg.Torch;

namespace Gallery;

/// <summary>Writes a gallery as one HTML page that needs no other file: pictures, style and all.</summary>
public static class GalleryPage
{
    /// <summary>Writes the page. A file that is there is replaced once the new one is whole.</summary>
    /// <param name="htmlPath">The file.</param>
    /// <param name="items">What to show, in this order.</param>
    /// <param name="palette">Names and colours of the classes.</param>
    /// <param name="title">The heading.</param>
    /// <exception cref="ArgumentException">There is no item, or one has a class index that the palette does not have.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(string htmlPath, IReadOnlyList<GalleryItem> items, SegmentationPalette palette, string title)
    {
        ArgumentException.ThrowIfNullOrEmpty(htmlPath);
        ArgumentNullException.ThrowIfNull(items);
        ArgumentNullException.ThrowIfNull(palette);
        ArgumentNullException.ThrowIfNull(title);
        RequireKnownClasses(items, palette);
        WholeFile.Write(htmlPath, Encoding.UTF8.GetBytes(Render(items, palette, title)));
    }

    internal static void RequireKnownClasses(IReadOnlyList<GalleryItem> items, SegmentationPalette palette)
    {
        if (items.Count == 0)
            throw new ArgumentException("A gallery shows at least one sample; none was given.", nameof(items));
        foreach (var item in items)
        {
            foreach (var index in ClassCounts.Of(item.Label, item.Prediction).Present)
            {
                if (index >= palette.ClassCount && index != palette.IgnoreIndex)
                    throw new ArgumentException($"{item.Id} has the class index {index}; the palette has {palette.ClassCount} classes, and {palette.IgnoreIndex} for what is to be ignored.", nameof(items));
            }
        }
    }

    // Valid as XML too, so that any reader of either can check it.
    private static string Render(IReadOnlyList<GalleryItem> items, SegmentationPalette palette, string title)
    {
        var page = new StringBuilder();
        var legend = new LegendTable(items, palette);
        page.Append(CultureInfo.InvariantCulture, $"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8" />
            <meta name="viewport" content="width=device-width, initial-scale=1" />
            <title>{Html.Text(title)}</title>
            <style>
            {Style()}</style>
            </head>
            <body>
            <header>
            <h1>{Html.Text(title)}</h1>
            <p>{legend.Summary}</p>
            </header>
            <aside>

            """);
        if (legend.IsEmpty)
            page.Append("<p class=\"facts\">no labels</p>\n");
        else
            legend.Render(page);
        page.Append("</aside>\n<main>\n");
        var samples = new SampleCard(palette);
        for (var index = 0; index < items.Count; index++)
            samples.Render(page, items[index], index);
        page.Append("</main>\n</body>\n</html>\n");
        return page.ToString();
    }

    private static string Style()
    {
        using var reader = new StreamReader(typeof(GalleryPage).Assembly.GetManifestResourceStream("gallery.css")!);
        return reader.ReadToEnd();
    }
}
