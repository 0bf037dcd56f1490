using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace VocSeg.Torch.Tests.Eng;

/// <summary>Which backend <c>build.sh setup</c> takes: it asks a <c>dotnet</c> and an <c>ldd</c> that say what the test wants.</summary>
public sealed class BuildScriptTests : IDisposable
{
    private const string Line = "using the system backend (backends/system)";
    private readonly TempFolder folder = new();

    public BuildScriptTests()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the script is for Linux");
        foreach (var name in new[] { "build.sh", "Directory.Packages.props" })
            File.Copy(RepositoryFile.Require(name), folder[name]);
        // The system backend's own needs are met.
        Fake("g++", "exit 0");
        Fake("ldconfig", "echo '\tlibturbojpeg.so.0 => there'; echo '\tlibopenblas.so.0 => there'");
        Fake("ldd", "exit 0");
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public void WithoutTorchSharpInTheFeedItIsTheSystemBackend()
    {
        Feed("echo 'error NU1101: Unable to find package TorchSharp.'; exit 1");
        Assert.Contains($"the package feed has no TorchSharp; {Line}", Setup(0), StringComparison.Ordinal);
        Assert.Contains("system</TorchBackend>", File.ReadAllText(folder["backend.props"]), StringComparison.Ordinal);
    }

    [Fact]
    public void WherePackagesAreThereAndLoadTheyAreTaken()
    {
        Feed("exit 0");
        Assert.DoesNotContain(Line, Setup(0), StringComparison.Ordinal);
        Assert.False(File.Exists(folder["backend.props"]));
    }

    [Fact]
    public void WhereTorchSharpDoesNotLoadTheReasonIsSaid()
    {
        Assert.SkipUnless(RuntimeInformation.OSArchitecture == Architecture.X64, "the package has no library for this processor");
        Feed("exit 0");
        Fake("ldd", "echo \"$1: /lib/libstdc++.so.6: version \\`GLIBCXX_9.9.9' not found (required by $1)\"; echo 'libtorch.so => not found'");
        Assert.Contains($"TorchSharp's package does not load here (libstdc++.so.6: version `GLIBCXX_9.9.9' not found); {Line}", Setup(0), StringComparison.Ordinal);
        Assert.True(File.Exists(folder["backend.props"]));
    }

    [Fact]
    public void WithoutTheNativePackageInTheFeedItIsTheSystemBackend()
    {
        Feed("grep -q TorchSharp-c obj/feed-probe/probe.csproj || exit 0; echo 'error NU1102: Unable to find package TorchSharp-cpu'; exit 1");
        Assert.Matches($"the package feed has no TorchSharp-(cpu|cuda-linux); {Regex.Escape(Line)}", Setup(0));
    }

    [Fact]
    public void ALibtorchThatIsNamedIsTakenWhateverTheFeedHas()
    {
        Feed("exit 0");
        var libtorch = folder["libtorch"];
        Directory.CreateDirectory(Path.Combine(libtorch, "include", "ATen"));
        Assert.Contains($"LIBTORCH is set; {Line}", Setup(0, libtorch), StringComparison.Ordinal);
        Assert.False(File.Exists(folder["backend.props"]));
    }

    [Fact]
    public void AFeedThatDoesNotAnswerIsNoFeedWithoutTorchSharp()
    {
        Feed("echo 'error NU1301: Unable to load the service index.'; exit 1");
        var output = Setup(1);
        Assert.Contains("NU1301", output, StringComparison.Ordinal);
        Assert.Contains("the package feed cannot be asked for TorchSharp", output, StringComparison.Ordinal);
        Assert.False(File.Exists(folder["backend.props"]));
    }

    /// <summary>A dotnet whose restore does as told, and whose packages hold a TorchSharp.</summary>
    private void Feed(string restore)
    {
        var version = File.ReadLines(folder["Directory.Packages.props"]).Single(line => line.Contains("\"TorchSharp\"", StringComparison.Ordinal)).Split('"')[3];
        var library = Directory.CreateDirectory(folder["packages", "torchsharp", version, "runtimes", "linux-x64", "native"]);
        File.WriteAllText(Path.Combine(library.FullName, "libLibTorchSharp.so"), "");
        Fake("dotnet", $"case $1 in nuget) echo 'global-packages: {folder["packages"]}/' ;; restore) {restore} ;; esac");
    }

    private void Fake(string program, string script)
    {
        Directory.CreateDirectory(folder["bin"]);
        File.WriteAllText(folder["bin", program], $"#!/bin/sh\n{script}\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(folder["bin", program], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private string Setup(int exitCode, string? libtorch = null)
    {
        var (ended, output, error) = ChildProcess.Run(
            "bash",
            [folder["build.sh"], "setup"],
            ("PATH", $"{folder["bin"]}:{Environment.GetEnvironmentVariable("PATH")}"),
            ("TorchBackend", null),
            ("LIBTORCH", libtorch));
        Assert.True(ended == exitCode, output + error);
        return output + error;
    }
}
