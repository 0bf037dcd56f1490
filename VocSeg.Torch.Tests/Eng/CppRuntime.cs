using System.Text;

namespace VocSeg.Torch.Tests.Eng;

/// <summary>The C++ runtime of this machine.</summary>
internal static class CppRuntime
{
    /// <summary>Skips a test where TorchSharp's own library loads, as the runtime has all that it asks for.</summary>
    internal static void SkipUnlessTooOldForTorchSharp()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the C++ runtime is too old on Linux alone");
        // The one that .NET itself runs over; a library has the names of its versions among its strings.
        var path = File.ReadLines("/proc/self/maps").Select(line => line[(line.IndexOf('/') + 1)..])
            .First(path => path.Contains("libstdc++.so.6", StringComparison.Ordinal));
        var strings = Encoding.Latin1.GetString(File.ReadAllBytes("/" + path));
        var newEnough = strings.Contains("\0GLIBCXX_3.4.32\0", StringComparison.Ordinal);
        Assert.SkipWhen(newEnough, "the C++ runtime of this machine is new enough for TorchSharp");
    }
}
