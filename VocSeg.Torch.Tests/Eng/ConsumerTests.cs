using System.Globalization;

namespace VocSeg.Torch.Tests.Eng;

/// <summary>What a user's own application, outside the repository, gets by two references and one line.</summary>
[Collection(DotnetSdk.Name)]
public sealed class ConsumerTests(ConsumerApplication application) : IClassFixture<ConsumerApplication>
{
    [Fact]
    public void It_trains_over_the_packages()
    {
        var (exitCode, output, error) = application.Run(application.Build("auto"));
        Assert.True(exitCode == 0, error);
        var values = output.Select(line => line.Split(' ', 2)).ToLookup(parts => parts[0], parts => parts[1]);
        Assert.Equal(2, values["loss"].Count());
        Assert.All(values["loss"], loss => Assert.InRange(float.Parse(loss, CultureInfo.InvariantCulture), 0.1f, 20f));
        Assert.Equal(["True"], values["changed"]);
        Assert.Equal([DotnetSdk.TorchSharpVersion + ".0"], values["TorchSharp"]);
        Assert.Equal(["2.10.0.0"], values["torch"]);
    }

    [Fact]
    public void Without_the_step_an_older_C_plus_plus_runtime_ends_it_with_one_line_that_names_the_remedy()
    {
        CppRuntime.SkipUnlessTooOldForTorchSharp();
        var line = FailureOf(application.Build("false"));
        Assert.Contains("the C++ runtime of this machine lacks GLIBCXX_3.4.32.", line, StringComparison.Ordinal);
        Assert.Contains("TorchSharpOlderCppRuntime.targets\" />", line, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_libtorch_one_line_names_the_packages()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the native libraries are named as on Linux");
        var line = FailureOf(application.Copy("libLibTorchSharp.so", "libSkiaSharp.so"));
        Assert.Contains("libtorch.so: cannot open shared object file", line, StringComparison.Ordinal);
        Assert.Contains("Add the package TorchSharp-cpu", line, StringComparison.Ordinal);
        Assert.Contains($"version {DotnetSdk.TorchSharpVersion},", line, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_SkiaSharps_library_one_line_says_where_it_comes_from()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the native libraries are named as on Linux");
        var line = FailureOf(application.Copy("libLibTorchSharp.so"), "train");
        Assert.Contains("SkiaSharp.NativeAssets.Linux.NoDependencies", line, StringComparison.Ordinal);
        Assert.Contains("RuntimeIdentifier", line, StringComparison.Ordinal);
        // With it, headers are read without TorchSharp.
        var (exitCode, output, _) = application.Run(application.Copy("libSkiaSharp.so"), "train");
        Assert.Equal((0, "4"), (exitCode, output[0]));
    }

    private string FailureOf(string folder, params string[] arguments)
    {
        var before = Directory.GetFileSystemEntries(folder).Length;
        var (exitCode, output, error) = application.Run(folder, arguments);
        Assert.Equal(1, exitCode);
        Assert.Equal([""], output);
        // TorchSharp would copy libtorch into a folder beside the application first.
        Assert.Equal(before, Directory.GetFileSystemEntries(folder).Length);
        return Assert.Single(ChildProcess.Lines(error));
    }
}
