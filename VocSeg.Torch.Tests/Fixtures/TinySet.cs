namespace VocSeg.Torch.Tests;

/// <summary>A data set that seconds of training can learn: the class of a sample's lower part is its colour.</summary>
internal sealed class TinySet : IDisposable
{
    private readonly VocTree tree = new();

    internal TinySet(int samples = 8)
    {
        var ids = Enumerable.Range(0, samples).Select(index => $"s{index:00}").ToArray();
        for (var index = 0; index < samples; index++)
        {
            var (kind, horizon) = (1 + index % 2, 12 + index);
            tree.Add(
                ids[index],
                40,
                48,
                (row, _) => SegmentationPalette.Voc.Colors[row < horizon ? 0 : kind],
                (row, column) => row < horizon ? new((byte)(200 + column % 8), 220, 250)
                    : kind == 1 ? new(200, (byte)(40 + row), 30)
                    : new(20, 90, (byte)(20 + column)));
        }
        tree.WriteList("val", ids.Take(3));
    }

    internal string Root => tree.Root;

    internal string this[string name] => Path.Combine(tree.Parent, name);

    public void Dispose() => tree.Dispose();
}
