namespace VocSeg.Torch.Tests.Catalog;

/// <summary>What a catalog says of images that EXIF turns, and of images that are too large.</summary>
public sealed class OrientationAndBoundTests : IDisposable
{
    private static readonly SampleCatalogOptions Turned = new() { ApplyExifOrientation = true };
    private readonly VocTree tree = new();

    public void Dispose() => tree.Dispose();

    [Fact]
    public void A_label_of_the_turned_size_is_an_error_that_names_the_option()
    {
        Add("a", orientation: 6, stored: new(20, 30), label: new(30, 20));
        var error = Assert.Throws<DatasetException>(() => tree.Open());
        Assert.Contains(
            "drawn over the rotated image; set ApplyExifOrientation = true", error.Message, StringComparison.Ordinal);
        Assert.Equal((DatasetFault.Size, "a"), (error.Fault, error.SampleId));

        var sample = Assert.Single(SampleCatalog.FromVoc(tree.Root, "train", Turned).Samples);
        Assert.Equal((new ImageSize(30, 20), 6), (sample.Size, sample.Orientation));
        Assert.Equal(30 * 20 * 4, sample.ReadImage().Length);
    }

    [Fact]
    public void A_label_of_the_stored_size_is_an_error_where_orientation_is_applied()
    {
        Add("a", orientation: 8, stored: new(20, 30), label: new(20, 30));
        var error = Assert.Throws<DatasetException>(() => SampleCatalog.FromVoc(tree.Root, "train", Turned));
        Assert.Contains("leave ApplyExifOrientation false", error.Message, StringComparison.Ordinal);
        Assert.Equal(1, Assert.Single(tree.Open().Samples).Orientation);
    }

    [Fact]
    public void Verifying_hints_at_an_orientation_and_the_split_is_sound_all_the_same()
    {
        Add("a", orientation: 3, stored: new(20, 30), label: new(20, 30));
        Add("b", orientation: 1, stored: new(20, 30), label: new(20, 30));
        var report = SampleCatalog.Verify(tree.Root, "train");
        var hint = Assert.Single(report.Findings);
        Assert.True(report.IsSound && hint.IsHint);
        Assert.Equal(("a", tree.ImagePath("a")), (hint.Id, hint.Path));
        Assert.Contains("EXIF orientation 3", hint.Message, StringComparison.Ordinal);
        Assert.Empty(SampleCatalog.Verify(tree.Root, "train", Turned).Findings);
    }

    [Fact]
    public void More_pixels_than_the_bound_are_an_error_with_both_numbers_before_memory_is_taken()
    {
        tree.AddHeaders("a", 30000, 30000);
        var error = Assert.Throws<DatasetException>(() => tree.Open());
        Assert.Contains("900000000 pixels", error.Message, StringComparison.Ordinal);
        Assert.Contains("256000000", error.Message, StringComparison.Ordinal);
        Assert.Equal("a", error.SampleId);
        var findings = SampleCatalog.Verify(tree.Root, "train").Findings;
        Assert.Equal([tree.ImagePath("a"), tree.LabelPath("a")], findings.Select(finding => finding.Path));
        Assert.Equal(
            30000, SampleCatalog.FromVoc(tree.Root, "train", new() { MaxPixels = 900_000_000 }).Samples[0].Size.Height);
    }

    private void Add(string id, int orientation, ImageSize stored, ImageSize label)
    {
        tree.Add(id, stored.Height, stored.Width);
        VocTree.WriteLabel(tree.LabelPath(id), label.Height, label.Width, VocTree.Stripes);
        var jpeg = File.ReadAllBytes(tree.ImagePath(id));
        File.WriteAllBytes(tree.ImagePath(id), Exif.InJpeg(jpeg, Exif.Orientation(orientation, little: true)));
    }
}
