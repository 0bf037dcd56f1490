using System.Globalization;

namespace Throughput;

/// <summary>
/// What a child measured beside the contest: lines of name=value, one for each repeat. All lines are shown as they come;
/// what follows a value, and lines of another form, are for the reader alone.
/// </summary>
internal sealed class Measurement(IEnumerable<(string Name, double Value)> figures, string? missing)
{
    private readonly ILookup<string, double> values = figures.ToLookup(figure => figure.Name, figure => figure.Value);

    /// <summary>Why there are no figures, else null.</summary>
    internal string? Missing => missing;

    /// <summary>Starts a child and waits for its end; kills one that takes too long, so that the run goes on.</summary>
    internal static Measurement OfChild(string title, IReadOnlyList<string> command, TimeSpan patience)
    {
        Console.WriteLine(title);
        var start = new ProcessStartInfo(command[0], command.Skip(1)) { RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        List<(string, double)> figures = [];
        process.OutputDataReceived += (_, received) =>
        {
            if (received.Data is { } line)
                Console.WriteLine($"  {line}");
            if (received.Data?.Split('=', 2) is [var name, var rest] &&
                double.TryParse(rest.Split(' ')[0], CultureInfo.InvariantCulture, out var value))
                figures.Add((name, value));
        };
        process.BeginOutputReadLine();
        using var limit = new CancellationTokenSource(patience);
        string? missing = null;
        try
        {
            // To the end of its output too.
            process.WaitForExitAsync(limit.Token).GetAwaiter().GetResult();
            missing = process.ExitCode == 0 ? null : $"it ended with exit status {process.ExitCode}";
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            // One that hangs in a driver may not even die.
            process.WaitForExit(TimeSpan.FromSeconds(5));
            missing = $"timed out after {patience.TotalSeconds:0.#} s";
        }
        if (missing is not null)
            Console.WriteLine($"  not measured: {missing}");
        return new(missing is null ? figures : [], missing);
    }

    /// <summary>Over the repeats; null where there is none.</summary>
    internal double? Median(string name) => values.Contains(name) ? values[name].Median() : null;

    /// <summary>Over the repeats; null where there is none.</summary>
    internal (double Least, double Most)? Range(string name) =>
        values.Contains(name) ? (values[name].Min(), values[name].Max()) : null;
}
