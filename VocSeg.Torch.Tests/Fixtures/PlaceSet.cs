namespace VocSeg.Torch.Tests;

/// <summary>
/// Samples whose images and labels both tell of every pixel where it stands: red is the row, green the column, blue
/// 255; the class is 16 * (row modulo 15) + (column modulo 16).
/// </summary>
internal sealed class PlaceSet : IDisposable
{
    internal static readonly SegmentationPalette Palette =
        SegmentationPalette.FromNames(Enumerable.Range(0, 240).Select(index => $"c{index}"));

    private readonly PairFolder folder = new();

    internal PlaceSet(int samples = 32)
    {
        for (var number = 0; number < samples; number++)
        {
            var (height, width) = (33 + number * 5 % 23, 35 + number * 7 % 29);
            int[] pixels =
                [.. Enumerable.Range(0, height * width).SelectMany(at => new[] { at / width, at % width, 255 })];
            folder.Bytes($"images/{number:00}.png", PngWriter.Write(width, height, PngWriter.Rgb, 8, pixels));
            folder.Label($"labels/{number:00}.png", height, width, ClassOf);
        }
        Catalog = SampleCatalog.FromFolders(folder["images"], folder["labels"]);
    }

    internal SampleCatalog Catalog { get; }

    internal VocSegDataset Dataset(params SampleTransform[] transforms) => new(
        Catalog,
        new() { Transforms = [.. transforms], Palette = Palette, Normalization = Normalization.None, Seed = 21 });

    internal static int ClassOf(int row, int column) => row % 15 * 16 + column % 16;

    public void Dispose() => folder.Dispose();
}
