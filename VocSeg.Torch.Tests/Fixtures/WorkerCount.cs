using System.Diagnostics;

namespace VocSeg.Torch.Tests;

/// <summary>How many threads of this process decode for loaders, by their name. Linux alone tells names.</summary>
internal static class WorkerCount
{
    internal static int Now()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Linux alone tells the names of threads.");
        return Directory.EnumerateDirectories("/proc/self/task").Count(IsWorker);
    }

    /// <summary>Waits until none is left.</summary>
    internal static void WaitForNone()
    {
        var time = Stopwatch.StartNew();
        for (int left; (left = Now()) > 0; Thread.Sleep(1))
            Assert.True(time.Elapsed < TimeSpan.FromSeconds(20), $"{left} workers do not end");
    }

    private static bool IsWorker(string thread)
    {
        try
        {
            return File.ReadAllText(Path.Combine(thread, "comm")).StartsWith("VocSeg worker", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            // It has just ended.
            return false;
        }
    }
}
