namespace VocSeg.Torch.Tests.Catalog;

public sealed class FromFoldersTests
{
    private readonly PairFolder set = new();

    [Fact]
    public void Plain_folders_hold_images_and_labels_of_any_ending_in_nested_folders()
    {
        using var _ = set
            .Add("images/b/x.png", "labels/b/x.png")
            .Add("images/a.JPG", "labels/a.png")
            .Add("images/c.jpeg", "labels/c.PNG");
        File.WriteAllText(set["images/notes.txt"], "no image");
        foreach (var end in new[] { "", "/" })
        {
            var catalog = SampleCatalog.FromFolders(set["images"] + end, set["labels"] + end);
            Assert.Equal(["a", "b/x", "c"], Ids(catalog));
            Assert.Equal(
                new SegmentationSample("b/x", set["images/b/x.png"], set["labels/b/x.png"], new(6, 8)),
                catalog.Samples[1]);
            Assert.Equal((set["images"], set["images"], set["images"]), (catalog.Root, catalog.Name, catalog.ListFile));
        }
    }

    [Fact]
    public void Without_labels_the_catalog_is_for_prediction()
    {
        using var _ = set.Add("images/b.png").Add("images/a.png");
        var catalog = SampleCatalog.FromFolders(set["images/{id}.png"], null);
        Assert.Equal(["a", "b"], Ids(catalog));
        Assert.All(catalog.Samples, sample => Assert.Null(sample.LabelPath));
        Assert.True(catalog.Verify().IsSound);
        Assert.All(catalog.Samples[0].ReadClassIndex(), value => Assert.Equal(255, value));
    }

    [Fact]
    public void Ids_are_in_ordinal_order_whatever_the_file_system_says()
    {
        using var _ = set;
        foreach (var id in new[] { "b", "a10", "C", "a2", "a/x", "ä", "a_" })
            set.Add($"i/{id}.png", $"l/{id}.png");
        Assert.Equal(["C", "a/x", "a10", "a2", "a_", "b", "ä"], Ids(SampleCatalog.FromFolders(set["i"], set["l"])));
    }

    [Fact]
    public void The_same_star_stands_for_the_same_text_and_the_id_keeps_its_folder()
    {
        using var _ = set.Add("img/x/1_i.png", "ann/x_l/1_t.png", 1).Add("img/y/1_i.png", "ann/y_l/1_t.png", 2);
        var catalog = SampleCatalog.FromFolders(set["img/*/{id}_i.png"], set["ann/*_l/{id}_t.png"]);
        Assert.Equal(["x/1", "y/1"], Ids(catalog));
        Assert.Equal(
            [set["ann/x_l/1_t.png"], set["ann/y_l/1_t.png"]], catalog.Samples.Select(sample => sample.LabelPath));
        Assert.Equal(set["img"], catalog.Root);
    }

    [Fact]
    public void Images_without_label_are_all_named_with_the_nearest_file()
    {
        using var _ = set
            .Add("i/good.png", "l/good_L.png")
            .Add("i/case.png", "l/CASE_L.png")
            .Add("i/far.png")
            .Add("i/odd.png");
        File.WriteAllText(set["l/odd_L.txt"], "");
        var error = Assert.Throws<DatasetException>(
            () => SampleCatalog.FromFolders(set["i/{id}.png"], set["l/{id}_L.png"]));
        Assert.Contains("3 of the 4 samples", error.Message, StringComparison.Ordinal);
        Assert.Contains(
            set["l/case_L.png"]
                + ": 'case' has no label here; there is 'CASE_L.png', which differs in upper and lower case",
            error.Message,
            StringComparison.Ordinal);
        Assert.Contains("'far' has no label here; the nearest is '", error.Message, StringComparison.Ordinal);
        Assert.Contains("there is 'odd_L.txt', whose ending", error.Message, StringComparison.Ordinal);
        Assert.Equal(("case", DatasetFault.NotFound), (error.SampleId, error.Fault));
    }

    [Fact]
    public void Where_no_image_has_a_label_patterns_are_named()
    {
        const string Hint = "patterns say what they have in common";
        using var _ = set
            .Add("left/ulm/ulm_1_left.png", "gt/ulm/ulm_1_gt.png")
            .Add("left/ulm/ulm_2_left.png", "gt/ulm/ulm_2_gt.png");
        Assert.Contains(Hint, Error("left", "gt"), StringComparison.Ordinal);
        Assert.Contains(Hint, Error("left/{id}_left.png", "gt/{id}.png"), StringComparison.Ordinal);
        Assert.Equal(
            2, SampleCatalog.FromFolders(set["left/{id}_left.png"], set["gt/{id}_gt.png"]).Samples.Count);
        set.Add("gt/ulm/ulm_2_left.png");
        Assert.DoesNotContain(Hint, Error("left", "gt"), StringComparison.Ordinal);

        string Error(string images, string labels) => Assert.Throws<DatasetException>(
            () => SampleCatalog.FromFolders(set[images], set[labels])).Message;
    }

