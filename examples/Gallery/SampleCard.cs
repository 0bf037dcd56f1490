using System.Net;
using SkiaSharp;
using VocSeg.Torch;

namespace Gallery;

/// <summary>
/// One sample in the page. The panels are inline SVG in the image's own pixels: image and class colours are there once
/// and the overlay uses them again, and the crop is drawn in place whatever size the panel has.
/// </summary>
internal sealed class SampleCard(
    GalleryItem item, int number, SegmentationPalette palette, int longestSide = 1024)
{
    // Larger images only make the page heavy.
    private readonly ItemPainter painter = new(palette, longestSide);
    private readonly string id = WebUtility.HtmlEncode(item.Id);

    internal string Html()
    {
        string[] panels = [.. Panels()];
        var taken = item.Crop is { } crop
            ? $", crop {crop.Width} x {crop.Height} at row {crop.Top}, column {crop.Left}"
            : "";
        var shown = new ClassCounts(item.Label ?? item.Prediction);
        var classes = shown.Present.OrderByDescending(index => shown.Pixels[index])
            .Select(index => $"<li>{ClassCounts.Named(palette, index)} {shown.Percent(index)}</li>");
        return $"""
            <article>
            <h2>{id}</h2>
            <p class="facts">{item.Width} x {item.Height}{taken}{ClassCounts.Agreement([item], palette)}</p>
            <div class="panels n{panels.Length}">
            {string.Concat(panels)}</div>
            <ul>{string.Concat(classes)}</ul>
            </article>

            """;
    }

    internal IEnumerable<string> Panels()
    {
        const string Black = """<rect width="100%" height="100%" />""";
        var (shade, line) = ("", "");
        if (item.Crop is { } crop)
        {
            var hole = $"M{crop.Left} {crop.Top}v{crop.Height}h{crop.Width}v-{crop.Height}Z";
            shade = $"""<path class="shade" d="M0 0H{item.Width}V{item.Height}H0Z{hole}" />""";
            // Half a line would be cut off where the crop touches the image's edge, hence one pixel inwards.
            var (width, height) = (Math.Max(crop.Width - 2, 1), Math.Max(crop.Height - 2, 1));
            var box = $"""x="{crop.Left + 1}" y="{crop.Top + 1}" width="{width}" height="{height}" """;
            line = $"""<rect class="edge" {box}/><rect class="line" {box}/>""";
        }
        using (var image = painter.Image(item))
        using (var pixels = image.PeekPixels())
        using (var jpeg = pixels.Encode(new SKJpegEncoderOptions(84))!)
            yield return Panel("image", "image", Image('p', "jpeg", jpeg.ToArray()) + shade + line);
        if (item.Label is { } label)
            yield return Panel("label", "label of", Black + Tints('l', label) + line);
        var over = item.Label is not null ? 'l' : 'q';
        if (item.Label is not null || item.Prediction is not null)
            yield return Panel(
                "overlay", "classes over", $"""<use href="#p{number}" /><use class="tint" href="#{over}{number}" />""");
        if (item.Prediction is { } prediction)
            yield return Panel("prediction", "prediction for", Black + Tints('q', prediction));
    }

    private string Panel(string caption, string description, string content) =>
        $"""
        <figure><svg viewBox="0 0 {item.Width} {item.Height}" role="img" aria-label="{description} {id}">{content}</svg>
        <figcaption>{caption}</figcaption></figure>

        """;

    private string Tints(char name, byte[] classes)
    {
        using var tints = painter.Tints(item, classes);
        return Image(name, "png", ItemPainter.EncodePng(tints));
    }

    private string Image(char name, string type, byte[] file) =>
        $"""<image id="{name}{number}" width="{item.Width}" height="{item.Height}" preserveAspectRatio="none" """ +
        $"""href="data:image/{type};base64,{Convert.ToBase64String(file)}" />""";
}
