using CsCheck;

namespace VocSeg.Torch.Tests.Catalog;

/// <summary>Whatever a list holds, nothing outside of the folders is read, unless links lead there.</summary>
public sealed class OutsideTests : IDisposable
{
    private readonly VocTree tree = new();

    // Names of files that are there, inside and outside, and what leads from folder to folder on any system.
    private static readonly Gen<string> Line = Gen.OneOf(
            "a", "x", "..", ".", "/", "//", "\\", "JPEGImages", "SegmentationClass", ".jpg", ".png", " ", "~", "C:",
            "VOC2012", "\0", "%2e%2e", "file:")
        .List[1, 9].Select(string.Concat);

    public OutsideTests()
    {
        tree.Add("a", 8, 8);
        // A pair beside the root's folder, under each name that a list may hold, and one above it.
        foreach (var folder in new[] { tree.Parent, tree.Devkit, tree.Root })
        {
            File.Copy(tree.ImagePath("a"), Path.Combine(folder, "x.jpg"));
            File.Copy(tree.LabelPath("a"), Path.Combine(folder, "x.png"));
        }
    }

    public void Dispose() => tree.Dispose();

    [Fact]
    public void Lists_of_a_voc_folder() => Gen.Select(Line, Line).Sample(
        (first, second) => Read(
            [$"{first} {second}"], () => SampleCatalog.FromVoc(tree.Root, "drawn"), tree.Root),
        iter: 2000, threads: 1);

    [Fact]
    public void Lists_of_paths() => Gen.Select(Line, Line).Sample(
        (first, second) => Read(
            [$"/JPEGImages/{first}.jpg /SegmentationClass/{second}.png", $"{first}/x.jpg {second}/x.png"],
            () => SampleCatalog.FromVoc(tree.Root, "drawn"), tree.Root),
        iter: 2000, threads: 1);

    [Fact]
    public void Lists_of_folders()
    {
        var (images, labels) = (Path.Combine(tree.Root, "JPEGImages"), Path.Combine(tree.Root, "SegmentationClass"));
        Line.Sample(
            line => Read(
                [line], () => SampleCatalog.FromFolders(images, labels, tree.ListPath("drawn")), images, labels),
            iter: 1000, threads: 1);
    }

    [Fact]
    public void A_link_in_the_folder_leads_where_its_maker_wants()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need a privilege on Windows.");
        File.CreateSymbolicLink(tree.ImagePath("linked"), Path.Combine(tree.Parent, "x.jpg"));
        File.CreateSymbolicLink(tree.LabelPath("linked"), Path.Combine(tree.Parent, "x.png"));
        tree.WriteList("drawn", ["linked"]);
        Assert.Equal("linked", Assert.Single(tree.Open("drawn").Samples).Id);
    }

    private void Read(string[] lines, Func<SampleCatalog> open, params string[] roots)
    {
        foreach (var line in lines)
        {
            tree.WriteList("drawn", [line]);
            SampleCatalog catalog;
            try
            {
                catalog = open();
            }
            catch (DatasetException)
            {
                continue;
            }
            Assert.All(
                catalog.Samples.SelectMany(sample => new[] { sample.ImagePath, sample.LabelPath! }),
                path => Assert.Contains(
                    roots, root => Path.GetFullPath(path).StartsWith(
                        root + Path.DirectorySeparatorChar, StringComparison.Ordinal)));
        }
    }
}
