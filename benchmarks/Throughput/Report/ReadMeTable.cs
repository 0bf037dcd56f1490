using System.Globalization;
using System.IO.Enumeration;
using System.Text.RegularExpressions;

namespace Throughput;

/// <summary>The table of README.md, whose figures are those of the report. It stands between two marks.</summary>
internal static partial class ReadMeTable
{
    private const string Begin = "<!-- throughput, by ./build.sh readme -->\n", End = "<!-- end of throughput -->";

    /// <summary>What README.md says, and the rows of the report of which it takes the fastest.</summary>
    private static readonly (string Name, string[] Titles)[] Rows =
    [
        ("**VocSegDataLoader**", ["VocSegDataLoader, ? workers", "VocSegDataLoader, ?? workers"]),
        ("**VocSegDataLoader, host cache**", ["VocSegDataLoader, host cache*"]),
        ("torchvision, its fastest way, workers kept alive", ["torchvision*", "v2 *"]),
        ("the textbook's way, all images in memory", ["textbook*"]),
        ("a hand-tuned PyTorch loop, reused buffers", ["hand-tuned*"]),
        ("limit: decoding alone, in C", ["limit: decode only*"]),
        ("limit: writing a batch's 197 MB, in C", ["limit: write*"]),
    ];

    /// <summary>README.md with the figures of the report.</summary>
    /// <exception cref="InvalidDataException">The marks are missing, or the report has no contest.</exception>
    internal static string Insert(string readme, string report)
    {
        return readme.Split([Begin, End], StringSplitOptions.None) is [var before, _, var behind]
            ? before + Begin + Make(report) + End + behind
            : throw new InvalidDataException($"README.md has not both of {Begin.Trim()} and {End}.");
    }

    /// <summary>Brings README.md up to date with benchmarks/RESULTS.md.</summary>
    internal static int Write()
    {
        var readme = Path.Combine(Toolchain.Home, "README.md");
        var report = File.ReadAllText(Path.Combine(Toolchain.Home, "benchmarks", "RESULTS.md"));
        File.WriteAllText(readme, Insert(File.ReadAllText(readme), report));
        return 0;
    }

    private static string Make(string report)
    {
        var contests = report.Split("\n\n")
            .Select(part => part.Split('\n').Where(line => line.StartsWith('|')).Select(Cells).ToArray())
            .Where(rows => rows is [[_, "images/s", ..], ..])
            .ToArray();
        if (contests.Length == 0)
            throw new InvalidDataException("The report has no table of images/s.");
        string[] lines =
        [
            $"| images/s | {string.Join(" | ", contests.Select(rows => rows[0][0]))} |",
            "|---" + string.Concat(Enumerable.Repeat("|---:", contests.Length)) + "|",
            .. from row in Rows
            let figures = contests.Select(rows => Best(rows, row.Titles)).ToArray()
            where figures.Any(figure => figure is not null)
            let mark = row.Name.StartsWith('*') ? "**" : ""
            let cells = figures.Select(figure => figure is null ? "" : $"{mark}{figure}{mark}")
            select $"| {row.Name} | {string.Join(" | ", cells)} |",
        ];
        var facts = Facts().Matches(report).Select(match => match.Groups["fact"].Value.Trim()).ToArray();
        return $"Measured on {string.Join("; ", facts)}.\n\n{string.Join('\n', lines)}\n";
    }

    private static string[] Cells(string line) => line.Trim('|').Split('|', StringSplitOptions.TrimEntries);

    private static int? Best(string[][] rows, string[] titles) => rows
        .Where(row => titles.Any(title => FileSystemName.MatchesSimpleExpression(title, row[0].Replace("**", ""))))
        .Max(row => int.TryParse(row[1], CultureInfo.InvariantCulture, out var rate) ? rate : (int?)null);

    // The processor, and what the peers run on.
    [GeneratedRegex(
        "^- (?<fact>[^\n]* cores|Python [^;\n]*)", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Facts();
}
