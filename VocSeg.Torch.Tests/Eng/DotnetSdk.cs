using System.ComponentModel;
using System.Reflection;
using TorchSharp;

namespace VocSeg.Torch.Tests.Eng;

/// <summary>The .NET SDK at work on projects of a test's own, outside the repository. One build at a time.</summary>
[CollectionDefinition(Name)]
public sealed class DotnetSdk
{
    internal const string Name = "builds";

    // A server that outlives its build would keep the pipes of the output open.
    private static readonly (string, string?)[] WithoutServers =
    [
        ("MSBUILDDISABLENODEREUSE", "1"), ("DOTNET_CLI_USE_MSBUILD_SERVER", "0"), ("UseSharedCompilation", "false"),
        ("DOTNET_NOLOGO", "1"), ("DOTNET_CLI_TELEMETRY_OPTOUT", "1"), ("TorchSharpOlderCppRuntime", null),
    ];

    private static readonly Lazy<bool> IsThere = new(() =>
    {
        try
        {
            return ChildProcess.Run("dotnet", ["--list-sdks"]).Output.Length > 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    });

    /// <summary>TorchSharp's version.</summary>
    internal static string TorchSharpVersion { get; } = typeof(torch).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    /// <summary>How the tests are built: what they build of the library need not be built again.</summary>
    internal static string Configuration { get; } = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    /// <summary>The machine's package cache.</summary>
    internal static string PackageCache { get; } = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
        ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    /// <summary>The path of the step for older C++ runtimes; without it or an SDK the test is skipped.</summary>
    internal static string RequireTargets()
    {
        var targets = RepositoryFile.Require("eng/TorchSharpOlderCppRuntime.targets");
        Assert.SkipUnless(IsThere.Value, "there is no .NET SDK");
        return targets;
    }

    /// <summary>TorchSharp's library for Linux as the package has it; null where the package cache lacks it.</summary>
    internal static string? FindTorchSharpLibrary()
    {
        string[] parts = ["torchsharp", TorchSharpVersion, "runtimes", "linux-x64", "native", "libLibTorchSharp.so"];
        var library = Path.Combine([PackageCache, .. parts]);
        return File.Exists(library) ? library : null;
    }

    /// <summary>The same; where the package cache lacks it the test is skipped.</summary>
    internal static string RequireTorchSharpLibrary()
    {
        var library = FindTorchSharpLibrary();
        Assert.SkipWhen(library is null, $"the package cache has no TorchSharp {TorchSharpVersion}");
        return library;
    }

    /// <summary>Runs <c>dotnet</c>.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="environment">Variables that it gets beside the test's own.</param>
    /// <returns>What it said on both streams.</returns>
    internal static (int ExitCode, string Output) Run(
        IEnumerable<string> arguments, params (string, string?)[] environment)
    {
        using var process = ChildProcess.Start("dotnet", arguments, [.. WithoutServers, .. environment]);
        var (exitCode, output, error) = ChildProcess.Finish(process, longestMilliseconds: 600_000);
        return (exitCode, output + error);
    }

    /// <summary>Runs <c>dotnet</c>, which must succeed.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="environment">Variables that it gets beside the test's own.</param>
    /// <returns>What it said.</returns>
    internal static string RunWell(IEnumerable<string> arguments, params (string, string?)[] environment)
    {
        var (exitCode, output) = Run(arguments, environment);
        Assert.True(exitCode == 0, output);
        return output;
    }
}
