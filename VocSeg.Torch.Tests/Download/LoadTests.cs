namespace VocSeg.Torch.Tests.Download;

public sealed class LoadTests
{
    [Fact]
    public void Download_true_on_a_whole_folder_loads_it_without_a_network()
    {
        using var tree = new VocTree().Add("a", 40, 60).Add("b", 40, 60).WriteList("val", ["a"]);
        var lengths = new DirectoryInfo(tree.Root).EnumerateFiles("*", SearchOption.AllDirectories).ToDictionary(
            file => Path.GetRelativePath(tree.Root, file.FullName).Replace('\\', '/'),
            file => file.Length,
            StringComparer.Ordinal);
        new ArchiveMark(VocArchive.OfficialSha1, VocArchiveContent.Segmentation, lengths).Write(tree.Root);

        using var loaders = VocSegLoaders.Load(tree.Parent, batchSize: 1, cropSize: (32, 48), download: true);
        Assert.Equal((2, 1), (loaders.Train.Dataset.TotalCount, loaders.Validation.Dataset.TotalCount));
    }

    [Fact]
    public void The_official_archive_is_the_default()
    {
        var options = new VocArchiveOptions();
        Assert.Equal(VocArchive.Mirrors, options.Sources);
        Assert.Equal("4e443f8a2eca6b1dac8a6c57641b67dd40621a49", options.Sha1);
        Assert.All(VocArchive.Mirrors, mirror => Assert.Equal("VOCtrainval_11-May-2012.tar", mirror.Segments[^1]));
    }
}
