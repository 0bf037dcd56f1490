using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;
using Gallery;
using SkiaSharp;

namespace VocSeg.Torch.Tests.Gallery;

public sealed partial class GalleryPageTests
{
    [Fact]
    public void The_page_shows_every_sample_with_its_panels_and_needs_nothing_else()
    {
        var (page, text) = Write([Samples.Banded("2007_000001"), Samples.Banded("2007_000002", predicted: true)]);
        Assert.Equal(["2007_000001", "2007_000002"], page.Descendants("h2").Select(heading => heading.Value));
        Assert.Equal(
            ["image", "label", "overlay", "image", "label", "overlay", "prediction"],
            page.Descendants("figcaption").Select(caption => caption.Value));
        Assert.All(page.Descendants("svg"), panel => Assert.NotEqual("", panel.Attribute("aria-label")!.Value));

        Assert.DoesNotMatch("(?i)https?:|//[a-z]|@import|url\\(", EmbeddedImage().Replace(text, ""));
        Assert.Empty(page.Descendants("link"));
        Assert.DoesNotContain(page.Descendants().Attributes(), attribute => attribute.Name.LocalName == "src");
        Assert.All(
            page.Descendants().Attributes("href"),
            link => Assert.Matches("^(#[plq][0-9]+|data:image/(png|jpeg);base64,.*)$", link.Value));
        // What is used again is in the page.
        var names = page.Descendants().Attributes("id").Select(name => "#" + name.Value).ToList();
        Assert.All(page.Descendants("use"), use => Assert.Contains(use.Attribute("href")!.Value, names));
    }

    [Fact]
    public void The_images_are_those_of_the_sample()
    {
        var item = Samples.Banded("a");
        var (page, _) = Write([item]);
        using var image = Embedded(page, "p0");
        Assert.Equal((60, 40), (image.Width, image.Height));
        Assert.InRange(image.GetPixel(30, 20).Green, 198, 202);
        using var label = Embedded(page, "l0");
        Assert.Equal((60, 40), (label.Width, label.Height));
        Assert.Equal(0, label.GetPixel(5, 5).Alpha);
        Assert.Equal(new SKColor(128, 0, 0), label.GetPixel(5, 15));
        Assert.Equal(new SKColor(0, 64, 128), label.GetPixel(59, 29));
        // Ignored: both colours of the hatch, no class's.
        var hatch = Enumerable.Range(0, 12).Select(x => label.GetPixel(x, 35)).Distinct().ToArray();
        Assert.Equal(2, hatch.Length);
        var colors = SegmentationPalette.Voc.Colors;
        Assert.DoesNotContain(hatch, color => colors.Contains(new(color.Red, color.Green, color.Blue)));
    }

