using System.IO.Enumeration;

namespace Throughput;

/// <summary>
/// What a child measured beside the contest: lines of name=value, one for each repeat. All lines are shown as they
/// come; what follows a value, and lines of another form, are for the reader alone.
/// </summary>
/// <param name="Missing">Why there are no figures, else null.</param>
internal sealed record Measurement(string? Missing)
{
    private readonly Dictionary<string, List<double>> values = [];

    internal IEnumerable<string> Names => values.Keys;

    internal static Measurement OfChild(string title, IReadOnlyList<string> command, TimeSpan patience)
    {
        Console.WriteLine(title);
        var measured = new Measurement(Missing: null);
        var missing = Child.Run(command, patience, out _, line =>
        {
            Console.WriteLine($"  {line}");
            if (line.Split('=', 2) is [var name, var rest] && double.TryParse(rest.Split(' ')[0], out var value))
                measured.values[name] = [.. measured.values.GetValueOrDefault(name, []), value];
        });
        if (missing is null)
            return measured;
        Console.WriteLine($"  not measured: {missing}");
        return new(missing);
    }

    /// <summary>Over the repeats; null where there is none.</summary>
    internal double? Median(string name) => values.TryGetValue(name, out var all) ? all.Median() : null;

    /// <summary>Name, median, least and most.</summary>
    internal string[] Row(string name) => Median(name) is { } and not double.NaN and var median
        ? [name, $"{median:0.###}", $"{values[name].Min():0.###} - {values[name].Max():0.###}"] : [name, "-", "-"];
}

/// <summary>All that a run measured so far.</summary>
internal sealed class Figures(Settings settings)
{
    internal Settings Settings => settings;

    internal IReadOnlyList<string> Machine { get; set; } = [];

    internal List<(string Title, IReadOnlyList<Entry> Entries)> Contests { get; } = [];

    internal Dictionary<string, Measurement> Measured { get; } = [];

    internal Measurement this[string name] => Measured.GetValueOrDefault(name)
        ?? new(settings.Only is null ? "the run did not come to it" : "--only is for contestants");

    /// <summary>The fastest that ran of those whose name fits, in these entries or the first contest's.</summary>
    internal Entry? Best(string pattern, IReadOnlyList<Entry>? entries = null) =>
        (entries ?? Contests.FirstOrDefault().Entries ?? [])
            .Where(entry => entry.Ran && FileSystemName.MatchesSimpleExpression(pattern, entry.Contestant.Name))
            .MaxBy(entry => entry.Median);

    internal double? Ratio(string one, string other, IReadOnlyList<Entry>? entries = null) =>
        Best(one, entries) is { } own && Best(other, entries) is { } its ? own.RatioTo(its) : null;
}
