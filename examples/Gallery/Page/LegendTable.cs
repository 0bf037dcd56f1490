using System.Globalization;
using System.Text;
using VocSeg.Torch;

namespace Gallery;

/// <summary>The classes that are seen, with colour, name and counts, and a slider for the overlays.</summary>
internal sealed class LegendTable
{
    private readonly SegmentationPalette palette;
    private readonly ClassCounts labels;
    private readonly ClassCounts predictions;
    private readonly byte[] present;

    internal LegendTable(IReadOnlyList<GalleryItem> items, SegmentationPalette palette)
    {
        this.palette = palette;
        labels = ClassCounts.Of(items.Select(item => item.Label));
        predictions = ClassCounts.Of(items.Select(item => item.Prediction));
        present = [.. labels.Present.Union(predictions.Present).Order()];
        Summary = $"{Counted(items.Count, "sample")}, {Counted(present.Count(index => index < palette.ClassCount), "class", "classes")}" + AgreementOf(items);
    }

    internal string Summary { get; }

    internal bool IsEmpty => present.Length == 0;

    internal void Render(StringBuilder page)
    {
        page.Append("""
            <label class="mix">overlay <input type="range" min="0" max="1" step="0.05" value="0.5" oninput="document.documentElement.style.setProperty('--mix', this.value)" /></label>
            <details open="open">
            <summary>Classes</summary>
            <table>
            <thead><tr><th scope="col">class</th>
            """);
        // Without labels the predictions are what is counted.
        var counted = labels.Total > 0 ? labels : predictions;
        var both = labels.Total > 0 && predictions.Total > 0;
        page.Append("<th scope=\"col\">pixels</th><th scope=\"col\">share</th>")
            .Append(both ? "<th scope=\"col\">predicted</th>" : "")
            .Append("<th scope=\"col\">samples</th></tr></thead>\n<tbody>\n");
        foreach (var index in present)
        {
            page.Append(CultureInfo.InvariantCulture, $"<tr><th scope=\"row\">{Html.Swatch(palette, index)}{Html.NameOf(palette, index)}</th>");
            page.Append(CultureInfo.InvariantCulture, $"<td>{counted.Pixels(index):N0}</td>{Share(counted, index)}");
            if (both)
                page.Append(Share(predictions, index));
            page.Append(CultureInfo.InvariantCulture, $"<td>{counted.Samples(index)}</td></tr>\n");
        }
        page.Append("</tbody>\n</table>\n");
        RenderAbsent(page);
        page.Append("""
            </details>
            <script>if (window.matchMedia('(max-width: 60rem)').matches) document.querySelector('details').open = false;</script>

            """);
    }

    private void RenderAbsent(StringBuilder page)
    {
        var absent = Enumerable.Range(0, palette.ClassCount).Select(index => (byte)index).Except(present).Select(index => Html.NameOf(palette, index)).ToArray();
        if (absent.Length > 0)
            page.Append(CultureInfo.InvariantCulture, $"<p class=\"facts\">Not in these samples: {string.Join(", ", absent)}.</p>\n");
    }

    private string AgreementOf(IReadOnlyList<GalleryItem> items)
    {
        double right = 0;
        long counted = 0;
        foreach (var item in items)
        {
            if (item is not { Label: { } label, Prediction: { } prediction } || ClassCounts.Agreement(label, prediction, palette) is not { } agreement)
                continue;
            var pixels = label.Length - label.AsSpan().Count(palette.IgnoreIndex);
            right += agreement * pixels;
            counted += pixels;
        }
        return counted == 0 ? "" : $", {Html.Percent(right / counted)} of the pixels predicted right";
    }

    private static string Share(ClassCounts counts, byte index) =>
        $"<td class=\"share\" style=\"--s:{100 * counts.Share(index):F2}%\">{Html.Percent(counts.Share(index))}</td>";

    private static string Counted(int count, string one, string? more = null) => count == 1 ? $"1 {one}" : $"{count} {more ?? one + "s"}";
}
