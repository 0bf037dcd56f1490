using System.Diagnostics;
using System.Text;

namespace VocSeg.Torch.Tests.Catalog;

/// <summary>Every fault of a set has its kind, its file and its sample, whoever finds it.</summary>
public sealed class DatasetFaultTests : IDisposable
{
    private readonly VocTree tree = new VocTree().Add("a", 24, 32).Add("b", 24, 32);

    public void Dispose() => tree.Dispose();

    [Fact]
    public void A_missing_file_is_not_found()
    {
        File.Delete(tree.LabelPath("b"));
        AssertFault(DatasetFault.NotFound, tree.LabelPath("b"), "b");
        File.CreateSymbolicLink(tree.LabelPath("b"), "nowhere.png");
        AssertFault(DatasetFault.NotFound, tree.LabelPath("b"), "b");
        File.Delete(tree.LabelPath("b"));
        Directory.CreateDirectory(tree.LabelPath("b"));
        AssertFault(DatasetFault.NotFound, tree.LabelPath("b"), "b");
    }

    [Fact]
    public void Links_in_a_circle_lead_nowhere()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs links as on Unix");
        File.Delete(tree.ImagePath("b"));
        File.CreateSymbolicLink(tree.ImagePath("b"), tree.ImagePath("c"));
        File.CreateSymbolicLink(tree.ImagePath("c"), tree.ImagePath("b"));
        AssertFault(DatasetFault.NotFound, tree.ImagePath("b"), "b");
    }

    [Fact]
    public void Missing_folders_and_lists_are_not_found()
    {
        AssertFault(DatasetFault.NotFound, tree.ListPath("absent"), null, split: "absent");
        Directory.Delete(Path.Combine(tree.Root, "SegmentationClass"), recursive: true);
        AssertFault(DatasetFault.NotFound, tree.Root, null);
        var absent = Path.Combine(tree.Parent, "absent");
        AssertFault(
            DatasetFault.NotFound, absent, null, Assert.Throws<DatasetException>(() => VocFolder.Find(absent)));
        var empty = Directory.CreateDirectory(absent).FullName;
        AssertFault(DatasetFault.NotFound, empty, null, Assert.Throws<DatasetException>(() => VocFolder.Find(empty)));
    }

    [Theory]
    [InlineData("JPEGImages")]
    [InlineData("ImageSets/Segmentation/train.txt")]
    [InlineData("JPEGImages/b.jpg")]
    [InlineData("SegmentationClass/b.png")]
    public void What_may_not_be_read_is_denied(string name)
    {
        // One thread alone is another user for that time.
        var oneThread = new SampleCatalogOptions { Parallelism = 1 };
        OrdinaryUser.Open(tree.Parent);
        var isSample = name.Contains("b.", StringComparison.Ordinal);
        OrdinaryUser.RunWithout(Path.Combine(tree.Root, name), () => AssertFault(
            DatasetFault.AccessDenied, Path.Combine(tree.Root, name), isSample ? "b" : null, options: oneThread));
    }

    [Theory]
    [InlineData("a\0b")]
    [InlineData("a\u0007b")]
    [InlineData("a\u0085b")]
    [InlineData("../a")]
    [InlineData("a\na")]
    [InlineData("# only a comment")]
    [InlineData(" \t ")]
    [InlineData("/JPEGImages/../x.jpg /SegmentationClass/a.png")]
    public void A_wrong_line_is_a_fault_of_the_list(string lines)
    {
        File.WriteAllText(tree.ListPath("own"), lines);
        var error = Assert.Throws<DatasetException>(() => tree.Open("own"));
        Assert.Equal((DatasetFault.List, tree.ListPath("own")), (error.Fault, error.Path));
    }

    [Theory]
    [InlineData(250)]
    [InlineData(5000)]
    public void An_id_too_long_for_a_file_is_not_found(int length)
    {
        var id = new string('n', length);
        File.WriteAllText(tree.ListPath("own"), id);
        AssertFault(DatasetFault.NotFound, tree.ImagePath(id), id, split: "own");
        File.WriteAllText(tree.ListPath("own"), $"JPEGImages/{id}.jpg SegmentationClass/{id}.png");
        AssertFault(DatasetFault.NotFound, tree.ImagePath(id), id, split: "own");
    }

    [Fact]
    public void A_list_that_is_a_pipe_is_refused_at_once()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs named pipes in the file system");
        using (var made = Process.Start("mkfifo", [tree.ListPath("pipe")])!)
            made.WaitForExit();
        AssertFault(DatasetFault.List, tree.ListPath("pipe"), null, split: "pipe");
    }

    [Fact]
    public void A_list_of_gigabytes_is_refused_before_it_is_read()
    {
        using (var made = new FileStream(tree.ListPath("large"), FileMode.CreateNew))
            made.SetLength(3L << 30);
        var before = GC.GetTotalAllocatedBytes();
        AssertFault(DatasetFault.List, tree.ListPath("large"), null, split: "large");
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 1 << 20);
    }

    [Fact]
    public void Damage_is_damage()
    {
        foreach (var path in new[] { tree.ImagePath("b"), tree.LabelPath("b") })
        {
            var sound = File.ReadAllBytes(path);
            foreach (var bytes in new[] { [], Encoding.ASCII.GetBytes("no image"), sound[..(sound.Length / 2)] })
            {
                File.WriteAllBytes(path, bytes);
                AssertFault(DatasetFault.Damaged, path, "b");
            }
            File.WriteAllBytes(path, sound);
        }
        File.WriteAllBytes(tree.ImagePath("b"), HugeHeaders.Jpeg(0, 48));
        AssertFault(DatasetFault.Damaged, tree.ImagePath("b"), "b");
        File.WriteAllBytes(tree.ImagePath("b"), HugeHeaders.Png(-1, 48));
        AssertFault(DatasetFault.Damaged, tree.ImagePath("b"), "b");
    }

    [Fact]
    public void A_pipe_in_the_place_of_an_image_is_damage()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs named pipes in the file system");
        File.Delete(tree.ImagePath("b"));
        using (var made = Process.Start("mkfifo", [tree.ImagePath("b")])!)
            made.WaitForExit();
        AssertFault(DatasetFault.Damaged, tree.ImagePath("b"), "b");
    }

    [Theory]
    [InlineData(30000)]
    [InlineData(65500)]
    public void Too_many_pixels_are_too_large(int side)
    {
        File.WriteAllBytes(tree.ImagePath("b"), HugeHeaders.Jpeg(side, side));
        AssertFault(DatasetFault.TooLarge, tree.ImagePath("b"), "b");
        File.WriteAllBytes(tree.ImagePath("b"), File.ReadAllBytes(tree.ImagePath("a")));
        File.WriteAllBytes(tree.LabelPath("b"), HugeHeaders.Png(side, side));
        AssertFault(DatasetFault.TooLarge, tree.LabelPath("b"), "b");
    }

    [Fact]
    public void What_memory_does_not_hold_is_too_large_whatever_the_bound()
    {
        tree.AddHeaders("b", 65500, 65500);
        var unbound = new SampleCatalogOptions { MaxPixels = long.MaxValue, Repeats = true };
        var findings = SampleCatalog.Verify(tree.Root, "train", unbound).Findings;
        Assert.NotEmpty(findings);
        Assert.All(findings, finding => Assert.Equal((DatasetFault.TooLarge, "b"), (finding.Fault, finding.Id)));
        File.WriteAllBytes(tree.ImagePath("b"), HugeHeaders.Png(65500, 65500));
        File.WriteAllBytes(tree.LabelPath("b"), HugeHeaders.Png(65500, 65500));
        findings = SampleCatalog.Verify(tree.Root, "train", unbound).Findings;
        Assert.All(findings, finding => Assert.Equal((DatasetFault.TooLarge, "b"), (finding.Fault, finding.Id)));
    }

    [Fact]
    public void A_file_beyond_a_gibibyte_is_too_large()
    {
        using (var grown = new FileStream(tree.ImagePath("b"), FileMode.Open))
            grown.SetLength((1L << 30) + 1);
        AssertFault(DatasetFault.TooLarge, tree.ImagePath("b"), "b");
    }

    [Fact]
    public void Two_sizes_are_a_fault_of_size()
    {
        var tooSmall = Assert.Throws<DatasetException>(
            () => new VocSegDataset(tree.Open(), new() { Transforms = [new RandomCrop(new(400, 400))] }));
        Assert.Equal((DatasetFault.Size, tree.ListPath("train")), (tooSmall.Fault, tooSmall.Path));
        VocTree.WriteLabel(tree.LabelPath("b"), 24, 31, VocTree.Stripes);
        AssertFault(DatasetFault.Size, tree.LabelPath("b"), "b");
    }

    [Fact]
    public void A_file_that_changes_its_size_after_the_catalog_was_read_is_a_fault_of_size()
    {
        var sample = tree.Open().Samples[1];
        VocTree.WriteLabel(tree.LabelPath("b"), 24, 31, VocTree.Stripes);
        VocTree.WriteImage(tree.ImagePath("b"), 23, 32, VocTree.Gradient(23, 32));
        var image = Assert.Throws<DatasetException>(() => sample.ReadImage());
        AssertFault(DatasetFault.Size, tree.ImagePath("b"), "b", image);
        var label = Assert.Throws<DatasetException>(() => sample.ReadClassIndex());
        AssertFault(DatasetFault.Size, tree.LabelPath("b"), "b", label);
    }

    [Fact]
    public void A_colour_of_no_class_is_an_unknown_value()
    {
        VocTree.WriteLabel(tree.LabelPath("b"), 24, 32, (_, _) => new(1, 2, 3));
        AssertFault(DatasetFault.UnknownValue, tree.LabelPath("b"), "b");
    }

    [Fact]
    public void A_label_that_cannot_be_one_or_does_not_say_what_it_means_is_a_fault_of_format()
    {
        File.WriteAllBytes(tree.LabelPath("b"), PngWriter.Write(32, 24, PngWriter.Gray, 16, new int[24 * 32]));
        AssertFault(DatasetFault.LabelFormat, tree.LabelPath("b"), "b");
        File.Copy(tree.ImagePath("b"), tree.LabelPath("b"), overwrite: true);
        AssertFault(DatasetFault.LabelFormat, tree.LabelPath("b"), "b");
    }

    /// <summary>The catalog finds it, or verifying and loading do where only pixels tell.</summary>
    private void AssertFault(
        DatasetFault fault, string path, string? id, string split = "train", SampleCatalogOptions? options = null)
    {
        if (Record.Exception(() => SampleCatalog.FromVoc(tree.Root, split, options)) is { } seen)
        {
            AssertFault(fault, path, id, Assert.IsType<DatasetException>(seen));
            if (id is null)
                return;
        }
        else
        {
            using var dataset = new VocSegDataset(
                SampleCatalog.FromVoc(tree.Root, split, options), new() { Transforms = [new RandomCrop(new(24, 32))] });
            using var loader = new VocSegDataLoader(dataset, new() { BatchSize = 2, Workers = 1 });
            if (options is null)
                AssertFault(fault, path, id, Assert.Throws<DatasetException>(() => loader.Count()));
            AssertFault(fault, path, id, Assert.Throws<DatasetException>(() => dataset.GetTensor(1)));
        }
        var finding = Assert.Contains(
            path, SampleCatalog.Verify(tree.Root, split, options).Findings.ToDictionary(found => found.Path));
        Assert.Equal((fault, id), (finding.Fault, finding.Id));
    }

    private static void AssertFault(DatasetFault fault, string path, string? id, DatasetException error)
    {
        Assert.Equal((fault, path, id), (error.Fault, error.Path, error.SampleId));
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
    }
}
