using System.Globalization;
using System.Runtime.InteropServices;

namespace VocSeg.Torch.Tests;

/// <summary>The memory of this process that is really there.</summary>
internal static partial class ResidentMemory
{
    /// <summary>Whether <see cref="Settle"/> can give back what allocators keep for later.</summary>
    internal static bool CanSettle => OperatingSystem.IsLinux() && NativeLibrary.TryLoad("libc.so.6", out _);

    /// <summary>Gives back what nobody uses any more, and counts the rest, in bytes.</summary>
    internal static long Settle()
    {
        for (var pass = 0; pass < 2; pass++)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }
        _ = Trim(0);
        var pages = File.ReadAllText("/proc/self/statm").Split(' ')[1];
        return long.Parse(pages, CultureInfo.InvariantCulture) * Environment.SystemPageSize;
    }

    [LibraryImport("libc.so.6", EntryPoint = "malloc_trim")]
    private static partial int Trim(nuint pad);
}
