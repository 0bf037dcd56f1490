using System.Globalization;

namespace Throughput.Contest;

/// <summary>All contestants, alive together, one at work at a time; each round begins with another one.</summary>
internal static class Rounds
{
    internal static IReadOnlyList<Entry> Run(IReadOnlyList<Contestant> roster, string root, BenchSettings settings)
    {
        var lanes = roster.Select(contestant => new Lane(contestant)).ToList();
        try
        {
            foreach (var lane in lanes)
                lane.Try(() => lane.Start(root, settings));
            RequireSameJob(lanes);
            for (var round = 0; round < settings.Rounds; round++)
            {
                for (var place = 0; place < lanes.Count; place++)
                {
                    var lane = lanes[(place + round * Math.Max(1, lanes.Count / settings.Rounds)) % lanes.Count];
                    lane.Try(() => lane.Turns.Add(lane.Process!.Go()));
                }
                var rates = lanes.Where(lane => lane.Failure is null).Select(lane => string.Create(CultureInfo.InvariantCulture, $"{lane.Contestant.Name} {lane.Turns[^1].Rate:F0}"));
                Console.WriteLine($"  round {round + 1}: {string.Join(", ", rates)}");
            }
            return [.. lanes.Select(lane => lane.Result())];
        }
        finally
        {
            foreach (var lane in lanes)
                lane.Process?.Dispose();
        }
    }

    /// <summary>Leaves out whoever's batches hold something else: windows are random, but means over an epoch hardly move.</summary>
    private static void RequireSameJob(List<Lane> lanes)
    {
        (string Field, double Tolerance)[] checks = [("mean", 0.05), ("void", 0.01), ("background", 0.02)];
        foreach (var (field, tolerance) in checks)
        {
            var told = lanes.Where(lane => lane.Failure is null && lane.About.ContainsKey(field)).ToDictionary(lane => lane, lane => double.Parse(lane.About[field], CultureInfo.InvariantCulture));
            var middle = Statistics.Median(told.Values);
            foreach (var (lane, value) in told)
            {
                if (!(Math.Abs(value - middle) <= tolerance))
                    lane.Try(() => throw new ContestantException(string.Create(CultureInfo.InvariantCulture, $"does another job: {field} is {value:F3}, not {middle:F3}")));
            }
        }
    }

    private sealed class Lane(Contestant contestant)
    {
        internal Contestant Contestant => contestant;

        internal ContestantProcess? Process { get; private set; }

        internal IReadOnlyDictionary<string, string> About { get; private set; } = new Dictionary<string, string>(StringComparer.Ordinal);

        internal List<Turn> Turns { get; } = [];

        internal string? Failure { get; private set; } = contestant.Missing;

        internal void Start(string root, BenchSettings settings)
        {
            Process = new(contestant, root, settings);
            About = Process.WaitUntilReady();
        }

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
                Process?.Dispose();
                Process = null;
            }
        }

        internal Entry Result() => new(contestant, Turns, Process?.PeakMemory ?? 0, About, Failure);
    }
}
