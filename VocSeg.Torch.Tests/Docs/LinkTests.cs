namespace VocSeg.Torch.Tests.Docs;

public sealed class LinkTests
{
    [Fact]
    public void Every_link_leads_to_a_file_and_a_heading_that_are_there()
    {
        var links = MarkdownPage.All.SelectMany(page => page.Links.Select(link => (page, link))).ToArray();
        Assert.InRange(links.Length, 40, 400);
        Assert.Empty(
            from item in links
            let fault = item.page.FaultOf(item.link)
            where fault is not null
            select $"{item.page.Name}: {item.link} {fault}");
    }

    [Fact]
    public void Every_page_of_docs_is_linked_from_another_page()
    {
        var linked = MarkdownPage.All
            .SelectMany(page => page.Links.Select(link => (from: page.Name, to: Path.GetFileName(link.Split('#')[0]))))
            .ToArray();
        var pages = MarkdownPage.All.Where(page => page.Name.StartsWith("docs/", StringComparison.Ordinal)).ToArray();
        Assert.InRange(pages.Length, 7, 40);
        Assert.All(pages, page => Assert.Contains(
            linked, link => link.to == Path.GetFileName(page.Name) && link.from != page.Name));
    }

    [Theory]
    [InlineData("docs/absent.md", "is not there")]
    [InlineData("docs/design.md#absent", "has no such heading")]
    [InlineData("docs/design.md#the-textbook-point-by-point", null)]
    [InlineData("http://example.org", "is no https address")]
    [InlineData("https://example.org/a?b=c", null)]
    [InlineData("VocSeg.Torch", null)]
    public void Wrong_links_are_found(string link, string? fault) =>
        Assert.Equal(fault, MarkdownPage.ReadMe.FaultOf(link));
}
