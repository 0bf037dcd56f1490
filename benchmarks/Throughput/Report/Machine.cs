using System.Reflection;
using System.Runtime.InteropServices;

namespace Throughput;

/// <summary>What the figures were taken on.</summary>
internal static class Machine
{
    internal static IEnumerable<string> Describe(Toolchain tools, Figures figures)
    {
        string[] query = ["nvidia-smi", "--query-gpu=name,memory.total,driver_version", "--format=csv,noheader"];
        if (figures.Settings.ForGpu)
            yield return Toolchain.TryRun(query, out var gpu)
                ? $"{gpu.Trim().Replace("\n", "; ")} (memory, driver)"
                : "no nvidia-smi, so no GPU is named";
        var model = Lines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal));
        yield return $"{model?.Split(':')[1].Trim() ?? $"{RuntimeInformation.ProcessArchitecture}"}, " +
            $"{Environment.ProcessorCount} cores, {GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 30} GiB";
        var pages = Lines("/sys/kernel/mm/transparent_hugepage/enabled").FirstOrDefault()?.Split('[', ']')[1];
        yield return $"{RuntimeInformation.OSDescription}, transparent huge pages: {pages ?? "unknown"}";
        var backend = typeof(Machine).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .FirstOrDefault(item => item.Key == "TorchBackend")?.Value;
        yield return $"{RuntimeInformation.FrameworkDescription}, libtorch {torch.__version__}, torch backend: {backend}";
        var about = figures.Contests.SelectMany(contest => contest.Entries).SelectMany(entry => entry.About)
            .DistinctBy(pair => pair.Key).ToDictionary();
        yield return tools.PythonMissing ?? $"{tools.Versions}; labels by {about.GetValueOrDefault("labels")}";
        if (about.TryGetValue("libpng", out var png))
            yield return $"limits: libjpeg-turbo {about["libjpeg-turbo"]}, libpng {png}";
    }

    private static string[] Lines(string path) => File.Exists(path) ? File.ReadAllLines(path) : [];
}
