using System.Net;
using VocSeg.Torch;

namespace Gallery;

/// <summary>How many pixels every class has in some maps of class indices, and in how many maps it is.</summary>
internal sealed class ClassCounts
{
    internal ClassCounts(params IEnumerable<byte[]?> maps)
    {
        foreach (var map in maps.OfType<byte[]>())
        {
            foreach (var (index, count) in map.CountBy(index => index))
            {
                Pixels[index] += count;
                Maps[index]++;
            }
            Total += map.Length;
        }
        Present = [.. Enumerable.Range(0, 256).Where(index => Pixels[index] > 0).Select(index => (byte)index)];
    }

    internal long[] Pixels { get; } = new long[256];

    internal int[] Maps { get; } = new int[256];

    internal long Total { get; }

    /// <summary>The class indices that are there, in their order.</summary>
    internal byte[] Present { get; }

    /// <summary>The share of a class in percent; what is there never reads as nothing.</summary>
    internal string Percent(byte index) => Percent(Pixels[index], Total);

    internal static string Percent(long part, long whole) =>
        part > 0 && part * 2000 < whole ? "&lt;0.1 %" : $"{100.0 * part / Math.Max(1, whole):F1} %";

    /// <summary>How many of the pixels are predicted as the label has them; empty where none can be compared.</summary>
    internal static string Agreement(IEnumerable<GalleryItem> items, SegmentationPalette palette)
    {
        var counts = items.SelectMany(item => (item.Label ?? []).Zip(item.Prediction ?? []))
            .Where(pixel => pixel.First != palette.IgnoreIndex)
            .CountBy(pixel => pixel.First == pixel.Second).ToDictionary();
        long right = counts.GetValueOrDefault(true), counted = right + counts.GetValueOrDefault(false);
        return counted == 0 ? "" : $", {Percent(right, counted)} of the pixels predicted right";
    }

    /// <summary>A patch of a class's colour, or of the hatch, and the name of the class.</summary>
    internal static string Named(SegmentationPalette palette, byte index)
    {
        if (index >= palette.ClassCount)
            return """<i class="hatch"></i>ignored""";
        var color = palette.Colors[index];
        var hex = $"#{color.Red:x2}{color.Green:x2}{color.Blue:x2}";
        return $"""<i style="background:{hex}"></i>{WebUtility.HtmlEncode(palette.ClassNames[index])}""";
    }
}
