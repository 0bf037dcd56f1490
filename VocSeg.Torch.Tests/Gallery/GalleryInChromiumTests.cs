using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Gallery;

namespace VocSeg.Torch.Tests.Gallery;

/// <summary>The page in a browser, in the sizes of a phone and of a desk.</summary>
public sealed partial class GalleryInChromiumTests
{
    // Stands before the end of the body, so that the page is loaded only when its images are, and notes what it finds.
    private const string Probe = """
        <script>
        const images = [...document.querySelectorAll('image')].map(image => {
          const copy = new Image();
          copy.src = image.getAttribute('href');
          copy.style.cssText = 'position:absolute;width:0;height:0';
          document.body.append(copy);
          return copy;
        });
        addEventListener('load', () => {
          const root = document.documentElement, slider = document.querySelector('input[type=range]');
          slider.value = '0.25';
          slider.dispatchEvent(new Event('input'));
          const legend = document.querySelector('details'), legendOpen = legend.open;
          legend.open = true;
          const panels = document.querySelector('.panels');
          const figures = [...panels.children].map(figure => figure.getBoundingClientRect());
          const past = [...document.body.querySelectorAll('*')].filter(element =>
            !element.closest('svg') && element.getBoundingClientRect().right > innerWidth + 0.5);
          const found = {
            width: innerWidth,
            scroll: root.scrollWidth,
            images: images.length,
            decoded: images.filter(image => image.complete && image.naturalWidth > 0).length,
            flat: [...document.querySelectorAll('svg')]
              .filter(panel => panel.getBoundingClientRect().height < 40).length,
            rows: new Set(figures.map(box => Math.round(box.top))).size,
            legend: legendOpen ? 1 : 0,
            tint: getComputedStyle(document.querySelector('.tint')).opacity,
          };
          parent.document.title = 'found past[' + past.map(element => element.localName).join() + '] '
            + Object.entries(found).map(([name, value]) => name + '=' + value).join(' ');
        });
        </script>
        </body>
        """;

    [Theory]
    [InlineData(390, 844, 2, 0)]
    [InlineData(1440, 900, 1, 1)]
    public void Everything_is_seen_on_a_phone_and_on_a_desk(int width, int height, int rows, int legendOpen)
    {
        using var folder = new TempFolder();
        var palette = new SegmentationPalette(
            SegmentationPalette.Voc.Colors,
            SegmentationPalette.Voc.ClassNames.Select((name, index) =>
                index == 20 ? "a_class_with_a_name_that_is_longer_than_any_column_and_never_breaks" : name));
        GalleryPage.Write(
            folder["page.html"],
            [
                Samples.Banded("2007_000001", 240, 360, predicted: true),
                Samples.Banded(new string('x', 120), 360, 240),
                Samples.Banded("c", 200, 500),
            ],
            palette,
            "AVeryLongTitleOfOneWord" + new string('y', 100),
            [.. Enumerable.Range(0, 8).Select(draw => Samples.Banded($"draw {draw}", 240, 320))]);
        // A frame has any size; a window of the browser is never narrower than some hundred pixels.
        var page = File.ReadAllText(folder["page.html"]).Replace("</body>", Probe, StringComparison.Ordinal);
        File.WriteAllText(folder["frame.html"], $"""
            <!DOCTYPE html>
            <title>nothing</title>
            <iframe style="border:0;width:{width}px;height:{height}px" srcdoc="{WebUtility.HtmlEncode(page)}"></iframe>
            """);

        var found = Found().Match(Chromium.Open(folder["frame.html"]));
        Assert.True(found.Success, "the page wrote nothing down");
        Assert.Equal("", found.Groups["past"].Value);
        var values = found.Groups["values"].Value.Split(' ').Select(entry => entry.Split('=')).ToDictionary(
            entry => entry[0], entry => double.Parse(entry[1], CultureInfo.InvariantCulture), StringComparer.Ordinal);
        Assert.Equal(width, values["width"]);
        Assert.InRange(values["scroll"], 1, width);
        Assert.Equal(3 + 3 + 1 + 8 * 2, values["images"]);
        Assert.Equal(values["images"], values["decoded"]);
        Assert.Equal(0, values["flat"]);
        Assert.Equal(rows, values["rows"]);
        Assert.Equal(legendOpen, values["legend"]);
        Assert.Equal(0.25, values["tint"]);
    }

    [GeneratedRegex(
        "<title>found past\\[(?<past>[^\\]]*)\\] (?<values>[^<]*)</title>",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 2000)]
    private static partial Regex Found();
}
