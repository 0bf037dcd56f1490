using Throughput.Contest;
using TorchSharp;

namespace Throughput.Report;

/// <summary>What the figures of a GPU were taken on.</summary>
internal static class GpuMachine
{
    internal static IReadOnlyList<string> Describe(Toolchain tools, IReadOnlyList<Entry> entries) =>
        [Gpu(), $"libtorch {torch.__version__}", .. Machine.Describe(tools, [(PhotoSet.Chroma420, entries)])];

    private static string Gpu() =>
        Toolchain.TryRun(["nvidia-smi", "--query-gpu=name,memory.total,driver_version", "--format=csv,noheader"], out var text)
            ? string.Join("; ", text.Split('\n', StringSplitOptions.RemoveEmptyEntries)) + " (memory, driver)"
            : "no nvidia-smi, so no GPU is named";
}
