namespace VocSeg.Torch.Tests;

/// <summary>
/// A data set of 24 samples, four of which cannot be read, though a catalog takes them. Sample i shows class i % 20 + 1
/// and the background.
/// </summary>
internal sealed class BadSet : IDisposable
{
    internal const int Count = 24;
    internal static readonly int[] Bad = [3, 4, 11, 17];
    internal static readonly ImageSize Crop = new(16, 24);
    private readonly VocTree tree = new();

    internal BadSet(bool isDamaged = true)
    {
        for (var i = 0; i < Count; i++)
        {
            var (height, width, shown) = (24 + i * 5 % 17, 32 + i * 7 % 23, SegmentationPalette.Voc.Colors[i % 20 + 1]);
            // Only the last row of one label holds a colour that the palette does not know.
            tree.Add(Id(i), height, width, (row, column) => isDamaged && i == 4 && row == height - 1 ? new(1, 2, 3)
                : (row / 4 + column / 5) % 2 == 0 ? SegmentationPalette.Voc.Colors[0] : shown);
        }
        Catalog = tree.Open();
        if (!isDamaged)
            return;
        // One image lacks only its end; another image and a label are cut in the middle of their pixels.
        Cut(tree.ImagePath(Id(3)), 40);
        Cut(tree.ImagePath(Id(11)), 200);
        Cut(tree.LabelPath(Id(17)), 40);
    }

    internal SampleCatalog Catalog { get; }

    internal string Root => tree.Root;

    internal static string Id(int index) => $"s{index:00}";

    internal VocSegDataset Dataset(params SampleTransform[] transforms) =>
        new(Catalog, new() { Transforms = [.. transforms], Seed = 11 });

    private static void Cut(string path, int bytes) => File.WriteAllBytes(path, File.ReadAllBytes(path)[..^bytes]);

    public void Dispose() => tree.Dispose();
}
