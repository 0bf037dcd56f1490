namespace Throughput.Contest;

/// <summary>What came of a contestant.</summary>
/// <param name="Contestant">Who.</param>
/// <param name="Turns">One a round; empty where it could not run.</param>
/// <param name="PeakMemory">Bytes.</param>
/// <param name="About">What it said when it was ready.</param>
/// <param name="Failure">Why it could not run, else null.</param>
internal sealed record Entry(
    Contestant Contestant,
    IReadOnlyList<Turn> Turns,
    long PeakMemory,
    IReadOnlyDictionary<string, string> About,
    string? Failure)
{
    internal bool Ran => Failure is null && Turns.Count > 0;

    /// <summary>The fastest of those that have a role; null where none ran.</summary>
    internal static Entry? Best(IEnumerable<Entry> entries, Func<Role, bool> role) =>
        entries.Where(entry => entry.Ran && role(entry.Contestant.Role)).MaxBy(entry => entry.Median);

    internal double Median => Statistics.Median(Turns.Select(turn => turn.Rate));

    /// <summary>The median over the rounds of this rate by another's in the same round.</summary>
    internal double RatioTo(Entry other) => Statistics.Median(Turns.Zip(other.Turns, (own, its) => own.Rate / its.Rate));
}
