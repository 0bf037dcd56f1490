using System.Text.RegularExpressions;

namespace VocSeg.Torch.Tests.Docs;

/// <summary>A snippet of C# in a page.</summary>
/// <param name="Page">The page, named from the repository's folder.</param>
/// <param name="Line">Where its first line stands, from 1.</param>
/// <param name="Code">The code.</param>
/// <param name="IsFragment">Whether the comment <c>fragment</c> stands before it: it cannot be compiled alone.</param>
internal sealed record Snippet(string Page, int Line, string Code, bool IsFragment)
{
    public override string ToString() => $"{Page}:{Line}";
}

/// <summary>README.md, or a page of docs.</summary>
internal sealed partial class MarkdownPage
{
    private readonly string root;
    private readonly string[] lines;

    private MarkdownPage(string root, string name)
    {
        (this.root, Name) = (root, name);
        lines = File.ReadAllText(Path.Combine(root, name)).ReplaceLineEndings("\n").Split('\n');
    }

    /// <summary>Its path from the repository's folder.</summary>
    internal string Name { get; }

    internal static MarkdownPage ReadMe => All.Single(page => page.Name == "README.md");

    internal static IReadOnlyList<MarkdownPage> All
    {
        get
        {
            var home = Path.GetDirectoryName(RepositoryFile.Require("VocSeg.Torch.sln"))!;
            string[] folders = ["", "docs", "benchmarks"];
            return
            [
                .. from folder in folders
                from path in Directory.EnumerateFiles(Path.Combine(home, folder), "*.md")
                let name = Path.GetRelativePath(home, path).Replace('\\', '/')
                orderby name
                select new MarkdownPage(home, name),
            ];
        }
    }

    internal int LineCount => lines.Length - 1;

    internal IEnumerable<Snippet> Snippets
    {
        get
        {
            for (var at = 0; at < lines.Length; at++)
            {
                if (!lines[at].StartsWith("```", StringComparison.Ordinal))
                    continue;
                var (language, first) = (lines[at][3..], at + 1);
                while (lines[++at] != "```")
                {
                }
                if (language != "csharp")
                    continue;
                var isFragment = lines[..(first - 1)].LastOrDefault(line => line.Length > 0) == "<!-- fragment -->";
                yield return new(Name, first + 1, string.Join('\n', lines[first..at]), isFragment);
            }
        }
    }

    /// <summary>What each link and image leads to.</summary>
    internal IEnumerable<string> Links => Link().Matches(Prose).Select(match => match.Groups["target"].Value);

    /// <summary>The anchors of its headings, as GitHub makes them.</summary>
    internal IEnumerable<string> Anchors => Prose.Split('\n')
        .Where(line => line.StartsWith('#'))
        .Select(line => NotInAnchors().Replace(line.TrimStart('#').Trim().ToLowerInvariant(), "").Replace(' ', '-'));

    /// <summary>Why a link leads nowhere; null where it leads somewhere, or into the network.</summary>
    internal string? FaultOf(string target)
    {
        if (target.Contains("://", StringComparison.Ordinal))
        {
            return Uri.TryCreate(target, UriKind.Absolute, out var address) && address.Scheme == Uri.UriSchemeHttps
                ? null
                : "is no https address";
        }
        var (file, anchor) = target.Split('#') is [var before, var after] ? (before, after) : (target, null);
        var path = file.Length == 0
            ? Path.Combine(root, Name)
            : Path.Combine(root, Path.GetDirectoryName(Name)!, Uri.UnescapeDataString(file));
        if (!Path.Exists(path))
            return "is not there";
        var name = Path.GetRelativePath(root, Path.GetFullPath(path)).Replace('\\', '/');
        return anchor is null || new MarkdownPage(root, name).Anchors.Contains(anchor) ? null : "has no such heading";
    }

    // Without blocks and spans of code, whose brackets are no links.
    private string Prose => Span().Replace(Block().Replace(string.Join('\n', lines), ""), "");

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)", RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex Link();

    [GeneratedRegex(@"^```[\s\S]*?^```$", RegexOptions.Multiline, 5000)]
    private static partial Regex Block();

    [GeneratedRegex("`[^`]+`", RegexOptions.None, 5000)]
    private static partial Regex Span();

    [GeneratedRegex(@"[^\w\- ]", RegexOptions.None, 5000)]
    private static partial Regex NotInAnchors();
}
