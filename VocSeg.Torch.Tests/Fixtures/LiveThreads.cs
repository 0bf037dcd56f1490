namespace VocSeg.Torch.Tests;

/// <summary>The threads of this process, as Linux lists them; other systems tell no names.</summary>
internal static class LiveThreads
{
    /// <summary>All threads.</summary>
    internal static int All
    {
        get
        {
            using var process = System.Diagnostics.Process.GetCurrentProcess();
            return process.Threads.Count;
        }
    }

    /// <summary>Those that loaders have started and that still run; 0 where they have no names.</summary>
    internal static int Workers
    {
        get
        {
            if (!OperatingSystem.IsLinux())
                return 0;
            // They may be at the next epoch's first batches, and one that was joined is in the list for a moment.
            var count = 0;
            SpinWait.SpinUntil(() => (count = Count()) == 0, millisecondsTimeout: 20_000);
            return count;
        }
    }

    // The space tells them from the main thread, which has the program's name.
    private static int Count() => Directory.EnumerateDirectories("/proc/self/task").Count(task =>
    {
        try
        {
            return File.ReadAllText(Path.Combine(task, "comm")).StartsWith("VocSeg ", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    });
}
