using System.Net;
using VocSeg.Torch;

namespace Gallery;

/// <summary>How things are written in the page.</summary>
internal static class Html
{
    /// <summary>Text as the content of an element or of a quoted attribute.</summary>
    internal static string Text(string text) => WebUtility.HtmlEncode(text);

    /// <summary>A share of one in percent; what is there never reads as nothing.</summary>
    internal static string Percent(double share) => share switch
    {
        > 0 and < 0.0005 => "&lt;0.1 %",
        _ => $"{100 * share:F1} %",
    };

    /// <summary>A patch of a class's colour, or of the hatch.</summary>
    internal static string Swatch(SegmentationPalette palette, byte index) => index < palette.ClassCount
        ? $"""<i style="background:{Hex(palette.Colors[index])}"></i>"""
        : """<i class="hatch"></i>""";

    internal static string Hex(RgbColor color) => $"#{color.Red:x2}{color.Green:x2}{color.Blue:x2}";

    internal static string DataUri(string type, byte[] content) => $"data:image/{type};base64,{Convert.ToBase64String(content)}";

    internal static string NameOf(SegmentationPalette palette, byte index) =>
        index < palette.ClassCount ? Text(palette.ClassNames[index]) : "ignored";
}
