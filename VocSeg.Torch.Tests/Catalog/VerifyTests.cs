
namespace VocSeg.Torch.Tests.Catalog;

public sealed class VerifyTests
{
    private static readonly SampleCatalogOptions Defaults = new();

    [Fact]
    public void A_sound_split_has_no_findings()
    {
        using var tree = new VocTree().Add("a", 40, 60).Add("b", 33, 47);
        var report = SampleCatalog.Verify(tree.Parent, "train", Defaults);
        Assert.True(report.IsSound);
        Assert.Equal((2, 0), (report.Checked, report.Findings.Length));
        Assert.True(tree.Open().Verify().IsSound);
    }

    [Fact]
    public void Every_fault_is_found_in_the_order_of_the_list()
    {
        using var tree = new VocTree();
        foreach (var id in new[] { "a_sound", "b_cut", "c_missing", "d_size", "e_color", "f_no_image", "g_label_cut" })
            tree.Add(id, 40, 60);
        VocTree.CutInHalf(tree.ImagePath("b_cut"));
        File.Delete(tree.LabelPath("c_missing"));
        VocTree.WriteLabel(tree.LabelPath("d_size"), 40, 59, VocTree.Stripes);
        VocTree.WriteLabel(
            tree.LabelPath("e_color"),
            40,
            60,
            (row, column) => (row, column) == (39, 59) ? new(1, 2, 3) : new(0, 0, 0));
        File.WriteAllText(tree.ImagePath("f_no_image"), "no image");
        VocTree.CutInHalf(tree.LabelPath("g_label_cut"));

        var seen = 0;
        var report = SampleCatalog.Verify(
            tree.Root, "train", Defaults, progress: new Counter(() => Interlocked.Increment(ref seen)));
        Assert.Equal((7, 7), (report.Checked, seen));
        Assert.Equal(
            [
                tree.ImagePath("b_cut"), tree.LabelPath("c_missing"), tree.LabelPath("d_size"),
                tree.LabelPath("e_color"), tree.ImagePath("f_no_image"), tree.LabelPath("g_label_cut"),
            ],
            report.Findings.Select(finding => finding.Path));
        Assert.Equal(
            ["b_cut", "c_missing", "d_size", "e_color", "f_no_image", "g_label_cut"],
            report.Findings.Select(finding => finding.Id));
        Assert.Contains("40x59", report.Findings[2].Message, StringComparison.Ordinal);
        Assert.Contains("(1, 2, 3)", report.Findings[3].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Index_labels_of_another_folder_are_verified()
    {
        using var tree = new VocTree().Add("a", 4, 6).Add("b", 4, 6);
        var options = Defaults with { LabelFolder = "SegmentationClassAug" };
        WriteIndexLabel(tree, "a", [.. Enumerable.Range(0, 20), 20, 255, 0, 0]);
        WriteIndexLabel(tree, "b", [.. new int[23], 21]);
        var finding = Assert.Single(SampleCatalog.Verify(tree.Root, "train", options).Findings);
        Assert.Equal("b", finding.Id);
        Assert.Contains("row 3, column 5 has the class index 21", finding.Message, StringComparison.Ordinal);
    }

    internal static void WriteIndexLabel(VocTree tree, string id, int[] values)
    {
        var folder = Path.Combine(tree.Root, "SegmentationClassAug");
        Directory.CreateDirectory(folder);
        File.WriteAllBytes(Path.Combine(folder, id + ".png"), PngWriter.Write(6, 4, PngWriter.Gray, 8, values));
    }

    private sealed class Counter(Action count) : IProgress<(int Done, int Total)>
    {
        public void Report((int Done, int Total) value) => count();
    }
}
