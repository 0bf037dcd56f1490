using SyntheticVoc;

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

    [Fact]
    public void Those_of_the_textbook_page_run_in_its_order()
    {
        using TempFolder folder = new();
        SyntheticVocGenerator.Generate(folder["data"], new() { Train = 90, Val = 4 });
        var page = MarkdownPage.All.Single(page => page.Name == "docs/textbook-to-here.md");
        // Two gigabytes are not downloaded here. One process for all of them: each loads libtorch for seconds.
        var snippets = page.Snippets
            .Where(snippet => !snippet.Code.Contains("ownload", StringComparison.Ordinal))
            .ToArray();
        Assert.Equal(7, snippets.Length);
        var code = string.Concat(snippets.Select(snippet => $"{{\n{snippet.Code}\n}}\n"));
        var lines = SnippetProgram.Run(snippets[0] with { Code = code }, folder.Path);
        Assert.Equal("90 samples, the first is 2012_000001, ", lines[0][..38]);
        Assert.Contains("aeroplane has the colour", lines[6], StringComparison.Ordinal);
        Assert.Equal("1 255", lines[8].Trim());
        Assert.Equal("64, 3, 320, 480; 64, 320, 480", lines[^1]);
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
