using System.Reflection;
using System.Runtime.InteropServices;
using Throughput.Contest;

namespace Throughput.Report;

/// <summary>What the figures were taken on.</summary>
internal static class Machine
{
    internal static IReadOnlyList<string> Describe(Toolchain tools, IReadOnlyList<(PhotoSet Set, IReadOnlyList<Entry> Entries)> results)
    {
        var decode = results.SelectMany(result => result.Entries).FirstOrDefault(entry => entry.Ran && entry.Contestant.Role == Role.DecodeLimit)?.About;
        var backend = typeof(Machine).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().FirstOrDefault(item => item.Key == "TorchBackend")?.Value;
        List<string> lines =
        [
            $"{Processor()}, {Environment.ProcessorCount} cores, {GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (1L << 30)} GiB",
            $"{RuntimeInformation.OSDescription}, transparent huge pages: {HugePages()}",
            $"{RuntimeInformation.FrameworkDescription}, torch backend: {backend}",
            tools.PythonVersions ?? "no Python torch",
        ];
        if (decode is not null)
            lines.Add($"limits: libjpeg-turbo {decode["libjpeg-turbo"]}, libpng {decode["libpng"]}");
        return lines;
    }

    private static string Processor()
    {
        var line = Lines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal));
        return line is null ? RuntimeInformation.ProcessArchitecture.ToString() : line[(line.IndexOf(':') + 1)..].Trim();
    }

    private static string HugePages()
    {
        var choices = Lines("/sys/kernel/mm/transparent_hugepage/enabled").FirstOrDefault()?.Split(' ') ?? [];
        return choices.FirstOrDefault(choice => choice.StartsWith('['))?.Trim('[', ']') ?? "unknown";
    }

    private static IEnumerable<string> Lines(string path) => File.Exists(path) ? File.ReadLines(path) : [];
}
