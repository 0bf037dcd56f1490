using System.Reflection;
using System.Runtime.InteropServices;

namespace VocSeg.Torch.Tests;

/// <summary>Reads files as a user whom permissions bind. On Linux root is one for as long as it takes.</summary>
internal static partial class OrdinaryUser
{
    private const uint Nobody = 65534;
    private const uint Ask = uint.MaxValue; // no user has this number, so nothing changes

    // What is loaded from a folder that only root may read must be there before: the runtime keeps a failure in mind.
    private static readonly Lazy<bool> IsLoaded = new(() =>
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        Load(typeof(OrdinaryUser).Assembly);
        NativeLibraries.RequireSkia();
        return TurboJpegDecoder.Version > 0;

        void Load(Assembly assembly)
        {
            foreach (var name in assembly.GetReferencedAssemblies())
            {
                if (seen.Add(name.FullName))
                    Load(Assembly.Load(name));
            }
        }
    });

    /// <summary>
    /// Runs what touches files on this thread alone, under another user where this one is root. It may start no thread,
    /// which would be that user's for good.
    /// </summary>
    internal static void Run(Action action)
    {
        if (!OperatingSystem.IsLinux() || SetFileUser(Ask) != 0)
        {
            action();
            return;
        }
        _ = IsLoaded.Value;
        // Linux takes root's right to read everything from a thread together with root's number, and gives it back.
        _ = SetFileUser(Nobody);
        try
        {
            Assert.Equal((int)Nobody, SetFileUser(Ask));
            action();
        }
        finally
        {
            _ = SetFileUser(0);
        }
    }

    /// <summary>Takes all rights from a file or folder while an ordinary user's action runs.</summary>
    internal static void RunWithout(string path, Action action)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs permissions as on Unix");
        if (OperatingSystem.IsWindows())
            return;
        var mode = File.GetUnixFileMode(path);
        File.SetUnixFileMode(path, UnixFileMode.None);
        try
        {
            Run(action);
        }
        finally
        {
            File.SetUnixFileMode(path, mode);
        }
    }

    /// <summary>Lets every user read and write a test's folder, which is its owner's alone at first.</summary>
    internal static void Open(string folder)
    {
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(folder, (UnixFileMode)0b111_111_111);
    }

    // Its return value is the user before, whether it changed or not.
    [LibraryImport("libc", EntryPoint = "setfsuid")]
    private static partial int SetFileUser(uint user);
}