    [Fact]
    public void A_thousand_images_without_label_are_counted_and_ten_named()
    {
        using var _ = set.Add("i/0.png", "l/other.png");
        for (var i = 1; i < 1000; i++)
            File.Copy(set["i/0.png"], set[$"i/{i}.png"]);
        var error = Assert.Throws<DatasetException>(() => SampleCatalog.FromFolders(set["i"], set["l"]));
        Assert.Contains("1000 of the 1000 samples", error.Message, StringComparison.Ordinal);
        Assert.Equal(12, error.Message.Split(Environment.NewLine).Length);
    }

    [Fact]
    public void A_label_without_image_is_no_fault()
    {
        using var _ = set.Add("i/a.png", "l/a.png").Label("l/b.png", 3, 3, (_, _) => 0);
        Assert.Equal(["a"], Ids(SampleCatalog.FromFolders(set["i/{id}.png"], set["l/{id}.png"])));
    }

    [Fact]
    public void Where_nothing_matches_the_pattern_and_the_nearest_file_are_named()
    {
        using var _ = set.Add("i/a_leftImg.png").Add("i/notes/b.png");
        var error = Assert.Throws<DatasetException>(
            () => SampleCatalog.FromFolders(set["i/{id}_leftImg8bit.png"], set["i"]));
        Assert.Equal(set["i/{id}_leftImg8bit.png"], error.Path);
        Assert.Contains("among the 2 files", error.Message, StringComparison.Ordinal);
        Assert.Contains("the nearest is 'a_leftImg.png'", error.Message, StringComparison.Ordinal);

        Directory.CreateDirectory(set["empty"]);
        error = Assert.Throws<DatasetException>(() => SampleCatalog.FromFolders(set["empty"], null));
        Assert.Contains("among the 0 files", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_folder_is_named_beside_the_nearest_that_is_there()
    {
        using var _ = set.Add("CamVid/train/a.png").Add("CamVid/trainannot/a_L.png");
        var error = Assert.Throws<DatasetException>(
            () =>
                SampleCatalog.FromFolders(
                    set["CamVid/train/{id}.png"], set["CamVid/trainannotations/deep/{id}_L.png"]));
        Assert.Equal((set["CamVid/trainannotations/deep"], DatasetFault.NotFound), (error.Path, error.Fault));
        Assert.Contains($"in {set["CamVid"]}, the nearest is 'trainannot'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_files_of_one_id_are_an_error_unless_the_ending_says_which()
    {
        using var _ = set.Add("i/a.png", "l/a.png").Add("i/a.jpg").Add("i/b.png", "l/b.png");
        var error = Assert.Throws<DatasetException>(() => SampleCatalog.FromFolders(set["i"], set["l"]));
        Assert.Contains("'a' has more than one image here: a.jpg and a.png", error.Message, StringComparison.Ordinal);
        Assert.Equal(["a", "b"], Ids(SampleCatalog.FromFolders(set["i/{id}.png"], set["l"])));
        Assert.Equal(["b"], Ids(SampleCatalog.FromFolders(set["i"], set["l"], set.List("list.txt", "b")["list.txt"])));
    }

    [Fact]
    public void Of_two_labels_the_one_with_the_very_ending_of_the_pattern_is_taken()
    {
        Assert.SkipWhen(
            OperatingSystem.IsWindows() || OperatingSystem.IsMacOS(), "the file system takes both cases for one name");
        using var _ = set.Add("i/a.png", "l/a.png").Add("i/b.png", "l/b.png");
        File.Copy(set["l/b.png"], set["l/b.PNG"]);
        var error = Assert.Throws<DatasetException>(() => SampleCatalog.FromFolders(set["i/{id}.png"], set["l"]));
        Assert.Contains("'b' has more than one label here: b.PNG and b.png", error.Message, StringComparison.Ordinal);
        var catalog = SampleCatalog.FromFolders(set["i/{id}.png"], set["l/{id}.png"]);
        Assert.Equal(set["l/b.png"], catalog.Samples[1].LabelPath);
    }

    [Fact]
    public void In_one_folder_labels_are_not_taken_for_images()
    {
        using var _ = set
            .Add("d/a.png", "d/a_L.png")
            .Add("d/b.png", "d/b_L.png")
            .Add("e/a.png", "e/masks/a.png")
            .Label("e/masks/orphan.png", 2, 2, (_, _) => 0);
        Assert.Equal(["a", "b"], Ids(SampleCatalog.FromFolders(set["d/{id}.png"], set["d/{id}_L.png"])));
        Assert.Equal(["a"], Ids(SampleCatalog.FromFolders(set["e"], set["e/masks"])));
        var error = Assert.Throws<DatasetException>(() => SampleCatalog.FromFolders(set["d"], set["d"]));
        Assert.Contains("one file as image and as label", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Hidden_files_and_folders_are_left_out()
    {
        using var _ = set.Add("i/a.png", "l/a.png").Add("i/._a.png").Add("i/.ipynb_checkpoints/a.png");
        Assert.Equal(["a"], Ids(SampleCatalog.FromFolders(set["i"], set["l"])));
    }

    [Fact]
    public void Links_are_followed_and_those_that_lead_round_end()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need a privilege on Windows.");
        using var _ = set.Add("real/deep/a.png", "l/deep/a.png").Add("real/b.png", "l/c.png");
        Directory.CreateDirectory(set["i"]);
        Directory.CreateSymbolicLink(set["i/deep"], set["real/deep"]);
        Directory.CreateSymbolicLink(set["i/round"], set["i"]);
        File.CreateSymbolicLink(set["i/c.png"], set["real/b.png"]);
        Directory.CreateSymbolicLink(set["link"], set["i"]);
        Assert.Equal(["c", "deep/a"], Ids(SampleCatalog.FromFolders(set["i"], set["l"])));
        Assert.Equal(["c", "deep/a"], Ids(SampleCatalog.FromFolders(set["link"], set["l"])));
    }

    [Fact]
    public void A_link_to_nowhere_is_named()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need a privilege on Windows.");
        using var _ = set.Add("i/a.png", "l/a.png").Label("l/b.png", 2, 2, (_, _) => 0);
        File.CreateSymbolicLink(set["i/b.png"], set["gone.png"]);
        var error = Assert.Throws<DatasetException>(() => SampleCatalog.FromFolders(set["i"], set["l"]));
        Assert.Equal(set["i/b.png"], error.Path);
        Assert.Contains("link to nowhere", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_list_selects_and_orders_by_the_rules_of_lists()
    {
        using var _ = set.List("l.txt", "# mine", "c d  ", "", "sub/a.png", "b 1");
        foreach (var id in new[] { "sub/a", "b", "c d", "left" })
            set.Add($"i/{id}.png", $"l/{id}.png");
        File.Delete(set["l/left.png"]);
        var catalog = SampleCatalog.FromFolders(set["i"], set["l"], set["l.txt"]);
        Assert.Equal(["c d", "sub/a", "b"], Ids(catalog));
        Assert.Equal((set["l.txt"], set["l.txt"]), (catalog.Name, catalog.ListFile));
    }

    [Fact]
    public void What_a_list_names_wrongly_is_said_all_at_once()
    {
        using var _ = set.Add("i/one.png", "l/one.png").List("l.txt", "one", "tow", "On");
        var error = Assert.Throws<DatasetException>(() => SampleCatalog.FromFolders(set["i"], set["l"], set["l.txt"]));
        Assert.Equal((set["l.txt"], "tow", DatasetFault.NotFound), (error.Path, error.SampleId, error.Fault));
        Assert.Contains("2 of the 3 lines", error.Message, StringComparison.Ordinal);
        Assert.Contains(
            "line 3: 'On' is the id of no image; the nearest is 'one'", error.Message, StringComparison.Ordinal);

        set.List("l.txt", "one", "one");
        error = Assert.Throws<DatasetException>(() => SampleCatalog.FromFolders(set["i"], set["l"], set["l.txt"]));
        Assert.Contains("line 1 and again in line 2", error.Message, StringComparison.Ordinal);
        Assert.Equal(
            ["one", "one"], Ids(SampleCatalog.FromFolders(set["i"], set["l"], set["l.txt"], new() { Repeats = true })));
        Assert.Throws<DatasetException>(() => SampleCatalog.FromFolders(set["i"], set["l"], set["missing.txt"]));
    }

    [Fact]
    public void Sizes_progress_and_cancellation_are_as_with_a_voc_folder()
    {
        using var _ = set.Add("i/a.png", "l/a.png").Add("i/b.png").Label("l/b.png", 8, 6, (_, _) => 0);
        var error = Assert.Throws<DatasetException>(() => SampleCatalog.FromFolders(set["i"], set["l"]));
        Assert.Equal(("b", DatasetFault.Size), (error.SampleId, error.Fault));
        var seen = new Counter();
        SampleCatalog.FromFolders(set["i"], null, null, new() { Parallelism = 1 }, seen);
        Assert.Equal([(1, 2), (2, 2)], seen.Reports);
        Assert.ThrowsAny<OperationCanceledException>(
            () => SampleCatalog.FromFolders(set["i"], null, cancellationToken: new(true)));
    }

    private static IEnumerable<string> Ids(SampleCatalog catalog) => catalog.Samples.Select(sample => sample.Id);

    [Theory]
    [InlineData("absent.txt", "there is no such list file; correct its path")]
    [InlineData("nowhere/absent.txt", "there is no such list file; correct its path")]
    [InlineData("x", "it is a folder, and no list file; correct its path")]
    [InlineData("comments.txt", "those that begin with #")]
    public void A_list_that_is_none_is_said_with_what_to_do(string list, string message)
    {
        using var _ = set.Add("x/1.png").List("comments.txt", "# 1", "", "#1");
        var error = Assert.Throws<DatasetException>(() => SampleCatalog.FromFolders(set["x"], null, set[list]));
        Assert.Equal(set[list], error.Path);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }
}
