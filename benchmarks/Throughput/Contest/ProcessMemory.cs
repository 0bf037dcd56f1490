using System.Globalization;

namespace Throughput.Contest;

/// <summary>
/// Memory of a process and its children: the kernel's own peak (VmHWM) of a single one; of several the sum of their proportional
/// sets, in which shared pages count once.
/// </summary>
internal static class ProcessMemory
{
    internal static long Peak(int root)
    {
        if (!OperatingSystem.IsLinux())
            return 0;
        var tree = Tree(root);
        return tree.Count == 1 ? Field(root, "status", "VmHWM:") : tree.Sum(process => Field(process, "smaps_rollup", "Pss:"));
    }

    /// <summary>What this process has in memory now.</summary>
    internal static long Resident() => OperatingSystem.IsLinux() ? Field(Environment.ProcessId, "status", "VmRSS:") : Environment.WorkingSet;

    private static List<int> Tree(int root)
    {
        var parents = Directory.EnumerateDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var process) ? process : 0)
            .Where(process => process > 0)
            .ToDictionary(process => process, Parent);
        List<int> tree = [root];
        for (var next = 0; next < tree.Count; next++)
            tree.AddRange(parents.Where(pair => pair.Value == tree[next]).Select(pair => pair.Key));
        return tree;
    }

    private static int Parent(int process)
    {
        // The name in brackets may hold spaces; state and parent follow it.
        var text = Read(process, "stat");
        var words = text[(text.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return words.Length > 1 ? int.Parse(words[1], CultureInfo.InvariantCulture) : 0;
    }

    private static long Field(int process, string file, string name)
    {
        var line = Read(process, file).Split('\n').FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal));
        var words = line?.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return words is [_, var kilobytes, ..] ? long.Parse(kilobytes, CultureInfo.InvariantCulture) * 1024 : 0;
    }

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
