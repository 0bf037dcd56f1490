using System.Text.RegularExpressions;

namespace VocSeg.Torch.Tests.Eng;

/// <summary>Dependencies between the library's folders run as the tables of docs/architecture.md say.</summary>
public sealed class DirectionTests
{
    private const string Root = "root";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly string library;
    private readonly string[] folders;
    private readonly Dictionary<string, string> folderOf;

    public DirectionTests()
    {
        library = Path.GetDirectoryName(RepositoryFile.Require("VocSeg.Torch/VocSeg.Torch.csproj"))!;
        var below = Directory.EnumerateDirectories(library).Select(path => Path.GetFileName(path)!);
        folders = [Root, .. below.Except(["bin", "obj"], StringComparer.Ordinal)];
        folderOf = folders
            .SelectMany(folder => SourcesOf(folder).SelectMany(TypesIn).Select(type => (type, folder)))
            .Distinct()
            .ToDictionary(pair => pair.type, pair => pair.folder, StringComparer.Ordinal);
    }

    [Fact]
    public void A_folder_names_only_types_that_its_row_allows()
    {
        Assert.InRange(folderOf.Count, 60, 200);
        var rows = RowsBelow("Allowed directions").ToDictionary(row => row[0], StringComparer.Ordinal);
        var everywhere = Words(rows["any"][2]);
        Assert.Equal(folders.Append("any").Order(StringComparer.Ordinal), rows.Keys.Order(StringComparer.Ordinal));
        var wrong = new List<string>();
        foreach (var folder in folders)
        {
            string[] allowed = [folder, .. Words(rows[folder][1])];
            string[] types = [.. everywhere, .. Words(rows[folder][2])];
            foreach (var file in SourcesOf(folder))
            {
                wrong.AddRange(NamesIn(File.ReadAllText(file))
                    .Where(name => folderOf.TryGetValue(name, out var other) && !allowed.Contains(other))
                    .Except(types, StringComparer.Ordinal)
                    .Select(name => $"{folder}/{Path.GetFileName(file)} names {name} of {folderOf[name]}"));
            }
        }
        Assert.Empty(wrong);
    }

    [Fact]
    public void The_street_of_a_batch_has_the_types_and_the_length_that_the_map_says()
    {
        var street = RowsBelow("The street of a batch")
            .SelectMany(row => Words(row[2]).Select(type => (type, folder: row[1])))
            .ToArray();
        Assert.All(street, step => Assert.Equal(step.folder, folderOf.GetValueOrDefault(step.type)));
        Assert.Equal(street.Length, street.Distinct().Count());
        Assert.Contains($"meets {street.Length} types", Map(), StringComparison.Ordinal);
        Assert.InRange(street.Length, 20, 35);
        // Nor does the text below the table name a type that is gone.
        var named = Regex.Matches(
            SectionOf("The street of a batch"), @"`(?<name>[A-Z]\w+)`", RegexOptions.None, Patience);
        Assert.All(named, match => Assert.Contains(match.Groups["name"].Value, folderOf.Keys));
    }

    [Fact]
    public void Names_in_comments_and_literals_are_not_seen()
    {
        const string Code = """
            /// A <see cref="Remark"/>. // Comment
            /* Block */ var found = "Text \" Quoted" + $"{Hole} Tail" + @"C:\" + 'C' + Seen; // Comment
            """;
        Assert.Equal(["Seen"], NamesIn(Code));
    }

    private static string Map() => File.ReadAllText(RepositoryFile.Require("docs/architecture.md"));

    private static string SectionOf(string title) => Map().Split($"## {title}\n")[1].Split("\n## ")[0];

    /// <summary>The cells of a table's rows, without its head.</summary>
    private static IEnumerable<string[]> RowsBelow(string title) => SectionOf(title).Split('\n')
        .Where(line => line.StartsWith('|'))
        .Skip(2)
        .Select(line => line.Trim('|').Split('|', StringSplitOptions.TrimEntries));

    private static string[] Words(string cell) =>
        [.. Regex.Matches(cell, @"\w+", RegexOptions.None, Patience).Select(match => match.Value)];

    private IEnumerable<string> SourcesOf(string folder) =>
        Directory.EnumerateFiles(folder == Root ? library : Path.Combine(library, folder), "*.cs");

    private static IEnumerable<string> TypesIn(string file) => Regex.Matches(
        File.ReadAllText(file),
        @"^(public|internal)[\w ]*\b(class|struct|enum|interface|record( struct)?) (?<name>[A-Z]\w+)",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture,
        Patience)
        .Select(match => match.Groups["name"].Value);

    /// <summary>Names that begin with a capital letter, without those in comments and literals.</summary>
    private static IEnumerable<string> NamesIn(string code)
    {
        const string Unseen = """"
            """[\s\S]*?"""|//.*|/\*[\s\S]*?\*/|@"[^"]*"|"(\\.|[^"\\\n])*"|'(\\.|[^'\\\n])+'
            """";
        code = Regex.Replace(code, Unseen, " ", RegexOptions.ExplicitCapture, Patience);
        return Regex.Matches(code, @"\b[A-Z]\w+\b", RegexOptions.None, Patience)
            .Select(match => match.Value)
            .Distinct(StringComparer.Ordinal);
    }
}
