using System.Reflection;
using System.Runtime.InteropServices;

namespace Throughput;

/// <summary>What the figures were taken on.</summary>
internal static class Machine
{
    internal static IEnumerable<string> Describe(Toolchain tools, Figures figures)
    {
        if (figures.Settings.ForGpu)
            yield return Toolchain.TryRun(
                ["nvidia-smi", "--query-gpu=name,memory.total,driver_version", "--format=csv,noheader"], out var gpu)
                ? $"{gpu.Trim().Replace("\n", "; ")} (memory, driver)"
                : "no nvidia-smi, so no GPU is named";
        var model = Line("/proc/cpuinfo", "model name")?.Split(':')[1].Trim();
        yield return $"{model ?? $"{RuntimeInformation.ProcessArchitecture}"}, {Environment.ProcessorCount} cores, " +
            $"{GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 30} GiB";
        var pages = Line("/sys/kernel/mm/transparent_hugepage/enabled", "")?.Split('[', ']')[1];
        yield return $"{RuntimeInformation.OSDescription}, transparent huge pages: {pages ?? "unknown"}";
        var backend = typeof(Machine).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .FirstOrDefault(item => item.Key == "TorchBackend")?.Value;
        yield return $"{RuntimeInformation.FrameworkDescription}, TorchSharp's libtorch {torch.__version__}, backend: {backend}";
        var about = figures.Contests.SelectMany(contest => contest.Entries).SelectMany(entry => entry.About)
            .ToLookup(pair => pair.Key, pair => pair.Value);
        yield return tools.Versions + string.Concat(about["labels"].Take(1).Select(reader => $"; labels by {reader}"));
        if (about["libpng"].FirstOrDefault() is { } png)
            yield return $"limits: libjpeg-turbo {about["libjpeg-turbo"].First()}, libpng {png}";
    }

    private static string? Line(string path, string start) =>
        File.Exists(path) ? File.ReadLines(path).FirstOrDefault(line => line.StartsWith(start)) : null;
}
