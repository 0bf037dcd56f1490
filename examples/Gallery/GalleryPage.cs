using System.Net;
using System.Text;
using Options;
using VocSeg.Torch;

namespace Gallery;

/// <summary>Writes a gallery as one HTML page that needs no other file: images, style and all.</summary>
public static class GalleryPage
{
    /// <summary>Writes the page. A file that is there is replaced once the new one is whole.</summary>
    /// <param name="htmlPath">The file.</param>
    /// <param name="items">The samples, a card each.</param>
    /// <param name="palette">Names and colours of the classes.</param>
    /// <param name="title">What stands above.</param>
    /// <param name="strip">One sample under several draws, shown side by side before the cards.</param>
    /// <exception cref="ArgumentException">There is no item, or one has a class that the palette has not.</exception>
    public static void Write(
        string htmlPath, IReadOnlyList<GalleryItem> items, SegmentationPalette palette, string title,
        params IReadOnlyList<GalleryItem> strip)
    {
        GalleryItem.RequireShowable([.. items, .. strip], palette);
        using var style = new StreamReader(typeof(GalleryPage).Assembly.GetManifestResourceStream("gallery.css")!);
        var heading = WebUtility.HtmlEncode(title);
        var seen = new ClassCounts(items.SelectMany(item => new[] { item.Label, item.Prediction })).Present;
        var classes = seen.Count(index => index < palette.ClassCount);
        var summary = $"{items.Count} {(items.Count == 1 ? "sample" : "samples")}, "
            + $"{classes} {(classes == 1 ? "class" : "classes")}{ClassCounts.Agreement(items, palette)}";
        var cards = items.Select((item, number) => new SampleCard(item, number, palette).Html());
        var draws = strip.SelectMany((item, number) =>
            new SampleCard(item, items.Count + number, palette, longestSide: 480).Panels());
        var draw = strip.Count == 0 ? "" : $"""
            <article>
            <h2>{WebUtility.HtmlEncode(items[0].Id)} under {strip.Count} draws</h2>
            <div class="strip">
            {string.Concat(draws)}</div>
            </article>

            """;
        // Valid as XML too, so that any reader of either can check it.
        var page = $"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8" />
            <meta name="viewport" content="width=device-width, initial-scale=1" />
            <title>{heading}</title>
            <style>
            {style.ReadToEnd()}</style>
            </head>
            <body>
            <header>
            <h1>{heading}</h1>
            <p>{summary}</p>
            </header>
            <aside>
            {(seen.Length == 0 ? """<p class="facts">no labels</p>""" : Legend(items, palette, seen))}
            </aside>
            <main>
            {draw}{string.Concat(cards)}</main>
            </body>
            </html>

            """;
        WholeFile.Write(htmlPath, file => file.Write(Encoding.UTF8.GetBytes(page)));
    }

    /// <summary>The classes that are seen, with colour, name and counts, and a slider for the overlays.</summary>
    private static string Legend(IReadOnlyList<GalleryItem> items, SegmentationPalette palette, byte[] seen)
    {
        var labels = new ClassCounts(items.Select(item => item.Label));
        var predictions = new ClassCounts(items.Select(item => item.Prediction));
        // Without labels the predictions are what is counted.
        var counted = labels.Total > 0 ? labels : predictions;
        var both = labels.Total > 0 && predictions.Total > 0;
        var rows = seen.Select(index =>
            $"""<tr><th scope="row">{ClassCounts.Named(palette, index)}</th><td>{counted.Pixels[index]:N0}</td>""" +
            $"{Share(counted, index)}{(both ? Share(predictions, index) : "")}<td>{counted.Maps[index]}</td></tr>\n");
        var absent = palette.ClassNames.Where((_, index) => !seen.Contains((byte)index)).Select(WebUtility.HtmlEncode);
        return $"""
            <label class="mix">overlay <input type="range" min="0" max="1" step="0.05" value="0.5"
            oninput="document.documentElement.style.setProperty('--mix', this.value)" /></label>
            <details open="open">
            <summary>Classes</summary>
            <table>
            <thead><tr><th scope="col">class</th><th scope="col">pixels</th><th scope="col">share</th>
            {(both ? """<th scope="col">predicted</th>""" : "")}<th scope="col">samples</th></tr></thead>
            <tbody>
            {string.Concat(rows)}</tbody>
            </table>
            <p class="facts">{(absent.Any() ? $"Not in these samples: {string.Join(", ", absent)}." : "")}</p>
            </details>
            <script>if (window.matchMedia('(max-width: 60rem)').matches) document.querySelector('details').open = false;
            </script>
            """;
    }

    private static string Share(ClassCounts counts, byte index) =>
        $"""<td class="share" style="--s:{100.0 * counts.Pixels[index] / counts.Total:F2}%">""" +
        $"{counts.Percent(index)}</td>";
}
