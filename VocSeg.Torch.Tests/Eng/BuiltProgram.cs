using System.IO.Compression;
using System.Text;

namespace VocSeg.Torch.Tests.Eng;

/// <summary>
/// A program that takes the step for older C++ runtimes by one line and gets TorchSharp's library from a package of the
/// tests' own. It is restored once; every test builds it in a configuration of its own.
/// </summary>
public sealed class BuiltProgram : IDisposable
{
    private const string Package = "torch-library";

    private static readonly ElfLibrary Library = new(false, ("libstdc++.so.6", ["GLIBCXX_3.4.9", "GLIBCXX_3.99"]));

    private readonly TempFolder temporary = new();
    private readonly Lazy<string> project;

    public BuiltProgram() => project = new(Restore);

    /// <summary>The library in the package cache.</summary>
    internal string Packaged =>
        temporary["cache", Package, "1.0.0", "runtimes", "linux-x64", "native", "libLibTorchSharp.so"];

    private (string, string?)[] Environment => [("NUGET_PACKAGES", temporary["cache"])];

    /// <summary>A file of the output of a configuration.</summary>
    internal string Output(string configuration, string file) =>
        temporary["a program", "bin", configuration, "net10.0", file];

    /// <summary>All files that were built in a configuration.</summary>
    internal IEnumerable<string> FilesOf(string configuration) => new[] { "bin", "obj" }.SelectMany(folder =>
        Directory.EnumerateFiles(temporary["a program", folder, configuration], "*", SearchOption.AllDirectories));

    /// <summary>The folder of a published program.</summary>
    internal string Published(string name) => temporary["a program", name];

    /// <summary>Whether the newest version is marked in a library that otherwise is the one of the package.</summary>
    internal static bool IsWeak(string path)
    {
        var weak = Library.Bytes.ToArray();
        weak[Library.FlagsOf("GLIBCXX_3.99")] = 2;
        var bytes = File.ReadAllBytes(path);
        if (bytes.AsSpan().SequenceEqual(weak))
            return true;
        Assert.Equal(Library.Bytes, bytes);
        return false;
    }

    /// <summary>Builds the program.</summary>
    /// <param name="configuration">The configuration.</param>
    /// <param name="property">The value of TorchSharpOlderCppRuntime.</param>
    /// <param name="arguments">What else stands in the command line.</param>
    /// <returns>The output of the build.</returns>
    internal string Build(string configuration, string property, params string[] arguments) =>
        Run("build", configuration, property, ["--no-restore", .. arguments]);

    /// <summary>Does with it what another verb of <c>dotnet</c> says.</summary>
    internal string Run(string verb, string configuration, string property, params string[] arguments)
    {
        var (exitCode, output) = Try(verb, configuration, property, arguments);
        Assert.True(exitCode == 0, output);
        return output;
    }

    /// <summary>The same where it may fail.</summary>
    internal (int ExitCode, string Output) Try(
        string verb, string configuration, string property, params string[] arguments)
    {
        string[] what = [verb, project.Value, "-c", configuration, $"-p:TorchSharpOlderCppRuntime={property}"];
        return DotnetSdk.Run([.. what, .. arguments], Environment);
    }

    public void Dispose() => temporary.Dispose();

    private string Restore()
    {
        var targets = DotnetSdk.RequireTargets();
        WritePackage();
        Directory.CreateDirectory(temporary["a program"]);
        File.WriteAllText(temporary["a program", "Program.cs"], "System.Console.WriteLine();");
        var path = temporary["a program", "program.csproj"];
        File.WriteAllText(path, $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <RuntimeIdentifiers>linux-x64;osx-arm64</RuntimeIdentifiers>
                <UseAppHost>false</UseAppHost>
                <EnableRuntimePackDownload>false</EnableRuntimePackDownload>
                <EnableAppHostPackDownload>false</EnableAppHostPackDownload>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="{Package}" Version="1.0.0" />
              </ItemGroup>
              <Import Project="{targets}" />
            </Project>
            """);
        DotnetSdk.RunWell(["restore", path, "--source", temporary["feed"]], Environment);
        return path;
    }

    private void WritePackage()
    {
        Directory.CreateDirectory(temporary["feed"]);
        using var package = ZipFile.Open(temporary["feed", Package + ".1.0.0.nupkg"], ZipArchiveMode.Create);
        Write(Package + ".nuspec", Encoding.UTF8.GetBytes($"""
            <package>
              <metadata>
                <id>{Package}</id>
                <version>1.0.0</version>
                <authors>tests</authors>
                <description>A library.</description>
              </metadata>
            </package>
            """));
        Write("lib/net10.0/_._", []);
        Write("runtimes/linux-x64/native/libLibTorchSharp.so", Library.Bytes);
        Write("runtimes/osx-arm64/native/libLibTorchSharp.dylib", [1, 2, 3]);

        void Write(string name, ReadOnlySpan<byte> bytes)
        {
            var entry = package.CreateEntry(name);
            // As with a real package, the files are older than what is made of them.
            entry.LastWriteTime = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);
            using var stream = entry.Open();
            stream.Write(bytes);
        }
    }
}
