using System.IO.Compression;
using SyntheticVoc;

namespace VocSeg.Torch.Tests.Eng;

/// <summary>
/// Both packages, packed into a feed of the tests' own, and a user who has never seen them, with an empty folder and an
/// empty package cache. What other packages there are, libtorch above all, comes out of the machine's cache beneath the
/// user's. The version is a new one each time, so that no cache can have these two already.
/// </summary>
public sealed class PackedPackages : IDisposable
{
    private readonly TempFolder temporary = new();
    private readonly Lazy<string> feed;

    public PackedPackages() => feed = new(Pack);

    internal static string Version { get; } = $"0.0.0-test.{Guid.NewGuid():N}";

    /// <summary>A set that is large enough for the textbook's crop.</summary>
    internal static SyntheticVocOptions Data { get; } = new() { Train = 4, Val = 2, Size = (330, 490) };

    /// <summary>The feed's folder.</summary>
    internal string Feed => feed.Value;

    private (string, string?)[] Environment =>
    [
        ("NUGET_PACKAGES", temporary["cache"]),
        ("RestoreAdditionalProjectSources", Feed),
        ("RestoreAdditionalProjectFallbackFolders", DotnetSdk.PackageCache),
        // Links spare 1.2 GB of copies; where there are none, the libraries of one platform are enough.
        ("CreateSymbolicLinksForCopyLocalIfPossible", OperatingSystem.IsWindows() ? null : "true"),
        ("UseCurrentRuntimeIdentifier", OperatingSystem.IsWindows() ? "true" : null),
    ];

    /// <summary>A place in the user's folder.</summary>
    internal string Path(params string[] parts) => temporary[parts];

    /// <summary>The packed file of a package.</summary>
    internal ZipArchive Open(string package, string extension = "nupkg") =>
        ZipFile.OpenRead(System.IO.Path.Combine(Feed, $"{package}.{Version}.{extension}"));

    /// <summary>Runs <c>dotnet</c> as that user, which must succeed.</summary>
    internal string Dotnet(params string[] arguments) => DotnetSdk.RunWell(arguments, Environment);

    /// <summary>Writes a project of one source; gives its path.</summary>
    internal string WriteProject(string name, string source, string references, string properties = "")
    {
        Directory.CreateDirectory(temporary[name]);
        File.WriteAllText(temporary[name, "Source.cs"], source);
        var path = temporary[name, name + ".csproj"];
        File.WriteAllText(path, $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                {properties}
              </PropertyGroup>
              <ItemGroup>
                {references}
              </ItemGroup>
            </Project>
            """);
        return path;
    }

    /// <summary>Builds a program; gives its path.</summary>
    internal string Build(string project)
    {
        var name = System.IO.Path.GetFileNameWithoutExtension(project);
        Dotnet("build", project, "-c", "Release", "-o", temporary[name + "-output"]);
        return temporary[name + "-output", name + ".dll"];
    }

    /// <summary>Runs a built program in the folder of its project.</summary>
    internal (int ExitCode, string[] Output, string Error) Run(string program, params string[] arguments)
    {
        var folder = temporary[System.IO.Path.GetFileNameWithoutExtension(program)];
        using var process = ChildProcess.StartIn(folder, "dotnet", [program, .. arguments]);
        var (exitCode, output, error) = ChildProcess.Finish(process);
        return (exitCode, ChildProcess.Lines(output), error);
    }

    public void Dispose() => temporary.Dispose();

    private string Pack()
    {
        DotnetSdk.RequireTargets();
        // The library is built already, as the tests are.
        string[] version = ["-o", temporary["feed"], $"-p:MinVerVersionOverride={Version}"];
        string[] options = ["-c", DotnetSdk.Configuration, .. version];
        var library = RepositoryFile.Require("VocSeg.Torch/VocSeg.Torch.csproj");
        DotnetSdk.RunWell(["pack", library, "--no-build", .. options]);
        var templates = RepositoryFile.Require("templates/VocSeg.Torch.Templates.csproj");
        DotnetSdk.RunWell(["pack", templates, .. options]);
        // Should the machine's cache lack libtorch, it is there for the next run.
        var libtorch = $"""<PackageReference Include="TorchSharp-cpu" Version="{DotnetSdk.TorchSharpVersion}" />""";
        DotnetSdk.RunWell(["restore", WriteProject("libtorch", "", libtorch)]);
        return temporary["feed"];
    }
}
