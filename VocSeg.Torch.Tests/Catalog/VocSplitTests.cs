using System.Text;

namespace VocSeg.Torch.Tests.Catalog;

/// <summary>
/// Which files a line of a list stands for: those that are meant, or an error that helps to find them.
/// </summary>
public sealed class VocSplitTests : IDisposable
{
    private readonly VocTree tree = new();

    public void Dispose() => tree.Dispose();

    [Fact]
    public void An_id_with_blanks_is_the_whole_line_where_its_files_exist()
    {
        tree.Add("cat", 8, 8).Add("cat (1)", 9, 9).Add("dog", 8, 8);
        tree.WriteList("train", ["  cat (1)\t", "dog -1"]);
        Assert.Equal(["cat (1)", "dog"], Ids());
        Assert.Equal(new ImageSize(9, 9), tree.Open().Samples[0].Size);
    }

    [Fact]
    public void An_id_with_blanks_that_lacks_a_file_is_not_taken_for_another()
    {
        tree.Add("cat", 8, 8).Add("cat (1)", 9, 9);
        File.Delete(tree.LabelPath("cat (1)"));
        tree.WriteList("train", ["cat (1)"]);
        Assert.Contains("'cat (1)' has no label here", Fault().Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Lists_of_image_path_and_label_path_are_read()
    {
        tree.Add("a", 8, 8).Add("b c", 8, 8);
        Directory.Move(Path.Combine(tree.Root, "SegmentationClass"), Path.Combine(tree.Root, "SegmentationClassAug"));
        Directory.CreateDirectory(Path.Combine(tree.Root, "SegmentationClass"));
        tree.WriteList("train", [
            "/JPEGImages/a.jpg /SegmentationClassAug/a.png",
            "JPEGImages/b c.jpg\tSegmentationClassAug/b c.png"]);
        Assert.Equal(["a", "b c"], Ids());
        Assert.Equal(Path.Combine(tree.Root, "SegmentationClassAug", "a.png"), tree.Open().Samples[0].LabelPath);
    }

    [Theory]
    [InlineData("/JPEGImages/../../x.jpg /SegmentationClass/a.png", "line 1 leads out of the VOC folder")]
    [InlineData("/JPEGImages/a.jpg /SegmentationClass/no.png", "line 1 of")]
    [InlineData("/JPEGImages/.jpg /SegmentationClass/a.png", "line 1 names no file")]
    public void A_path_that_leads_elsewhere_or_nowhere_is_named_with_its_line(string line, string message)
    {
        tree.Add("a", 8, 8).WriteList("train", [line]);
        Assert.Contains(message, Fault().Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Comments_byte_order_marks_line_ends_and_known_endings_do_not_count()
    {
        tree.Add("a", 8, 8).Add("b", 8, 8);
        var text = "# a comment\r\na.jpg\r\n\r\n  b.png 1\r\n";
        Encoding[] encodings = [new UTF8Encoding(true), Encoding.UTF8, Encoding.Unicode, Encoding.BigEndianUnicode];
        foreach (var encoding in encodings)
        {
            File.WriteAllText(tree.ListPath("train"), text, encoding);
            Assert.Equal(["a", "b"], Ids());
        }
    }

    [Theory]
    [InlineData(".JPG", ".PNG")]
    [InlineData(".jpeg", ".Png")]
    [InlineData(".png", ".bmp")]
    [InlineData(".webp", ".png")]
    public void Other_endings_are_found_where_the_usual_one_is_missing(string image, string label)
    {
        tree.Add("a", 8, 8);
        Rename(tree.ImagePath("a"), image);
        Rename(tree.LabelPath("a"), label);
        var sample = Assert.Single(tree.Open().Samples);
        Assert.EndsWith("a" + image, sample.ImagePath, StringComparison.Ordinal);
        Assert.EndsWith("a" + label, sample.LabelPath, StringComparison.Ordinal);

        // Where both cases are one name, a file may keep the case that it has.
        static void Rename(string path, string ending)
        {
            var content = File.ReadAllBytes(path);
            File.Delete(path);
            File.WriteAllBytes(Path.ChangeExtension(path, ending), content);
        }
    }

    [Fact]
    public void Two_candidates_are_an_error_unless_one_has_the_usual_ending()
    {
        tree.Add("a", 8, 8);
        File.Copy(tree.ImagePath("a"), Path.ChangeExtension(tree.ImagePath("a"), ".jpeg"));
        Assert.EndsWith("a.jpg", Assert.Single(tree.Open().Samples).ImagePath, StringComparison.Ordinal);
        File.Move(tree.ImagePath("a"), Path.ChangeExtension(tree.ImagePath("a"), ".webp"));
        Assert.Contains("a.jpeg and a.webp", Fault().Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Cat", "upper and lower case")]
    [InlineData("bird", "whose ending is none of")]
    public void A_missing_file_comes_with_the_name_that_is_nearest(string id, string reason)
    {
        Assert.SkipWhen(
            OperatingSystem.IsWindows() || OperatingSystem.IsMacOS(), "the file system takes both cases for one name");
        tree.Add("cat", 8, 8).Add("bird", 8, 8);
        File.Move(tree.ImagePath("bird"), Path.ChangeExtension(tree.ImagePath("bird"), ".tiff"));
        tree.WriteList("train", [id]);
        Assert.Contains(reason, Fault().Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_unicode_form_of_a_name_is_named()
    {
        const string Composed = "caf\u00e9", Decomposed = "cafe\u0301";
        Assert.SkipWhen(OperatingSystem.IsMacOS(), "the file system takes both forms for one name");
        tree.Add(Decomposed, 8, 8).WriteList("train", [Composed]);
        Assert.Contains("another Unicode form", Fault().Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_list_that_is_not_utf8_is_said_to_be_so()
    {
        tree.Add("a", 8, 8);
        File.WriteAllBytes(tree.ListPath("train"), [.. "caf"u8, 0xE9, (byte)'\n']);
        Assert.Contains("The list is not UTF-8", Fault().Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Repeated_ids_are_read_as_often_where_that_is_wanted()
    {
        tree.Add("a", 8, 8).Add("b", 8, 8).WriteList("train", ["a", "b", "a"]);
        Assert.Contains("Repeats = true", Fault().Message, StringComparison.Ordinal);
        var catalog = SampleCatalog.FromVoc(tree.Root, "train", new() { Repeats = true });
        Assert.Equal(["a", "b", "a"], catalog.Samples.Select(sample => sample.Id));
    }

    [Theory]
    [InlineData("a\0b")]
    [InlineData("a\u0007")]
    public void Control_characters_are_an_error_with_their_line(string id)
    {
        tree.Add("a", 8, 8).WriteList("train", ["a", id]);
        var fault = Fault();
        Assert.Contains("line 2 holds a control character", fault.Message, StringComparison.Ordinal);
        Assert.Equal(DatasetFault.List, fault.Fault);
    }

    [Fact]
    public void All_missing_files_are_reported_up_to_a_bound()
    {
        tree.Add("a", 8, 8).WriteList("train", ["a", .. Enumerable.Range(0, 25).Select(i => $"m{i:00}")]);
        var message = Fault().Message;
        Assert.Contains("25 of the 26 samples", message, StringComparison.Ordinal);
        Assert.Contains("'m09' has no label", message, StringComparison.Ordinal);
        Assert.DoesNotContain("'m10'", message, StringComparison.Ordinal);
        Assert.Contains("and 15 more", message, StringComparison.Ordinal);
    }

    private IEnumerable<string> Ids() => tree.Open().Samples.Select(sample => sample.Id);

    private DatasetException Fault() => Assert.Throws<DatasetException>(() => tree.Open());
}