    [Fact]
    public void The_crop_is_drawn_where_it_is_taken()
    {
        var (page, text) = Write([Samples.Banded("a")]);
        var lines = page.Descendants("rect").Where(rect => rect.Attribute("class")?.Value == "line").ToArray();
        Assert.Equal(2, lines.Length);
        string[] names = ["x", "y", "width", "height"];
        Assert.All(
            lines, line => Assert.Equal(["9", "5", "38", "22"], names.Select(name => line.Attribute(name)!.Value)));
        Assert.Contains("60 x 40, crop 40 x 24 at row 4, column 8", text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_legend_counts_as_a_slow_count_does()
    {
        var random = new Random(5);
        byte[] values = [0, 3, 7, 15, 20, 255];
        var gray = Samples.Gray(30, 41);
        GalleryItem[] items = [.. Enumerable.Range(0, 4).Select(number => new GalleryItem($"s{number}", gray, 30, 41)
        {
            Label = [.. Enumerable.Range(0, 30 * 41).Select(_ => values[random.Next(values.Length - number)])],
        })];
        var rows = Rows(Write(items).Page);
        Assert.Equal(values.Length, rows.Count);
        foreach (var value in values)
        {
            long pixels = 0;
            var samples = 0;
            foreach (var item in items)
            {
                var own = 0;
                foreach (var index in item.Label!)
                {
                    if (index == value)
                        own++;
                }
                pixels += own;
                samples += own > 0 ? 1 : 0;
            }
            var name = value == 255 ? "ignored" : SegmentationPalette.Voc.ClassNames[value];
            var share = (100.0 * pixels / (4 * 30 * 41)).ToString("F1", CultureInfo.InvariantCulture);
            Assert.Equal([pixels.ToString("N0", CultureInfo.InvariantCulture), $"{share} %", $"{samples}"], rows[name]);
        }
    }

    [Fact]
    public void Predictions_stand_beside_the_labels_and_are_counted()
    {
        // Of the three bands that count one is predicted wrong.
        var (page, text) = Write([Samples.Banded("a", predicted: true)]);
        Assert.Contains("1 sample, 4 classes, 66.7 % of the pixels predicted right", text, StringComparison.Ordinal);
        var rows = Rows(page);
        Assert.Equal(["600", "25.0 %", "50.0 %", "1"], rows["background"]);
        Assert.Equal(["0", "0.0 %", "25.0 %", "0"], rows["person"]);
        Assert.Equal(["600", "25.0 %", "0.0 %", "1"], rows["tv/monitor"]);
    }

    [Fact]
    public void A_prediction_alone_gets_the_overlay_and_the_counts()
    {
        byte[] dog = [.. Enumerable.Repeat((byte)12, 20)];
        var (page, _) = Write([new("a", Samples.Gray(4, 5), 4, 5) { Prediction = dog }]);
        var captions = page.Descendants("figcaption").Select(caption => caption.Value);
        Assert.Equal(["image", "overlay", "prediction"], captions);
        Assert.Equal(["20", "100.0 %", "1"], Rows(page)["dog"]);
    }

    [Fact]
    public void An_image_alone_is_shown_without_a_legend()
    {
        var (page, _) = Write([new("a", Samples.Gray(4, 5), 4, 5)]);
        Assert.Equal("image", Assert.Single(page.Descendants("figcaption")).Value);
        Assert.Empty(page.Descendants("table"));
    }

    [Fact]
    public void Ids_class_names_and_title_are_text_whatever_they_hold()
    {
        const string id = "<b>\"x\" & 'y'</b><script>alert(1)</script>", name = "</td><i onclick='x'>&amp;";
        var palette = new SegmentationPalette([new(0, 0, 0), new(9, 9, 9)], ["<ground>", name]);
        var item = new GalleryItem(id, Samples.Gray(1, 2), 1, 2) { Label = [0, 1] };
        var (page, _) = Write([item], palette, "</title>& more");
        Assert.Equal(id, Assert.Single(page.Descendants("h2")).Value);
        Assert.Equal("</title>& more", Assert.Single(page.Descendants("h1")).Value);
        Assert.Equal("</title>& more", Assert.Single(page.Descendants("title")).Value);
        Assert.Contains(name, Rows(page).Keys);
        Assert.Contains("<ground>", Rows(page).Keys);
        Assert.DoesNotContain(page.Descendants().Attributes(), attribute => attribute.Name.LocalName == "onclick");
    }

    [Fact]
    public void A_large_image_is_kept_to_a_sensible_size()
    {
        var (page, text) = Write([new("a", Samples.Gray(1500, 3000), 1500, 3000) { Label = new byte[1500 * 3000] }]);
        using var image = Embedded(page, "p0");
        Assert.Equal((1024, 512), (image.Width, image.Height));
        Assert.Equal("0 0 3000 1500", page.Descendants("svg").First().Attribute("viewBox")!.Value);
        Assert.InRange(text.Length, 1, 300_000);
    }

    [Fact]
    public void A_class_that_the_palette_does_not_have_is_named_and_nothing_is_written()
    {
        using var folder = new TempFolder();
        var item = new GalleryItem("odd one", Samples.Gray(1, 2), 1, 2) { Label = [0, 77] };
        var palette = SegmentationPalette.Voc;
        var error = Assert.Throws<ArgumentException>(() => GalleryPage.Write(folder["a.html"], [item], palette, "t"));
        Assert.Contains("odd one has the class index 77", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => GalleryPage.Write(folder["a.html"], [], palette, "t"));
        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void An_item_refuses_what_does_not_fit_its_image()
    {
        Assert.Throws<ArgumentException>(() => new GalleryItem("a", new byte[7], 1, 2));
        Assert.Throws<ArgumentException>(() => new GalleryItem("a", new byte[8], 1, 2) { Label = [0] });
        Assert.Throws<ArgumentException>(() => new GalleryItem("a", new byte[8], 1, 2) { Prediction = [0, 0, 0] });
        var outside = SKRectI.Create(1, 0, 2, 1);
        Assert.Throws<ArgumentException>(() => new GalleryItem("a", new byte[8], 1, 2) { Crop = outside });
    }

    private static (XElement Page, string Text) Write(
        IReadOnlyList<GalleryItem> items, SegmentationPalette? palette = null, string title = "Samples")
    {
        using var folder = new TempFolder();
        GalleryPage.Write(folder["page.html"], items, palette ?? SegmentationPalette.Voc, title);
        Assert.Equal("page.html", Path.GetFileName(Assert.Single(Directory.GetFiles(folder.Path))));
        var text = File.ReadAllText(folder["page.html"]);
        var settings = new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore, XmlResolver = null };
        using var reader = XmlReader.Create(new StringReader(text), settings);
        return (XDocument.Load(reader).Root!, text);
    }

    private static Dictionary<string, string[]> Rows(XElement page) =>
        page.Descendants("tbody").Single().Elements("tr").ToDictionary(
            row => row.Element("th")!.Value,
            row => row.Elements("td").Select(cell => cell.Value).ToArray(),
            StringComparer.Ordinal);

    private static SKBitmap Embedded(XElement page, string name)
    {
        var image = page.Descendants("image").Single(image => image.Attribute("id")!.Value == name);
        var uri = image.Attribute("href")!.Value;
        var bytes = Convert.FromBase64String(uri[(uri.IndexOf(',', StringComparison.Ordinal) + 1)..]);
        var bounds = SKBitmap.DecodeBounds(bytes);
        var info = new SKImageInfo(bounds.Width, bounds.Height, SKColorType.Rgba8888, SKAlphaType.Unpremul);
        return SKBitmap.Decode(bytes, info)!;
    }

    [GeneratedRegex(
        "data:image/[a-z]+;base64,[A-Za-z0-9+/=]*", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 2000)]
    private static partial Regex EmbeddedImage();
}
