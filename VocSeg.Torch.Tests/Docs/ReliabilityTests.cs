using System.Text.RegularExpressions;

namespace VocSeg.Torch.Tests.Docs;

/// <summary>The table of promises names tests that there are.</summary>
public sealed class ReliabilityTests
{
    [Fact]
    public void Every_promise_names_classes_of_tests_that_are_there()
    {
        var rows = File.ReadLines(RepositoryFile.Require("docs/reliability.md"))
            .Where(line => line.StartsWith('|') && line.Contains('`', StringComparison.Ordinal))
            .ToArray();
        Assert.InRange(rows.Length, 15, 60);
        foreach (var row in rows)
        {
            var names = Regex.Matches(
                row.TrimEnd('|', ' ').Split('|')[^1], "`(?<name>[^`]+)`", RegexOptions.ExplicitCapture,
                TimeSpan.FromSeconds(5));
            Assert.NotEmpty(names);
            Assert.All(names, name => Assert.NotNull(
                GetType().Assembly.GetType($"VocSeg.Torch.Tests.{name.Groups["name"].Value}")));
        }
    }
}
