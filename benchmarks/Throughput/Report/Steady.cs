using System.Diagnostics;
using System.Globalization;
using Throughput.Contest;

namespace Throughput.Report;

/// <summary>What <see cref="Loaders.Steadiness"/> found, uncached and from the host cache; null where it did not run.</summary>
internal sealed record Steady(IReadOnlyDictionary<string, double>? Uncached, IReadOnlyDictionary<string, double>? HostCache)
{
    internal static Steady Measure(string root, bool quick) => new(Run(root, "none"), quick ? null : Run(root, "host"));

    private static Dictionary<string, double>? Run(string root, string cache)
    {
        var self = Toolchain.Self;
        var start = new ProcessStartInfo(self[0], [.. self.Skip(1), "steadiness", "--root", root, "--cache", cache]) { UseShellExecute = false, RedirectStandardOutput = true };
        Console.WriteLine($"steadiness, cache {cache}");
        using var process = Process.Start(start)!;
        var text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode != 0
            ? null
            : text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => line.Split('='))
                .ToDictionary(pair => pair[0], pair => double.Parse(pair[1], CultureInfo.InvariantCulture), StringComparer.Ordinal);
    }
}
