using System.Globalization;

namespace Throughput;

/// <summary>What comes of a contestant.</summary>
internal sealed class Entry(Contestant contestant)
{
    private ContestantProcess? process;

    internal Contestant Contestant => contestant;

    /// <summary>One a round.</summary>
    internal List<Turn> Turns { get; } = [];

    /// <summary>What it said when it was ready.</summary>
    internal Dictionary<string, string> About { get; private set; } = [];

    /// <summary>Why it could not run, or not on, else null.</summary>
    internal string? Failure { get; private set; } = contestant.Missing;

    internal long PeakMemory => process?.PeakMemory ?? 0;

    internal bool Ran => Failure is null && Turns.Count > 0;

    /// <summary>Images a second.</summary>
    internal double Median => Turns.Select(turn => turn.Rate).Median();

    /// <summary>The median over the rounds of this rate by another's in the same round.</summary>
    internal double RatioTo(Entry other) => Turns.Zip(other.Turns, (own, its) => own.Rate / its.Rate).Median();

    internal void Start(string root, Settings settings) => Try(() =>
    {
        process = new(contestant, root, settings);
        About = process.WaitUntilReady();
    });

    internal void Go() => Try(() => Turns.Add(process!.Go()));

    /// <summary>Does nothing for one that has failed; one that fails now is left out from here on.</summary>
    internal void Try(Action step)
    {
        if (Failure is not null)
            return;
        try
        {
            step();
        }
        catch (Exception error) when (error is ContestantException or IOException or System.ComponentModel.Win32Exception)
        {
            Failure = error.Message;
            Console.WriteLine($"  {contestant.Name} is left out: {Failure}");
            End();
        }
    }

    internal void End() => process?.Dispose();
}

/// <summary>All contestants, alive together, one at work at a time; each round begins with another one.</summary>
internal static class Rounds
{
    internal static IReadOnlyList<Entry> Run(IReadOnlyList<Contestant> roster, string root, Settings settings)
    {
        var entries = roster.Select(contestant => new Entry(contestant)).ToList();
        try
        {
            entries.ForEach(entry => entry.Start(root, settings));
            // Crops are random, but means over an epoch hardly move.
            LeaveOutWhoDiffers(entries, "mean", 0.05);
            LeaveOutWhoDiffers(entries, "void", 0.01);
            LeaveOutWhoDiffers(entries, "background", 0.02);
            for (var round = 0; round < settings.Rounds; round++)
            {
                var first = round * Math.Max(1, entries.Count / settings.Rounds) % entries.Count;
                foreach (var entry in entries.Skip(first).Concat(entries.Take(first)))
                    entry.Go();
                var rates = entries.Where(entry => entry.Ran).Select(entry => $"{entry.Contestant.Name} {entry.Turns[^1].Rate:F0}");
                Console.WriteLine($"  round {round + 1}: {string.Join(", ", rates)}");
            }
            return entries;
        }
        finally
        {
            entries.ForEach(entry => entry.End());
        }
    }

    private static void LeaveOutWhoDiffers(List<Entry> entries, string field, double tolerance)
    {
        var told = entries.Where(entry => entry.Failure is null && entry.About.ContainsKey(field))
            .ToDictionary(entry => entry, entry => double.Parse(entry.About[field], CultureInfo.InvariantCulture));
        var middle = told.Values.Median();
        foreach (var (entry, value) in told.Where(pair => !(Math.Abs(pair.Value - middle) <= tolerance)))
            entry.Try(() => throw new ContestantException($"does another job: {field} is {value:F3}, not {middle:F3}"));
    }

    internal static double Median(this IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length == 0 ? double.NaN : (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
