using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using SkiaSharp;
using TorchSharp;

namespace VocSeg.Torch;

/// <summary>
/// The native libraries of TorchSharp and SkiaSharp, loaded before anything else asks for them: one that does not load
/// is named in one line with what helps, and TorchSharp does not begin to copy libtorch out of the package cache.
/// </summary>
internal static partial class NativeLibraries
{
    private const string OlderCppRuntime = "VocSeg.Torch/eng/TorchSharpOlderCppRuntime.targets";

    private static bool torchLoads;
    private static bool skiaLoads;

    private static bool IsTorchForThisPlatform => RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => OperatingSystem.IsLinux() || OperatingSystem.IsWindows(),
        Architecture.Arm64 => OperatingSystem.IsWindows() || OperatingSystem.IsMacOS(),
        _ => false,
    };

    /// <exception cref="InvalidOperationException">TorchSharp's native libraries cannot be loaded.</exception>
    internal static void RequireTorch()
    {
        if (Volatile.Read(ref torchLoads))
            return;
        // Nothing of torch may be touched here: its static constructor loads the libraries by itself.
        var assembly = typeof(torch).Assembly;
        // A libtorch that is loaded already is found by TorchSharp's own library, wherever it lies.
        NativeLibrary.TryLoad("torch_cpu", assembly, null, out _);
        if (Failure("LibTorchSharp", assembly) is { } failure && !RunsOutOfPackageCache(assembly))
            throw new InvalidOperationException(TorchMessage(VersionOf(assembly), failure, IsTorchForThisPlatform));
        Volatile.Write(ref torchLoads, true);
    }

    /// <exception cref="InvalidOperationException">SkiaSharp's native library cannot be loaded.</exception>
    internal static void RequireSkia()
    {
        if (Volatile.Read(ref skiaLoads))
            return;
        if (Failure("libSkiaSharp", typeof(SKCodec).Assembly) is { } failure)
            throw new InvalidOperationException(SkiaMessage(RuntimeInformation.RuntimeIdentifier, failure));
        Volatile.Write(ref skiaLoads, true);
    }

    /// <summary>What to say where TorchSharp does not load.</summary>
    /// <param name="version">TorchSharp's version.</param>
    /// <param name="failure">What the loader said.</param>
    /// <param name="isForThisPlatform">Whether TorchSharp has a library for this platform at all.</param>
    internal static string TorchMessage(string version, string failure, bool isForThisPlatform = true)
    {
        if (!isForThisPlatform)
        {
            return $"TorchSharp {version} has no library for {RuntimeInformation.RuntimeIdentifier}, only for Linux "
                + "and Windows on x64 and for Windows and macOS on ARM64. Without it catalogs can be read and verified "
                + "and samples read one by one.";
        }
        if (LackingVersion().Match(failure) is { Success: true } match)
        {
            var lacking = match.Groups["version"];
            return $"TorchSharp {version} does not load: the C++ runtime of this machine lacks {lacking}. "
                + "Build the application again with the property TorchSharpOlderCppRuntime auto, or true to build on a "
                + "newer machine. One that references the project VocSeg.Torch, not the package, also needs "
                + $"<Import Project=\"{OlderCppRuntime}\" />, with the path of that file, at the end of its project.";
        }
        return $"TorchSharp {version} does not load ({Reason("LibTorchSharp", failure)}). Add the package "
            + $"TorchSharp-cpu, TorchSharp-cuda-linux or TorchSharp-cuda-windows, version {version}, to the "
            + "application and build it again.";
    }

    /// <summary>What to say where SkiaSharp does not load.</summary>
    /// <param name="platform">The runtime identifier of this machine.</param>
    /// <param name="failure">What the loader said.</param>
    internal static string SkiaMessage(string platform, string failure) =>
        $"SkiaSharp does not load ({Reason("libSkiaSharp", failure)}). VocSeg.Torch brings its native library, on "
        + "Linux by the package SkiaSharp.NativeAssets.Linux.NoDependencies, so the application was built for another "
        + $"RuntimeIdentifier than {platform}, or its output was trimmed; build it again for {platform}.";

    private static string? Failure(string name, Assembly assembly)
    {
        try
        {
            NativeLibrary.Load(name, assembly, null);
            return null;
        }
        catch (Exception error) when (error is DllNotFoundException or BadImageFormatException)
        {
            return error.Message;
        }
    }

    /// <summary>The line that tells: on Linux, below a heading, there is one for every place looked at.</summary>
    private static string Reason(string name, string failure)
    {
        var lines = failure.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (lines.Length == 1)
            return lines[0].TrimEnd('.');
        return lines.Skip(1).FirstOrDefault(line => !Misses(line)) ?? $"there is no {name} in the application's output";

        bool Misses(string line) => line.EndsWith("No such file or directory", StringComparison.Ordinal)
            && line.Split(": ")[0].Contains(name, StringComparison.Ordinal);
    }

    // A notebook does, and there TorchSharp gathers the libraries by itself.
    private static bool RunsOutOfPackageCache(Assembly torchSharp) =>
        Path.GetDirectoryName(Path.GetDirectoryName(torchSharp.Location)) is { } folder
        && Path.GetFileName(folder) == "lib"
        && Path.GetFileName(Path.GetDirectoryName(Path.GetDirectoryName(folder))) == "torchsharp";

    private static string VersionOf(Assembly assembly) =>
        assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    [GeneratedRegex(
        @"version `(?<version>GLIBCXX_[\d.]+)' not found \(required by .*libLibTorchSharp\.so\)",
        RegexOptions.None,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex LackingVersion();
}
