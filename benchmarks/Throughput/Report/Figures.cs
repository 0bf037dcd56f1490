using System.IO.Enumeration;

namespace Throughput;

/// <summary>All that a run measured so far.</summary>
internal sealed class Figures(Settings settings)
{
    private const double BatchPixels = Job.UsualBatchSize * 320.0 * 480;

    /// <summary>What a batch must move in the device's memory: colours and class read, three floats, an int64 written.</summary>
    internal const double DeviceBytes = BatchPixels * (4 + 12 + 8);

    /// <summary>What a batch must bring over from the host: colours and class of the crops alone.</summary>
    internal const double HostBytes = BatchPixels * 4;

    internal Settings Settings => settings;

    internal IReadOnlyList<string> Machine { get; set; } = [];

    internal TimeSpan Elapsed { get; set; }

    internal List<(string Title, IReadOnlyList<Entry> Entries)> Contests { get; } = [];

    internal Dictionary<string, Measurement> Measured { get; } = [];

    /// <summary>The least ms of a batch from the device's memory.</summary>
    internal double? DeviceFloor => 1000 * DeviceBytes / this["device"].Median("device_bytes_per_s");

    /// <summary>The least ms of a batch whose pixels come from the host.</summary>
    internal double? HostFloor => 1000 * HostBytes / this["device"].Median("host_bytes_per_s");

    internal Measurement this[string name] => Measured.GetValueOrDefault(name)
        ?? new([], settings.Only.Count > 0 ? "--only is for contestants" : "the run did not come to it");

    /// <summary>The fastest that ran of those whose name fits, in the first contest or in this one.</summary>
    internal Entry? Best(string pattern, IReadOnlyList<Entry>? entries = null) =>
        (entries ?? Contests.FirstOrDefault().Entries ?? [])
            .Where(entry => entry.Ran && FileSystemName.MatchesSimpleExpression(pattern, entry.Contestant.Name))
            .MaxBy(entry => entry.Median);

    internal double? Ratio(string one, string other, IReadOnlyList<Entry>? entries = null) =>
        Best(one, entries) is { } own && Best(other, entries) is { } its ? own.RatioTo(its) : null;
}
