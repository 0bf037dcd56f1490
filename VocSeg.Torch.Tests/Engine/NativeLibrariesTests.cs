using System.Runtime.InteropServices;
using TorchSharp;
using VocSeg.Torch.Tests.Eng;

namespace VocSeg.Torch.Tests.Engine;

public sealed class NativeLibrariesTests
{
    private const string Heading = "Unable to load shared library 'LibTorchSharp' or one of its dependencies. \n";
    private const string Missing = "/app/LibTorchSharp.so: cannot open shared object file: No such file or directory\n";
    private const string NotLoaded = "TorchSharp 1.2.3 does not load";
    private const string Packages =
        "Add the package TorchSharp-cpu, TorchSharp-cuda-linux or TorchSharp-cuda-windows, version 1.2.3,";

    [Fact]
    public void Where_they_load_nothing_is_said()
    {
        NativeLibraries.RequireTorch();
        NativeLibraries.RequireTorch();
        NativeLibraries.RequireSkia();
        NativeLibraries.RequireSkia();
        Assert.Equal(3, torch.ones(3).sum().ToInt32());
    }

    [Fact]
    public void The_loaders_own_message_of_an_older_C_plus_plus_runtime_is_understood()
    {
        CppRuntime.SkipUnlessTooOldForTorchSharp();
        var library = DotnetSdk.RequireTorchSharpLibrary();
        // What it needs of libtorch is there then.
        NativeLibraries.RequireTorch();
        var error = Assert.Throws<DllNotFoundException>(() => NativeLibrary.Load(library));
        var message = NativeLibraries.TorchMessage("1.2.3", error.Message);
        AssertOneLine(
            message,
            NotLoaded + ": the C++ runtime of this machine lacks GLIBCXX_3.4.32. Build the application again",
            "with the property TorchSharpOlderCppRuntime auto, or true to build on a newer machine.",
            "eng/TorchSharpOlderCppRuntime.targets\" />");
    }

    [Fact]
    public void The_loaders_own_message_of_a_missing_library_is_understood()
    {
        var assembly = typeof(torch).Assembly;
        var error = Assert.Throws<DllNotFoundException>(() => NativeLibrary.Load("NotLibTorchSharp", assembly, null));
        var reason = OperatingSystem.IsWindows()
            ? "Unable to load DLL 'NotLibTorchSharp'"
            : "there is no LibTorchSharp in the application's output). ";
        AssertOneLine(NativeLibraries.TorchMessage("1.2.3", error.Message), $"{NotLoaded} ({reason}", Packages);
    }

    [Theory]
    [InlineData("libtorch.so: cannot open shared object file: No such file or directory")]
    [InlineData("/app/libLibTorchSharp.so: undefined symbol: _ZN2at4_ops")]
    [InlineData("/app/libLibTorchSharp.so: file too short")]
    [InlineData("/lib/libstdc++.so.6: version `GLIBCXX_3.4.30' not found (required by /app/libtorch_cpu.so)")]
    public void The_line_that_tells_is_found_among_the_places_that_were_looked_at(string telling)
    {
        var message = NativeLibraries.TorchMessage("1.2.3", Heading + Missing + telling + "\n" + Missing);
        AssertOneLine(message, $"{NotLoaded} ({telling}). ", Packages);
    }

    [Fact]
    public void A_message_of_one_line_is_given_whole()
    {
        const string Line = "Unable to load DLL 'LibTorchSharp': The specified module could not be found. (0x8007007E)";
        AssertOneLine(NativeLibraries.TorchMessage("1.2.3", Line), $"{NotLoaded} ({Line}). ", Packages);
    }

    [Fact]
    public void Where_there_is_no_TorchSharp_for_the_platform_no_package_is_recommended()
    {
        var message = NativeLibraries.TorchMessage("1.2.3", Heading + Missing, isForThisPlatform: false);
        AssertOneLine(
            message, "TorchSharp 1.2.3 has no library for ", "macOS on ARM64. Without it catalogs can be read");
        Assert.DoesNotContain("Add the package", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_SkiaSharp_does_not_load_its_package_and_the_platform_are_named()
    {
        var assembly = typeof(SkiaSharp.SKCodec).Assembly;
        var error = Assert.Throws<DllNotFoundException>(() => NativeLibrary.Load("not-libSkiaSharp", assembly, null));
        AssertOneLine(
            NativeLibraries.SkiaMessage("linux-riscv64", error.Message),
            "SkiaSharp does not load (",
            "SkiaSharp.NativeAssets.Linux.NoDependencies",
            "another RuntimeIdentifier than linux-riscv64, or its output was trimmed;");
    }

    private static void AssertOneLine(string message, string start, params string[] parts)
    {
        Assert.Single(ChildProcess.Lines(message));
        Assert.StartsWith(start, message, StringComparison.Ordinal);
        Assert.All(parts, part => Assert.Contains(part, message, StringComparison.Ordinal));
    }
}
