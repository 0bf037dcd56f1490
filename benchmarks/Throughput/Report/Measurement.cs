using System.Diagnostics;
using System.Globalization;
using Throughput.Contest;

namespace Throughput.Report;

/// <summary>
/// What this program, as a child of itself, measured beside the contest: lines of name=value, one for each repeat. All lines are shown as they come; what
/// follows a value, and lines of another form, are for the reader alone.
/// </summary>
internal sealed class Measurement
{
    private static readonly TimeSpan LastBreath = TimeSpan.FromSeconds(5);
    private readonly ILookup<string, double> values;

    private Measurement(IEnumerable<(string Name, double Value)> figures, string? missing)
    {
        values = figures.ToLookup(figure => figure.Name, figure => figure.Value, StringComparer.Ordinal);
        Missing = missing;
    }

    /// <summary>Why there are no figures, else null.</summary>
    internal string? Missing { get; }

    internal static Measurement Without(string reason) => new([], reason);

    /// <summary>Starts this program as a child and waits for its end.</summary>
    internal static Measurement Run(string title, TimeSpan patience, params IEnumerable<string> arguments) => OfChild(title, [.. Toolchain.Self, .. arguments], patience);

    /// <summary>Starts a child and waits for its end. One that takes too long is killed: whatever it waits for, the rest of the run does not wait with it.</summary>
    internal static Measurement OfChild(string title, IReadOnlyList<string> command, TimeSpan patience)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1)) { UseShellExecute = false, RedirectStandardOutput = true };
        Console.WriteLine(title);
        using var process = Process.Start(start)!;
        List<(string, double)> figures = [];
        process.OutputDataReceived += (_, received) =>
        {
            if (received.Data is not { } line)
                return;
            Console.WriteLine($"  {line}");
            if (Read(line) is { } figure)
                figures.Add(figure);
        };
        process.BeginOutputReadLine();
        using var limit = new CancellationTokenSource(patience);
        try
        {
            // To the end of its output too.
            process.WaitForExitAsync(limit.Token).GetAwaiter().GetResult();
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            // One that hangs in a driver may not even die.
            process.WaitForExit(LastBreath);
            return Failed(string.Create(CultureInfo.InvariantCulture, $"timed out after {patience.TotalSeconds:0.#} s"));
        }
        return process.ExitCode == 0 ? new(figures, null) : Failed($"it ended with exit status {process.ExitCode}");
    }

    /// <summary>Over the repeats; null where there is none.</summary>
    internal double? Median(string name) => values.Contains(name) ? Statistics.Median(values[name]) : null;

    /// <summary>Over the repeats; null where there is none.</summary>
    internal (double Least, double Most)? Range(string name) => values.Contains(name) ? (values[name].Min(), values[name].Max()) : null;

    private static Measurement Failed(string reason)
    {
        Console.WriteLine($"  not measured: {reason}");
        return Without(reason);
    }

    private static (string Name, double Value)? Read(string line) =>
        line.Split('=', 2) is [var name, var rest] && double.TryParse(rest.Split(' ')[0], CultureInfo.InvariantCulture, out var value) ? (name, value) : null;
}
