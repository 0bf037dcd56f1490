namespace VocSeg.Torch.Tests.Catalog;

/// <summary>The filter by crop size on a tree with the sizes of all 2913 official images.</summary>
public sealed class OfficialCountsTests
{
    [Fact]
    public void A_crop_of_320x480_keeps_1114_of_1464_and_1078_of_1449()
    {
        using var tree = new VocTree();
        var rows = OfficialSizes.Read();
        WriteFiles(tree, rows);
        foreach (var split in rows.GroupBy(row => row.Split, StringComparer.Ordinal))
            tree.WriteList(split.Key, split.Select(row => row.Id));

        Assert.Equal((1114, 1464), Counts("train", new(320, 480)));
        Assert.Equal((1078, 1449), Counts("val", new(320, 480)));
        // With the axes swapped the counts are others, so the two above can tell.
        Assert.Equal((267, 1464), Counts("train", new(480, 320)));
        Assert.Equal((274, 1449), Counts("val", new(480, 320)));

        (long Kept, long Total) Counts(string split, ImageSize crop)
        {
            using var dataset = new VocSegDataset(tree.Open(split), new() { Transforms = [new RandomCrop(crop)] });
            return (dataset.Count, dataset.TotalCount);
        }
    }

    private static void WriteFiles(VocTree tree, IReadOnlyList<OfficialSizes.Row> rows)
    {
        // One pair of files a size, copied to each id that has it.
        foreach (var sameSize in rows.GroupBy(row => row.Size))
        {
            var model = sameSize.First().Id;
            VocTree.WriteImage(
                tree.ImagePath(model), sameSize.Key.Height, sameSize.Key.Width, (_, _) => new(90, 120, 60));
            VocTree.WriteLabel(tree.LabelPath(model), sameSize.Key.Height, sameSize.Key.Width, (_, _) => new(0, 0, 0));
            foreach (var row in sameSize.Skip(1))
            {
                File.Copy(tree.ImagePath(model), tree.ImagePath(row.Id));
                File.Copy(tree.LabelPath(model), tree.LabelPath(row.Id));
            }
        }
    }
}
