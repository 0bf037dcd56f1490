namespace VocSeg.Torch.Tests.Catalog;

public sealed class FolderPatternTests
{
    [Theory]
    [InlineData("images/{id}.png", "a.png", "a")]
    [InlineData("images/{id}.png", "a.PNG", "a")]
    [InlineData("images/{id}.PNG", "a.png", "a")]
    [InlineData("images/{id}.png", "sub/a.b.png", "sub/a.b")]
    [InlineData("images/{id}.png", "a.jpg", null)]
    [InlineData("images/{id}.png", "a_png", null)]
    [InlineData("images/{id}_L.png", "a.png", null)]
    [InlineData("images/{id}_L.png", "a_L_L.png", "a_L")]
    [InlineData("images/x_{id}.png", "x_a.png", "a")]
    [InlineData("images/{id}", "sub/a.webp", "sub/a")]
    [InlineData("images/{id}", "a.txt", null)]
    [InlineData("images/{id}.*", "a.JpEg", "a")]
    [InlineData("images/{id}_v1.0", "a_v1.0.bmp", "a")]
    [InlineData("images/{id}.gif", "a.gif", "a")]
    [InlineData("images", "sub/a.png", "sub/a")]
    [InlineData("images/", "a.png", "a")]
    [InlineData("images/*/{id}_img.png", "aachen/a_1_img.png", "aachen/a_1")]
    [InlineData("images/*/{id}_img.png", "a_1_img.png", null)]
    [InlineData("images/*/rgb/{id}.png", "x/rgb/a.png", "x/rgb/a")]
    [InlineData("images/*_{id}.png", "city_a_b.png", "city_a_b")]
    [InlineData("images/{id}_*.png", "a_b_2024.png", "a_b")]
    [InlineData("images/{id}/image.png", "a/image.png", "a")]
    [InlineData("images/[a]+{id}.png", "[a]+x.png", "x")]
    public void A_pattern_gives_the_id_of_the_files_that_it_means(string pattern, string path, string? id)
    {
        var parsed = FolderPattern.Parse(pattern, "images");
        Assert.Equal(Path.GetFullPath("images"), parsed.Folder);
        Assert.Equal(id, parsed.Match(path)?.Id);
    }

    [Fact]
    public void A_pattern_begins_at_the_deepest_folder_that_it_names()
    {
        Assert.Equal(Path.GetFullPath("."), FolderPattern.Parse("{id}.png", "images").Folder);
        Assert.Equal(Path.GetFullPath("a/b"), FolderPattern.Parse("a/b/x_{id}.png", "images").Folder);
        Assert.Equal(Path.GetFullPath("a"), FolderPattern.Parse("a/x*/b/{id}.png", "images").Folder);
        Assert.Equal(Path.GetFullPath("a/x*/{id}.png"), FolderPattern.Parse("a/x*/{id}.png", "images").Text);
    }

    [Theory]
    [InlineData("a/*.png", "0 times")]
    [InlineData("a/{id}/{id}.png", "2 times")]
    [InlineData("a/**/{id}.png", "{id} may span folders")]
    [InlineData("", "images")]
    public void A_pattern_that_says_nothing_certain_is_refused(string pattern, string says)
    {
        var error = Assert.ThrowsAny<ArgumentException>(() => SampleCatalog.FromFolders(pattern, null));
        Assert.Equal("images", error.ParamName);
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Both_patterns_have_as_many_stars()
    {
        var error = Assert.Throws<ArgumentException>(() => SampleCatalog.FromFolders("a/*/{id}.png", "b/{id}.png"));
        Assert.Equal("labels", error.ParamName);
        Assert.Contains("has 0 *", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => SampleCatalog.FromFolders("a/{id}.png", "b/*/{id}.png"));
    }
}
