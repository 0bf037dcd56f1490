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
        var missing = Child.Run(command, patience, line =>
        {
            Console.WriteLine($"  {line}");
            if (line.Split('=', 2) is [var name, var rest] && double.TryParse(rest.Split(' ', ':')[0], out var value))
                measured.values[name] = [.. measured.values.GetValueOrDefault(name, []), value];
        });
        if (missing is null)
            return measured;
        Console.WriteLine($"  not measured: {missing}");
        return new(missing);
    }

    /// <summary>Over the repeats; null where there is none.</summary>
    internal double? Median(string name) => values.TryGetValue(name, out var all) ? all.Median() : null;

    /// <summary>The same.</summary>
    internal (double Least, double Most)? Range(string name) =>
        values.TryGetValue(name, out var all) ? (all.Min(), all.Max()) : null;
}

/// <summary>All that a run measured so far.</summary>
internal sealed class Figures(Settings settings)
{
    internal const double BatchPixels = Job.UsualBatch * 320.0 * 480;

    /// <summary>What a batch must move on the device: colours and class read, three floats, an int64 written.</summary>
    internal const double DeviceBytes = BatchPixels * (4 + 12 + 8);

    /// <summary>What a batch must bring over from the host: colours and class of the crops alone.</summary>
    internal const double HostBytes = BatchPixels * 4;

    internal Settings Settings => settings;

    internal IReadOnlyList<string> Machine { get; set; } = [];

    internal List<(string Title, IReadOnlyList<Entry> Entries)> Contests { get; } = [];

    internal Dictionary<string, Measurement> Measured { get; } = [];

    /// <summary>The least ms of a batch from the device's memory.</summary>
    internal double? DeviceFloor => 1000 * DeviceBytes / this["device"].Median("device_bytes_per_s");

    /// <summary>The least ms of a batch whose pixels come from the host.</summary>
    internal double? HostFloor => 1000 * HostBytes / this["device"].Median("host_bytes_per_s");

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
