using System.Globalization;

namespace VocSeg.Torch.Tests;

/// <summary>
/// The size of each of the 2913 official VOC2012 segmentation images: voc2012-sizes.csv beside this file.
/// </summary>
internal static class OfficialSizes
{
    internal sealed record Row(string Id, string Split, ImageSize Size);

    internal static IReadOnlyList<Row> Read() =>
    [
        .. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Fixtures", "voc2012-sizes.csv"))
            .Skip(1)
            .Select(line => line.Split(','))
            .Select(cells => new Row(cells[0], cells[1], new(Number(cells[3]), Number(cells[2])))),
    ];

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
