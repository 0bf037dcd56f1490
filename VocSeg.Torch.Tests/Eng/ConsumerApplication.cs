namespace VocSeg.Torch.Tests.Eng;

/// <summary>
/// An application as a user writes it, in a folder outside the repository: it references the project and TorchSharp-cpu
/// and imports the step for older C++ runtimes by one line. It is restored once and built once for each value of the
/// step's property.
/// </summary>
public sealed class ConsumerApplication : IDisposable
{
    private const string Program = """
        using System;
        using TorchSharp;
        using VocSeg.Torch;
        using static TorchSharp.torch;

        try
        {
            if (args.Length > 1)
            {
                Console.WriteLine(SampleCatalog.FromVoc(args[0], args[1]).Samples.Count);
                return 0;
            }
            using var loaders = VocSegLoaders.Load(args[0], batchSize: 2, cropSize: (32, 48), seed: 1);
            using var net = nn.Conv2d(3, 21, 1);
            using var optimizer = optim.SGD(net.parameters(), learningRate: 0.1);
            using var before = net.weight.detach().clone();
            foreach (var (image, label) in loaders.Train)
            {
                optimizer.zero_grad();
                using var loss = nn.functional.cross_entropy(net.forward(image), label, ignore_index: 255);
                loss.backward();
                optimizer.step();
                Console.WriteLine($"loss {loss.item<float>()}");
            }
            Console.WriteLine($"changed {!net.weight.allclose(before)}");
            Console.WriteLine($"TorchSharp {typeof(torch).Assembly.GetName().Version}");
            Console.WriteLine($"torch {torch.__version__}");
            return 0;
        }
        catch (InvalidOperationException error)
        {
            Console.Error.WriteLine($"error: {error.Message}");
            return 1;
        }
        """;

    private readonly TempFolder temporary = new();
    private readonly VocTree voc = new();
    private readonly Lazy<string> project;
    private readonly HashSet<string> built = [];

    public ConsumerApplication()
    {
        project = new(Restore);
        foreach (var id in new[] { "a", "b", "c", "d" })
            voc.Add(id, 40, 60);
        voc.WriteList("val", ["a", "b"]);
    }

    /// <summary>The folder that it is built into with a value of the step's property.</summary>
    internal string Build(string property)
    {
        if (built.Add(property))
        {
            string[] properties = [$"-p:ConsumerOutput={property}/", $"-p:TorchSharpOlderCppRuntime={property}"];
            DotnetSdk.RunWell(["build", project.Value, "--no-restore", "-c", DotnetSdk.Configuration, .. properties]);
        }
        return temporary[property];
    }

    /// <summary>
    /// The files of the built application in one folder, and of the native libraries these alone. The host would not
    /// start without one of those in the list that the build writes, so the list stays behind.
    /// </summary>
    internal string Copy(params string[] natives)
    {
        var output = Build("auto");
        var copy = Directory.CreateDirectory(temporary["copy-" + string.Join('-', natives)]).FullName;
        IEnumerable<string> files =
        [
            .. Directory.EnumerateFiles(output, "*.dll"),
            Path.Combine(output, "consumer.runtimeconfig.json"),
            .. natives.Select(name => Path.Combine(output, "runtimes", "linux-x64", "native", name)),
        ];
        foreach (var file in files)
            File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        return copy;
    }

    /// <summary>Runs the application out of a folder on a generated data set.</summary>
    internal (int ExitCode, string[] Output, string Error) Run(string folder, params string[] arguments)
    {
        string[] commandLine = [Path.Combine(folder, "consumer.dll"), voc.Root, .. arguments];
        var (exitCode, output, error) = ChildProcess.Run("dotnet", commandLine);
        return (exitCode, ChildProcess.Lines(output), error);
    }

    public void Dispose()
    {
        voc.Dispose();
        temporary.Dispose();
    }

    private string Restore()
    {
        var targets = DotnetSdk.RequireTargets();
        var library = RepositoryFile.Require("VocSeg.Torch/VocSeg.Torch.csproj");
        File.WriteAllText(temporary["Program.cs"], Program);
        // Links spare 1.2 GB of copies; where there are none, the libraries of one platform are enough.
        File.WriteAllText(temporary["consumer.csproj"], $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <OutputPath>$(ConsumerOutput)</OutputPath>
                <IntermediateOutputPath>obj/$(ConsumerOutput)</IntermediateOutputPath>
                <AppendTargetFrameworkToOutputPath>false</AppendTargetFrameworkToOutputPath>
                <EnableDefaultCompileItems>false</EnableDefaultCompileItems>
                <CreateSymbolicLinksForCopyLocalIfPossible>true</CreateSymbolicLinksForCopyLocalIfPossible>
                <UseCurrentRuntimeIdentifier>{OperatingSystem.IsWindows()}</UseCurrentRuntimeIdentifier>
              </PropertyGroup>
              <ItemGroup>
                <Compile Include="Program.cs" />
                <ProjectReference Include="{library}" />
                <PackageReference Include="TorchSharp-cpu" Version="{DotnetSdk.TorchSharpVersion}" />
              </ItemGroup>
              <Import Project="{targets}" />
            </Project>
            """);
        DotnetSdk.RunWell(["restore", temporary["consumer.csproj"]]);
        return temporary["consumer.csproj"];
    }
}
