using System.Text.RegularExpressions;

namespace VocSeg.Torch.Tests.Eng;

/// <summary>What holds for the lines of all files of the repository.</summary>
public sealed partial class LineTests
{
    private const int Longest = 120;

    private static readonly string[] Kinds =
        [".cs", ".py", ".c", ".sh", ".ps1", ".md", ".props", ".targets", ".csproj", ".yml", ".css"];

    [Fact]
    public void No_line_has_more_than_120_columns()
    {
        var wrong =
            from line in Lines(name => Kinds.Contains(Path.GetExtension(name)))
            where line.Text.Length > Longest && !MayBeLonger(line.File, line.Text)
            select $"{line.File}:{line.Number} has {line.Text.Length} columns";
        Assert.Empty(wrong);
    }

    [Fact]
    public void The_library_says_image_crop_and_checksum_for_what_they_are()
    {
        var wrong =
            from line in Lines(name => name.EndsWith(".cs", StringComparison.Ordinal))
            where line.File.StartsWith("VocSeg.Torch/", StringComparison.Ordinal)
            from term in OtherTerms().Matches(line.Text)
            select $"{line.File}:{line.Number} says {term.Value}";
        Assert.Empty(wrong);
    }

    [Theory]
    [InlineData("docs/gpu.md", "| a row of a table |", false)]
    [InlineData("benchmarks/RESULTS.md", "| a row of a table |", true)]
    [InlineData("benchmarks/RESULTS.md", "not a row |", false)]
    [InlineData("README.md", "- see <https://example.org/{0}> for it", true)]
    [InlineData("docs/gpu.cs", "// https://example.org/{0}", false)]
    public void Longer_may_be_what_cannot_be_broken(string file, string line, bool may) =>
        Assert.Equal(may, MayBeLonger(file, line.Replace("{0}", new('x', Longest)).PadRight(Longest + 1, '.')));

    private static bool MayBeLonger(string file, string line) => Path.GetExtension(file) == ".md"
        && ((Path.GetFileName(file).StartsWith("RESULTS", StringComparison.Ordinal) && line.StartsWith('|'))
            || Address().Replace(line, "").Length <= Longest / 2);

    private static IEnumerable<(string File, int Number, string Text)> Lines(Func<string, bool> isWanted)
    {
        var root = Path.GetDirectoryName(RepositoryFile.Require("VocSeg.Torch.sln"))!;
        var files = FilesOf(root).Where(isWanted).ToArray();
        Assert.NotEmpty(files);
        return
            from name in files
            from line in File.ReadLines(Path.Combine(root, name)).Select((text, at) => (name, at + 1, text))
            select line;
    }

    private static string[] FilesOf(string root)
    {
        Assert.SkipUnless(Path.Exists(Path.Combine(root, ".git")), "the repository's files are known to git alone");
        var (exitCode, output, error) = ChildProcess.Run(
            "git", ["-C", root, "-c", $"safe.directory={root}", "ls-files", "-z"]);
        Assert.True(exitCode == 0, error);
        return [.. output.Split('\0').Where(name => File.Exists(Path.Combine(root, name)))];
    }

    [GeneratedRegex(@"https?://\S+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Address();

    [GeneratedRegex(
        @"(?<![\w-])(photos?|pictures?|windows?|md5sum)\b",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex OtherTerms();
}
