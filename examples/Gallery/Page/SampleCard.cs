using System.Globalization;
using System.Text;
using VocSeg.Torch;

namespace Gallery;

/// <summary>One sample in the page: image, label, overlay and prediction side by side.</summary>
/// <remarks>
/// The panels are inline SVG in the picture's own pixels: photo and class map stand in the page once and the overlay uses them
/// again, and the window is drawn in place whatever size the panel has.
/// </remarks>
internal sealed class SampleCard(SegmentationPalette palette)
{
    // Larger pictures only make the page heavy.
    private const int LargestSide = 1024;

    private const string Black = """<rect width="100%" height="100%" />""";

    private readonly ClassPaint paint = new(palette);

    internal void Render(StringBuilder page, GalleryItem item, int number)
    {
        var id = Html.Text(item.Id);
        var window = item.Window is { } own ? Outline(own) : "";
        var photo = Html.DataUri("jpeg", Encoded.Jpeg(item.Photo.FittedSmooth(LargestSide)));
        List<string> panels = [Panel(item, "image", $"photo {id}", Image(item, $"p{number}", photo) + Shade(item) + window)];
        if (item.LabelMap is { } label)
        {
            panels.Add(Panel(item, "label", $"label of {id}: {Named(label)}", Black + Image(item, $"l{number}", MapUri(label)) + window));
            panels.Add(Panel(item, "overlay", $"photo {id} with its label over it", Overlay($"p{number}", $"l{number}")));
        }
        if (item.PredictionMap is { } prediction)
        {
            panels.Add(Panel(item, "prediction", $"prediction for {id}: {Named(prediction)}", Black + Image(item, $"q{number}", MapUri(prediction))));
            if (item.Label is null)
                panels.Insert(1, Panel(item, "overlay", $"photo {id} with its prediction over it", Overlay($"p{number}", $"q{number}")));
        }

        page.Append(CultureInfo.InvariantCulture, $"<article>\n<h2>{id}</h2>\n<p class=\"facts\">{Facts(item)}</p>\n<div class=\"panels n{panels.Count}\">\n");
        panels.ForEach(panel => page.Append(panel));
        page.Append("</div>\n");
        if ((item.LabelMap ?? item.PredictionMap) is { } shown)
            page.Append(CultureInfo.InvariantCulture, $"<ul>{string.Concat(Classes(shown).Select(entry => $"<li>{Html.Swatch(palette, entry.Index)}{Html.NameOf(palette, entry.Index)} {Html.Percent(entry.Share)}</li>"))}</ul>\n");
        page.Append("</article>\n");
    }

    private string Facts(GalleryItem item)
    {
        var facts = $"{item.Height}x{item.Width}";
        if (item.Window is { } window)
            facts += $" · window {window}";
        if (item is { Label: { } label, Prediction: { } prediction } && ClassCounts.Agreement(label, prediction, palette) is { } agreement)
            facts += $" · {Html.Percent(agreement)} predicted right";
        return facts;
    }

    private static string Panel(GalleryItem item, string caption, string description, string content) =>
        $"""
        <figure><svg viewBox="0 0 {item.Width} {item.Height}" role="img" aria-label="{description}">{content}</svg><figcaption>{caption}</figcaption></figure>

        """;

    private static string Image(GalleryItem item, string name, string uri) =>
        $"""<image id="{name}" width="{item.Width}" height="{item.Height}" preserveAspectRatio="none" href="{uri}" />""";

    private string MapUri(ClassMap map) => Html.DataUri("png", Encoded.FlatPng(paint.PaintTints(map.Fitted(LargestSide))));

    private static string Overlay(string photo, string map) => $"""<use href="#{photo}" /><use class="tint" href="#{map}" />""";

    private static string Shade(GalleryItem item) => item.Window is { Place: var place, Size: var size }
        ? $"""<path class="shade" d="M0 0H{item.Width}V{item.Height}H0ZM{place.Left} {place.Top}v{size.Height}h{size.Width}v-{size.Height}Z" />"""
        : "";

    // Half a line would be cut off where the window touches the picture's edge, hence one pixel inwards.
    private static string Outline(GalleryWindow window)
    {
        var (place, size) = window;
        var box = $"""x="{place.Left + 1}" y="{place.Top + 1}" width="{Math.Max(size.Width - 2, 1)}" height="{Math.Max(size.Height - 2, 1)}" """;
        return $"""<rect class="edge" {box}/><rect class="line" {box}/>""";
    }

    private string Named(ClassMap map) =>
        string.Join(", ", Classes(map).Select(entry => $"{Html.NameOf(palette, entry.Index)} {Html.Percent(entry.Share)}"));

    private static IEnumerable<(byte Index, double Share)> Classes(ClassMap map)
    {
        var counts = ClassCounts.Of(map.Classes);
        return counts.Present.Select(index => (Index: index, Share: counts.Share(index))).OrderByDescending(entry => entry.Share);
    }
}
