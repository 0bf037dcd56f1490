using System.Reflection;
using System.Runtime.Versioning;

namespace VocSeg.Torch.Tests.Eng;

/// <summary>The library's build for .NET 8, which programs of .NET 8 and 9 take, on the runtime that is here.</summary>
public sealed class LibraryFrameworkTests
{
    private const string Variable = "VOCSEG_TEST_LIBRARY_FRAMEWORK";

    [Fact]
    public void The_library_is_built_for_the_framework_that_the_tests_are_meant_for()
    {
        var expected = Environment.GetEnvironmentVariable(Variable) ?? "v10.0";
        var built = typeof(SampleCatalog).Assembly.GetCustomAttribute<TargetFrameworkAttribute>()!.FrameworkName;
        Assert.Equal($".NETCoreApp,Version={expected}", built);
    }

    [Fact]
    public void The_build_for_dotnet_8_passes_tests_of_every_folder()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the output there has copies of libtorch in the place of links");
        var project = RepositoryFile.Require("VocSeg.Torch/VocSeg.Torch.csproj");
        var library = Path.Combine(Path.GetDirectoryName(project)!, "bin", "Release", "net8.0", "VocSeg.Torch.dll");
        Assert.SkipUnless(File.Exists(library), $"{library} is not there; build VocSeg.Torch.sln");
        using var folder = new TempFolder();
        foreach (var file in new DirectoryInfo(AppContext.BaseDirectory).EnumerateFiles())
        {
            var to = folder[file.Name];
            if (file.Name == "VocSeg.Torch.dll")
                File.Copy(library, to);
            else if (file.ResolveLinkTarget(returnFinalTarget: true) is { } target)
                File.CreateSymbolicLink(to, target.FullName);
            else
                file.CopyTo(to);
        }
        Directory.CreateSymbolicLink(folder["Fixtures"], Path.Combine(AppContext.BaseDirectory, "Fixtures"));

        string[] classes =
        [
            "Catalog.SampleCatalogTests", "Decoding.ImageDecoderTests", "Download.ChecksumTests",
            "Engine.BatchBufferTests", "Engine.DiskCacheTests", "Engine.VocSegDataLoaderTests",
            "Labels.LabelEncodingTests", "Metrics.ConfusionMatrixTests", "Transforms.HostWarpTests",
        ];
        var name = typeof(LibraryFrameworkTests).FullName;
        var itself = nameof(The_library_is_built_for_the_framework_that_the_tests_are_meant_for);
        string[] methods = [$"{name}.{itself}", .. classes.Select(type => $"VocSeg.Torch.Tests.{type}.*")];
        string[] chosen = [.. methods.SelectMany(method => new[] { "-method", method })];
        var (exitCode, output, error) = ChildProcess.Run(
            Environment.ProcessPath!,
            [folder["VocSeg.Torch.Tests.dll"], "-noLogo", "-noColor", .. chosen],
            (Variable, "v8.0"));
        Assert.True(exitCode == 0, output + error);
        var total = int.Parse(output.Split("Total: ")[1].Split(',')[0]);
        Assert.InRange(total, 50, 1000);
    }
}
