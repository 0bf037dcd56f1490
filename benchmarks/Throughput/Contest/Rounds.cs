namespace Throughput;

/// <summary>
/// What comes of a contestant. It is a process that waits on its input between its turns: it says READY with what its
/// batches hold after a first epoch, then "images seconds" for each GO.
/// </summary>
internal sealed class Entry(Contestant contestant, TimeSpan patience)
{
    private Child? child;

    internal Contestant Contestant => contestant;

    /// <summary>Images a second, a figure for each round.</summary>
    internal List<double> Rates { get; } = [];

    /// <summary>What it said when it was ready.</summary>
    internal Dictionary<string, string> About { get; private set; } = [];

    /// <summary>Why it could not run, or not on, else null.</summary>
    internal string? Failure { get; private set; } = contestant.Missing;

    /// <summary>The most bytes seen while it was not measured.</summary>
    internal long PeakMemory { get; private set; }

    internal bool Ran => Failure is null && Rates.Count > 0;

    internal double Median => Rates.Median();

    /// <summary>The median over the rounds of this rate by another's in the same round.</summary>
    internal double RatioTo(Entry other) => Rates.Zip(other.Rates, (own, its) => own / its).Median();

    internal void Start(string root, Settings settings) => Try(() =>
    {
        string[] job = ["--root", root, "--seconds", $"{Settings.Seconds}", "--device", $"{settings.Device}"];
        var tunables = contestant.Part.HasFlag(Part.Huge) ? "glibc.malloc.hugetlb=1" : null;
        child = new([.. contestant.Command, .. job], tunables);
        if (child.ReadLine("was not ready", patience, SampleMemory)?.Split(' ') is not ["READY", .. var about])
            throw new IOException(child.Failure() ?? "ended early");
        About = about.Select(word => word.Split('=')).ToDictionary(pair => pair[0], pair => pair[1]);
    });

    internal void Go() => Try(() =>
    {
        child!.WriteLine("GO");
        if (child.ReadLine("did not end its turn", patience)?.Split(' ') is not [var images, var seconds])
            throw new IOException(child.Failure() ?? "ended early");
        Rates.Add(double.Parse(images) / double.Parse(seconds));
        SampleMemory();
    });

    /// <summary>Leaves it out where its batches hold something else than others'.</summary>
    internal void Require(string field, double middle, double tolerance) => Try(() =>
    {
        if (Math.Abs((Number(field) ?? middle) - middle) > tolerance)
            throw new IOException($"does another job: {field} is {About[field]}, not {middle:F3}");
    });

    internal double? Number(string field) => About.TryGetValue(field, out var text) ? double.Parse(text) : null;

    internal void End() => child?.Dispose();

    private void SampleMemory() => PeakMemory = Math.Max(PeakMemory, child!.Memory());

    /// <summary>Does nothing for one that has failed; one that fails now is left out from here on.</summary>
    private void Try(Action step)
    {
        if (Failure is not null)
            return;
        try
        {
            step();
        }
        catch (Exception error) when (error is TimeoutException or IOException or System.ComponentModel.Win32Exception)
        {
            Failure = error.Message;
            Console.WriteLine($"  {contestant.Name} is left out: {Failure}");
            End();
            child = null;
        }
    }
}

/// <summary>All contestants, alive together, one at work at a time; each round begins with another one.</summary>
internal static class Rounds
{
    internal static IReadOnlyList<Entry> Run(List<Contestant> roster, string root, Settings settings)
    {
        Console.WriteLine($"{roster.Count} contestants, {settings.Rounds} rounds");
        var entries = roster.Select(contestant => new Entry(contestant, Toolchain.Patience)).ToList();
        try
        {
            entries.ForEach(entry => entry.Start(root, settings));
            // Crops are random, but means over an epoch hardly move, unless samples are padded and recoloured.
            var alike = entries.FindAll(entry => !entry.Contestant.Part.HasFlag(Part.Augment));
            foreach (var (field, tolerance) in new[] { ("mean", 0.05), ("void", 0.01), ("background", 0.02) })
            {
                var middle = alike.Select(entry => entry.Number(field)).OfType<double>().Median();
                alike.ForEach(entry => entry.Require(field, middle, tolerance));
            }
            for (var round = 0; round < settings.Rounds; round++)
            {
                var first = round * Math.Max(1, entries.Count / settings.Rounds) % entries.Count;
                foreach (var entry in entries.Skip(first).Concat(entries.Take(first)))
                    entry.Go();
                var rates = entries.Where(it => it.Ran).Select(it => $"{it.Contestant.Name} {it.Rates[^1]:F0}");
                Console.WriteLine($"  round {round + 1}: {string.Join(", ", rates)}");
            }
            return entries;
        }
        finally
        {
            entries.ForEach(entry => entry.End());
        }
    }

    internal static double Median(this IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length == 0 ? double.NaN : (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
