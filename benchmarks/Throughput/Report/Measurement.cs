using System.Diagnostics;
using System.Globalization;
using Throughput.Contest;

namespace Throughput.Report;

/// <summary>What this program, as a child of itself, measured beside the contest: lines of name=value, one for each repeat.</summary>
internal sealed class Measurement
{
    private readonly ILookup<string, double> values;

    private Measurement(string text) => values = text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Select(line => line.Split('='))
        .ToLookup(pair => pair[0], pair => double.Parse(pair[1], CultureInfo.InvariantCulture), StringComparer.Ordinal);

    /// <summary>Starts the child and waits for its end.</summary>
    /// <returns>Null where it failed; it has said why.</returns>
    internal static Measurement? Run(string title, params IEnumerable<string> arguments)
    {
        var self = Toolchain.Self;
        var start = new ProcessStartInfo(self[0], [.. self.Skip(1), .. arguments]) { UseShellExecute = false, RedirectStandardOutput = true };
        Console.WriteLine(title);
        using var process = Process.Start(start)!;
        var text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? new(text) : null;
    }

    /// <summary>Over the repeats; null where there is none.</summary>
    internal double? Median(string name) => values.Contains(name) ? Statistics.Median(values[name]) : null;

    internal (double Least, double Most) Range(string name) => (values[name].Min(), values[name].Max());
}
