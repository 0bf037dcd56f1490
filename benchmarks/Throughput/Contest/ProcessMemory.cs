using System.Globalization;

namespace Throughput;

/// <summary>
/// Memory of a process and its children: the kernel's own peak (VmHWM) of a single one; of several the total of their
/// proportional sets, in which shared pages count once. 0 where there is no <c>/proc</c>.
/// </summary>
internal static class ProcessMemory
{
    internal static long Peak(int root)
    {
        if (!OperatingSystem.IsLinux())
            return 0;
        var parents = Directory.EnumerateDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder), out var process) ? process : 0)
            .Where(process => process > 0)
            .ToLookup(Parent);
        List<int> tree = [root];
        for (var next = 0; next < tree.Count; next++)
            tree.AddRange(parents[tree[next]]);
        return tree.Count == 1 ? Field(root, "status", "VmHWM:") : tree.Sum(process => Field(process, "smaps_rollup", "Pss:"));
    }

    /// <summary>What this process has in memory now.</summary>
    internal static long Resident() =>
        OperatingSystem.IsLinux() ? Field(Environment.ProcessId, "status", "VmRSS:") : Environment.WorkingSet;

    // The name in brackets may hold spaces; state and parent follow it.
    private static int Parent(int process) =>
        Read(process, "stat").Split(')')[^1].Split(' ', StringSplitOptions.RemoveEmptyEntries) is [_, var parent, ..]
            ? int.Parse(parent, CultureInfo.InvariantCulture)
            : 0;

    private static long Field(int process, string file, string name) =>
        Read(process, file).Split('\n').FirstOrDefault(line => line.StartsWith(name))
            ?.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) is [_, var kilobytes, ..]
            ? 1024 * long.Parse(kilobytes, CultureInfo.InvariantCulture)
            : 0;

    private static string Read(int process, string file)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/{file}");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
