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
        var processes = Directory.GetDirectories("/proc").Select(Path.GetFileName).Where(name => char.IsDigit(name![0]));
        var parents = processes.ToLookup(process => Field(process!, "status", "PPid:"), process => process!);
        List<string> tree = [$"{root}"];
        for (var next = 0; next < tree.Count; next++)
            tree.AddRange(parents[long.Parse(tree[next])]);
        return 1024 * (tree.Count == 1 ? Field(tree[0], "status", "VmHWM:") : tree.Sum(one => Field(one, "smaps_rollup", "Pss:")));
    }

    /// <summary>What this process has in memory now.</summary>
    internal static long Resident() =>
        OperatingSystem.IsLinux() ? 1024 * Field("self", "status", "VmRSS:") : Environment.WorkingSet;

    private static long Field(string process, string file, string name)
    {
        try
        {
            var line = File.ReadLines($"/proc/{process}/{file}").FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal));
            return line is null ? 0 : long.Parse(line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1]);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }
}
