namespace VocSeg.Torch.Tests;

/// <summary>A small data set of many sizes, made once for all tests that only read it.</summary>
public sealed class SampleSet : IDisposable
{
    internal static readonly ImageSize Crop = new(24, 32);

    private readonly VocTree tree = new();

    public SampleSet()
    {
        for (var i = 0; i < 23; i++)
            tree.Add($"s{i:00}", 24 + i * 5 % 17, 32 + i * 7 % 23);
        tree.Add("low", 23, 64).Add("narrow", 64, 31);
        tree.WriteList("val", Enumerable.Range(0, 7).Select(i => $"s{i:00}"));
        Catalog = tree.Open();
    }

    internal string Root => tree.Root;

    internal SampleCatalog Catalog { get; }

    internal VocSegDataset Dataset(long seed = 7, SegmentationPalette? palette = null) =>
        new(Catalog, new()
        {
            Transforms = [new RandomCrop(Crop)],
            Seed = seed,
            Palette = palette ?? SegmentationPalette.Voc,
        });

    public void Dispose() => tree.Dispose();
}
