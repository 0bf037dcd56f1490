namespace VocSeg.Torch.Tests.Eng;

/// <summary>
/// What <c>eng/gpu-smoke.sh</c> does with a pack, and where it goes no further. A whole pack takes too long here: these
/// have scripts in place of the programs.
/// </summary>
public sealed class GpuSmokeScriptTests
{
    private const string Accepting = "echo '3 of 3 known results are right'";

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
    public void An_unknown_kind_of_pack_is_refused_before_anything_is_built() =>
        Refuses([], ["pack", "smoke.zip"], "'smoke.zip' should end in .tar.xz");

    [Fact]
    public void A_folder_that_is_no_pack_is_refused()
    {
        using var folder = new TempFolder();
        Refuses([], ["run", folder.Path], "is no folder that 'eng/gpu-smoke.sh pack' made");
    }

    [Fact]
    public void A_damaged_pack_is_refused_and_leaves_nothing_behind()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["gpu-smoke.tar.xz"], "damaged");
        Refuses([], ["run", folder["gpu-smoke.tar.xz"]], "cannot be unpacked");
        Assert.Single(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Fact]
    public void A_missing_python_comes_with_its_remedy()
    {
        using var pack = Pack(Accepting);
        Refuses(["PYTHON=no-such-python"], ["run", pack.Path], "no 'no-such-python'", "Set LIBTORCH");
    }

    [Fact]
    public void A_folder_without_libtorch_comes_with_its_remedy()
    {
        using var pack = Pack(Accepting);
        Refuses(["LIBTORCH=" + pack.Path], ["run", pack.Path], $"'{pack.Path}' has no lib/libtorch.so", "Set LIBTORCH");
    }

    [Theory]
    [InlineData("crashed", "kill -SEGV $$")]
    [InlineData("crashed", "echo '3 of 3 known results are right'; kill -ABRT $$")]
    [InlineData("did not end within 1 s", "sleep 30")]
    [InlineData("ended with status 1", "echo 'WRONG  cpu  shape'; exit 1")]
    [InlineData("ended with status 0", "echo nothing that a proof says")]
    public void A_libtorch_that_does_not_fit_is_named_with_what_does_and_no_test_is_run(string end, string proof)
    {
        using var pack = Pack(proof);
        var libtorch = Libtorch(pack);
        File.WriteAllText(pack["torch", "version.py"], "from typing import Optional\n__version__ = '2.6.0+cu124'\n");
        Refuses(
            [libtorch, "PROOF_SECONDS=1", Out(pack)],
            ["run", pack.Path],
            "libtorch 2.6.0+cu124 in " + pack["torch"],
            "TorchSharp 0.107.0, which is built for libtorch 2.10.0",
            $"the proof {end};",
            "LIBTORCHSHARP=FILE");
        Assert.False(File.Exists(pack["results", "tests.txt"]));
    }

    [Fact]
    public void After_the_proof_the_tests_run_and_are_counted()
    {
        using var pack = Pack(Accepting);
        string[] variables = [Libtorch(pack), Out(pack)];
        var (exitCode, output) = Run(variables, "run", "--tests-only", pack.Path, "--", "-class", "Some");
        Assert.Equal(0, exitCode);
        Assert.Contains("3 of 3 known results are right: this libtorch fits", output, StringComparison.Ordinal);
        Assert.EndsWith("3 passed, 0 failed, 1 skipped\n", output, StringComparison.Ordinal);
        var log = File.ReadAllText(pack["results", "tests.txt"]);
        Assert.Contains("ran with -noLogo -noColor -class Some", log, StringComparison.Ordinal);
    }

    [Fact]
    public void An_own_TorchSharp_library_is_proven_in_place_of_the_packed_one_for_that_run_alone()
    {
        using var pack = Pack($"grep -q own \"$(dirname \"$0\")/libLibTorchSharp.so\" && {Accepting}");
        File.WriteAllText(pack["own.so"], "own");
        string[] variables = [Libtorch(pack), Out(pack)];
        string[] run = ["run", "--tests-only", pack.Path];
        Assert.Equal(0, Run([.. variables, "LIBTORCHSHARP=" + pack["own.so"]], run).ExitCode);
        Refuses(variables, run, "does not fit");
        Refuses([.. variables, "LIBTORCHSHARP=no-such.so"], run, "LIBTORCHSHARP: there is no file 'no-such.so'");
    }

    private static TempFolder Pack(string proof)
    {
        var pack = new TempFolder();
        Directory.CreateDirectory(pack["app"]);
        Directory.CreateDirectory(pack["eng"]);
        File.WriteAllText(pack["pack.txt"], "commit=none\ntorchsharp=0.107.0\nlibtorch=2.10.0\n");
        File.Copy(RepositoryFile.Require("eng/test-summary.sh"), pack["eng", "test-summary.sh"]);
        File.WriteAllText(pack["app", "libLibTorchSharp.so"], "packed");
        Script("LibtorchProof", proof);
        Script("VocSeg.Torch.Tests", "echo ran with $*; echo ' Total: 4, Errors: 0, Failed: 0, Skipped: 1, '");
        return pack;

        void Script(string name, string text)
        {
            File.WriteAllText(pack["app", name], $"#!/bin/sh\n{text}\n");
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(pack["app", name], UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }
    }

    private static string Libtorch(TempFolder pack)
    {
        Directory.CreateDirectory(pack["torch", "lib"]);
        File.WriteAllText(pack["torch", "lib", "libtorch.so"], "");
        return "LIBTORCH=" + pack["torch"];
    }

    private static string Out(TempFolder pack) => "OUT=" + pack["results"];

    private static void Refuses(string[] environment, string[] arguments, params string[] words)
    {
        var (exitCode, output) = Run(environment, arguments);
        Assert.Equal(1, exitCode);
        Assert.All(words, word => Assert.Contains(word, output, StringComparison.Ordinal));
    }

    private static (int ExitCode, string Output) Run(string[] environment, params string[] arguments)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the script is for Linux");
        // What is set around the tests is not theirs: they may run within a run of the script.
        string[] clean = ["-u", "LIBTORCH", "-u", "LIBTORCHSHARP", "-u", "PYTHON"];
        var script = RepositoryFile.Require("eng/gpu-smoke.sh");
        using var process = ChildProcess.Start("env", [.. clean, .. environment, "bash", script, .. arguments]);
        var (exitCode, output, error) = ChildProcess.Finish(process, longestMilliseconds: 60_000);
        return (exitCode, error + output);
    }
}
