namespace VocSeg.Torch.Tests.Eng;

/// <summary>
/// What the build step for older C++ runtimes puts into the outputs of a program, over a package of the tests' own in a
/// package cache of their own.
/// </summary>
[Collection(DotnetSdk.Name)]
public sealed class OlderCppRuntimeBuildTests(BuiltProgram program) : IClassFixture<BuiltProgram>
{
    private const string Library = "libLibTorchSharp.so";
    private const string Portable = "runtimes/linux-x64/native/" + Library;
    private const string Says = "TorchSharpOlderCppRuntime: ";

    [Fact]
    public void The_output_has_a_copy_and_a_second_build_leaves_it_alone()
    {
        var first = program.Build("Again", "true");
        Assert.Single(ChildProcess.Lines(first), line => line.Contains(Says, StringComparison.Ordinal));
        var copy = program.Output("Again", Portable);
        Assert.True(BuiltProgram.IsWeak(copy));
        var written = File.GetLastWriteTimeUtc(copy);

        Assert.DoesNotContain(Says, program.Build("Again", "true"));
        Assert.True(BuiltProgram.IsWeak(copy));
        Assert.Equal(written, File.GetLastWriteTimeUtc(copy));

        program.Run("clean", "Again", "true");
        Assert.DoesNotContain(program.FilesOf("Again"), path => Path.GetExtension(path) == ".so");
    }

    [Fact]
    public void The_property_may_change_from_build_to_build()
    {
        var copy = program.Output("Changing", Portable);
        foreach (var (property, weak) in new[] { ("true", true), ("false", false), ("true", true) })
        {
            program.Build("Changing", property);
            Assert.Equal(weak, BuiltProgram.IsWeak(copy));
        }
    }

    [Theory]
    [InlineData("Hard")]
    [InlineData("Symbolic")]
    public void Nothing_is_written_through_a_link_to_the_package_cache(string kind)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "links are for Linux");
        program.Build(kind, "false", $"-p:Create{kind}LinksForCopyLocalIfPossible=true");
        // MSBuild writes through a link to what is read-only.
        File.SetAttributes(program.Packaged, FileAttributes.ReadOnly);
        program.Build(kind, "true");
        Assert.True(BuiltProgram.IsWeak(program.Output(kind, Portable)));
        Assert.False(BuiltProgram.IsWeak(program.Packaged));
    }

    [Fact]
    public void A_program_published_for_one_platform_has_the_copy()
    {
        string[] platform = ["-r", "linux-x64", "--no-self-contained", "--no-restore"];
        program.Run("publish", "Platform", "true", [.. platform, "-o", program.Published("platform")]);
        Assert.True(BuiltProgram.IsWeak(program.Output("Platform", Path.Combine("linux-x64", Library))));
        Assert.True(BuiltProgram.IsWeak(Path.Combine(program.Published("platform"), Library)));
    }

    [Fact]
    public void A_program_for_macOS_is_published_as_it_is()
    {
        string[] platform = ["-r", "osx-arm64", "--no-self-contained", "--no-restore"];
        var said = program.Run("publish", "Mac", "true", [.. platform, "-o", program.Published("mac")]);
        Assert.DoesNotContain(Says, said);
        var library = Path.Combine(program.Published("mac"), "libLibTorchSharp.dylib");
        Assert.Equal<byte>([1, 2, 3], File.ReadAllBytes(library));
    }

    [Fact]
    public void By_itself_the_step_asks_which_versions_the_runtime_of_the_build_lacks()
    {
        // No runtime has the version that the package asks for. On Windows there is none to ask.
        const string Lacking = Says + "the C++ runtime of this machine lacks GLIBCXX_3.99;";
        var output = program.Build("Auto", "");
        Assert.Equal(OperatingSystem.IsLinux(), output.Contains(Lacking, StringComparison.Ordinal));
        Assert.Equal(OperatingSystem.IsLinux(), BuiltProgram.IsWeak(program.Output("Auto", Portable)));

        // What is built may be published as it is for older machines.
        program.Run("publish", "Auto", "true", "--no-build", "--no-restore", "-o", program.Published("portable"));
        Assert.True(BuiltProgram.IsWeak(Path.Combine(program.Published("portable"), Portable)));
    }

    [Fact]
    public void Any_other_value_is_an_error()
    {
        var (exitCode, output) = program.Try("build", "Other", "perhaps", "--no-restore");
        Assert.NotEqual(0, exitCode);
        Assert.Contains("error : TorchSharpOlderCppRuntime is 'perhaps'; set it to auto, true or false.", output);
    }
}
