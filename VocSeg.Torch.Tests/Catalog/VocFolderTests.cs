namespace VocSeg.Torch.Tests.Catalog;

public sealed class VocFolderTests
{
    [Fact]
    public void Voc_folder_devkit_and_its_parent_all_lead_to_the_voc_folder()
    {
        using var tree = new VocTree();
        Assert.Equal(tree.Root, VocFolder.Find(tree.Root));
        Assert.Equal(tree.Root, VocFolder.Find(tree.Devkit));
        Assert.Equal(tree.Root, VocFolder.Find(tree.Parent));
    }

    [Fact]
    public void The_only_year_in_a_devkit_is_found_whatever_its_name()
    {
        using var tree = new VocTree();
        var renamed = Path.Combine(tree.Devkit, "VOC2007");
        Directory.Move(tree.Root, renamed);
        Assert.Equal(renamed, VocFolder.Find(tree.Parent));
    }

    [Fact]
    public void A_missing_folder_is_named()
    {
        using var folder = new TempFolder();
        var error = Assert.Throws<DatasetException>(() => VocFolder.Find(folder["nowhere"]));
        Assert.Equal(folder["nowhere"], error.Path);
        Assert.Contains("no such folder", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_without_voc_in_it_is_named_with_what_was_looked_for()
    {
        using var folder = new TempFolder();
        var error = Assert.Throws<DatasetException>(() => VocFolder.Find(folder.Path));
        Assert.Contains("VOCdevkit/VOC2012", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_half_voc_folder_is_told_what_it_lacks()
    {
        using var tree = new VocTree();
        Directory.Delete(Path.Combine(tree.Root, "SegmentationClass"));
        var error = Assert.Throws<DatasetException>(() => VocFolder.Find(tree.Root));
        Assert.Contains("SegmentationClass missing", error.Message, StringComparison.Ordinal);
    }
}
