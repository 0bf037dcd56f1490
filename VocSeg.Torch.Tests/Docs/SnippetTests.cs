namespace VocSeg.Torch.Tests.Docs;

/// <summary>Every snippet of C# in README and docs compiles, but for the fragments, which are counted.</summary>
public sealed class SnippetTests
{
    private const int Fragments = 0;

    [Fact]
    public void Every_snippet_compiles()
    {
        var snippets = MarkdownPage.All.SelectMany(page => page.Snippets).ToArray();
        Assert.InRange(snippets.Length, 60, 200);
        Assert.Equal(Fragments, snippets.Count(snippet => snippet.IsFragment));
        Assert.Empty(snippets.AsParallel().Where(snippet => !snippet.IsFragment).SelectMany(SnippetCompiler.Errors));
    }

    [Theory]
    [InlineData("foreach (var batch in loader)\n    Console.WriteLine(batch.Image.shape[0]);", null)]
    [InlineData("using var cut = new VocSegDataLoader(dataset, new() { BatchTransforms = [new CutOut(64)] });", null)]
    [InlineData("sealed class CutOut { }", null)]
    [InlineData("var one = 1;\nvar two = loader.Cuont;", "docs/page.md:8: CS1061")]
    [InlineData("var sum = absent + 1;", "docs/page.md:7: CS0103")]
    public void An_error_is_found_in_its_line(string code, string? error)
    {
        var errors = SnippetCompiler.Errors(new("docs/page.md", 7, code, IsFragment: false)).ToArray();
        if (error is null)
            Assert.Empty(errors);
        else
            Assert.StartsWith(error, Assert.Single(errors), StringComparison.Ordinal);
    }
}
