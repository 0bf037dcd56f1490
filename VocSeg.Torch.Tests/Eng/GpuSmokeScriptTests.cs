using System.Runtime.InteropServices;

namespace VocSeg.Torch.Tests.Eng;

/// <summary>What <c>eng/gpu-smoke.sh</c> says where it cannot go on; a whole pack takes too long here.</summary>
public sealed class GpuSmokeScriptTests
{
    private static readonly string[] UseOfPython = ["PYTHON=no-such-python"];

    [Theory]
    [InlineData]
    [InlineData("frobnicate")]
    [InlineData("run", "--frobnicate")]
    [InlineData("run", "--device", "tpu")]
    [InlineData("run", "one", "two")]
    public void Wrong_use_shows_the_usage(params string[] arguments)
    {
        var (exitCode, output) = Run([], arguments);
        Assert.Equal(2, exitCode);
        Assert.Contains("usage: eng/gpu-smoke.sh pack [FILE]", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("leave nothing to run", "--tests-only", "--bench-only")]
    [InlineData("--bench-only runs no tests", "--bench-only", "--", "-class", "None")]
    public void Options_that_contradict_each_other_are_named(string reason, params string[] options)
    {
        var (exitCode, output) = Run([], ["run", .. options]);
        Assert.Equal(2, exitCode);
        Assert.Contains(reason, output, StringComparison.Ordinal);
    }

    [Fact]
    public void Help_is_no_error()
    {
        var (exitCode, output) = Run([], "--help");
        Assert.Equal(0, exitCode);
        Assert.Contains("LIBTORCH=FOLDER", output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_pack_is_named_with_how_to_make_it() =>
        Refuses([], ["run", "no-such.tar.xz"], "no 'no-such.tar.xz'", "'eng/gpu-smoke.sh pack'");

    [Fact]
    public void An_unknown_kind_of_pack_is_refused_before_anything_is_built() => Refuses([], ["pack", "smoke.zip"], "'smoke.zip' should end in .tar.xz or .tar.gz");

    [Fact]
    public void A_folder_that_is_no_pack_is_refused()
    {
        using var folder = new TempFolder();
        Refuses([], ["run", folder.Path], "is no folder that 'eng/gpu-smoke.sh pack' made");
    }

    [Fact]
    public void A_pack_of_another_architecture_is_refused()
    {
        using var pack = Pack("vax");
        Refuses([], ["run", pack.Path], "the pack is for vax");
    }

    [Fact]
    public void A_missing_python_comes_with_its_remedy()
    {
        using var pack = Pack(Architecture);
        Refuses(UseOfPython, ["run", pack.Path], "no 'no-such-python'", "Set LIBTORCH");
    }

    [Fact]
    public void A_libtorch_without_headers_comes_with_its_remedy()
    {
        using var pack = Pack(Architecture);
        Refuses(["LIBTORCH=" + pack.Path], ["run", pack.Path], "lacks PyTorch's headers", "libtorch-dev");
    }

    private static string Architecture => RuntimeInformation.ProcessArchitecture == System.Runtime.InteropServices.Architecture.Arm64 ? "aarch64" : "x86_64";

    private static TempFolder Pack(string architecture)
    {
        var folder = new TempFolder();
        File.WriteAllText(Path.Combine(folder.Path, "pack.txt"), $"architecture={architecture}\ncommit=none\n");
        return folder;
    }

    private static void Refuses(string[] environment, string[] arguments, params string[] words)
    {
        var (exitCode, output) = Run(environment, arguments);
        Assert.Equal(1, exitCode);
        Assert.All(words, word => Assert.Contains(word, output, StringComparison.Ordinal));
    }

    private static (int ExitCode, string Output) Run(string[] environment, params string[] arguments)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the script is for Linux");
        using var process = ChildProcess.Start("env", [.. environment, "bash", RepositoryFile.Require("eng/gpu-smoke.sh"), .. arguments]);
        var (exitCode, output, error) = ChildProcess.Finish(process, longestMilliseconds: 60_000);
        return (exitCode, output + error);
    }
}
