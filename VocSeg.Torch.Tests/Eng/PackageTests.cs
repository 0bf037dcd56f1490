using System.IO.Compression;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using SyntheticVoc;

namespace VocSeg.Torch.Tests.Eng;

/// <summary>What a user gets who takes the packages from a feed.</summary>
[Collection(DotnetSdk.Name)]
public sealed partial class PackageTests(PackedPackages packages) : IClassFixture<PackedPackages>
{
    private const string Library = "VocSeg.Torch";
    private const string Templates = "VocSeg.Torch.Templates";

    private static string References =>
        $"""
        <PackageReference Include="{Library}" Version="[{PackedPackages.Version}]" />
        <PackageReference Include="TorchSharp-cpu" Version="{DotnetSdk.TorchSharpVersion}" />
        """;

    [Fact]
    public void The_library_has_what_a_package_should_and_nothing_of_its_build()
    {
        using var package = packages.Open(Library);
        string[] wanted =
        [
            "buildTransitive/net8.0/VocSeg.Torch.targets", "icon.png",
            "lib/net10.0/VocSeg.Torch.dll", "lib/net10.0/VocSeg.Torch.xml",
            "lib/net8.0/VocSeg.Torch.dll", "lib/net8.0/VocSeg.Torch.xml",
            "README.md", "VocSeg.Torch.nuspec",
        ];
        Assert.Equal(wanted, FilesOf(package));
        var metadata = MetadataOf(package, Library);
        Assert.Equal("MIT", Value(metadata, "license"));
        Assert.Equal("README.md", Value(metadata, "readme"));
        Assert.Equal("icon.png", Value(metadata, "icon"));
        Assert.NotEqual("", Value(metadata, "description"));
        Assert.Contains("TorchSharp", Value(metadata, "tags").Split(' '));

        string[] needed =
        [
            "SharpZipLib", "SkiaSharp", "SkiaSharp.NativeAssets.Linux.NoDependencies", "System.IO.Hashing",
            "TorchSharp",
        ];
        var frameworks = metadata.Descendants().Where(element => element.Name.LocalName == "group").ToList();
        Assert.Equal(["net10.0", "net8.0"], frameworks.Select(group => group.Attribute("targetFramework")!.Value));
        foreach (var group in frameworks)
            Assert.Equal(needed, group.Elements().Select(dependency => dependency.Attribute("id")!.Value).Order());

        using var symbols = packages.Open(Library, "snupkg");
        Assert.Contains("lib/net8.0/VocSeg.Torch.pdb", FilesOf(symbols));
        Assert.Contains("lib/net10.0/VocSeg.Torch.pdb", FilesOf(symbols));
    }

    [Theory]
    [InlineData(Library)]
    [InlineData(Templates)]
    public void Links_of_the_README_lead_out_of_the_package(string name)
    {
        using var package = packages.Open(name);
        using var reader = new StreamReader(package.GetEntry("README.md")!.Open());
        var text = reader.ReadToEnd();
        Assert.Contains(name, text, StringComparison.Ordinal);
        var targets = MarkdownLink().Matches(text).Select(match => match.Groups["target"].Value);
        Assert.DoesNotContain(targets, target => !target.StartsWith("https://", StringComparison.Ordinal));
        Assert.DoesNotContain("<img", text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_icon_is_128_pixels_wide_and_high()
    {
        using var package = packages.Open(Library);
        using var icon = SkiaSharp.SKBitmap.Decode(package.GetEntry("icon.png")!.Open());
        Assert.Equal((128, 128), (icon.Width, icon.Height));
    }

    [Fact]
    public void The_example_of_the_README_builds_and_runs()
    {
        var readme = File.ReadAllText(RepositoryFile.Require("README.md")).ReplaceLineEndings("\n");
        var example = CodeBlock().Matches(readme).Select(match => match.Groups["code"].Value)
            .First(code => code.StartsWith("using ", StringComparison.Ordinal));
        // A set of this size is enough to see that it runs.
        var small = BatchSize().Replace(example, "${name}2");
        var brief = Epochs().Replace(small, "${name}1");
        var project = packages.WriteProject("readme", brief, References, "<OutputType>Exe</OutputType>");
        // "VOCdevkit" and "data/VOCdevkit/VOC2012" are written by their folder, which may also be named itself.
        var root = Root().Match(example).Groups["root"].Value.Split("VOCdevkit")[0];
        SyntheticVocGenerator.Generate(Path.Combine(Path.GetDirectoryName(project)!, root), PackedPackages.Data);

        var (exitCode, output, error) = packages.Run(packages.Build(project));
        Assert.Equal((0, ""), (exitCode, error));
        Assert.NotEqual([""], output);
        var cached = Directory.GetDirectories(packages.Path("cache", "vocseg.torch"));
        Assert.Equal([PackedPackages.Version], cached.Select(Path.GetFileName));
    }

    [Fact]
    public void A_program_that_references_it_through_a_library_has_the_step_for_older_runtimes_built_and_published()
    {
        var packaged = File.ReadAllBytes(DotnetSdk.RequireTorchSharpLibrary());
        var reference = $"""<PackageReference Include="{Library}" Version="[{PackedPackages.Version}]" />""";
        packages.WriteProject("between", "public sealed class Between;", reference);
        var project = packages.WriteProject(
            "program",
            "_ = new Between();",
            """<ProjectReference Include="../between/between.csproj" />""",
            "<OutputType>Exe</OutputType><UseAppHost>false</UseAppHost>"
            + "<RuntimeIdentifier>linux-x64</RuntimeIdentifier>");
        string[] options = ["-c", "Release", "--no-self-contained", "-o", packages.Path("published")];
        packages.Dotnet(["publish", project, .. options, "-p:TorchSharpOlderCppRuntime=true"]);
        var built = packages.Path("program", "bin", "Release", "net10.0", "linux-x64", "libLibTorchSharp.so");
        foreach (var path in new[] { built, packages.Path("published", "libLibTorchSharp.so") })
        {
            var copy = File.ReadAllBytes(path);
            Assert.Equal(packaged.Length, copy.Length);
            // The flags of the versions GLIBCXX_3.4.30 and 3.4.32.
            Assert.Equal(2, Enumerable.Range(0, copy.Length).Count(index => copy[index] != packaged[index]));
        }
    }

    [Fact]
    public void The_template_makes_a_program_that_trains_and_goes_on_where_it_was_stopped()
    {
        using var package = packages.Open(Templates);
        Assert.Contains("content/vocseg/.template.config/template.json", FilesOf(package));
        var file = Path.Combine(packages.Feed, $"{Templates}.{PackedPackages.Version}.nupkg");
        string[] hive = ["--debug:custom-hive", packages.Path("hive")];
        packages.Dotnet(["new", "install", file, .. hive]);
        var data = packages.Path("a set");
        SyntheticVocGenerator.Generate(data, PackedPackages.Data);
        packages.Dotnet(["new", "vocseg", "-n", "Foo", "-o", packages.Path("Foo"), "--root", data, .. hive]);
        Assert.Contains($"?? @\"{data}\";", File.ReadAllText(packages.Path("Foo", "Program.cs")));

        var program = packages.Build(packages.Path("Foo", "Foo.csproj"));
        foreach (var epoch in new[] { "1", "2" })
        {
            var (exitCode, output, error) = packages.Run(program, data, epoch, "2");
            Assert.Equal((0, ""), (exitCode, error));
            Assert.Matches($@"^epoch {epoch}: loss [0-9.]+, mean IoU 0\.[0-9]+$", Assert.Single(output));
        }
    }

    private static string[] FilesOf(ZipArchive package) =>
    [
        .. package.Entries.Select(entry => entry.FullName)
            .Where(name => !name.StartsWith("_rels/", StringComparison.Ordinal)
                && !name.StartsWith("package/", StringComparison.Ordinal) && name[0] != '[')
            .Order(StringComparer.OrdinalIgnoreCase),
    ];

    private static XElement MetadataOf(ZipArchive package, string name)
    {
        using var stream = package.GetEntry(name + ".nuspec")!.Open();
        return XDocument.Load(stream).Root!.Elements().Single();
    }

    private static string Value(XElement metadata, string name) =>
        metadata.Elements().Single(element => element.Name.LocalName == name).Value;

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex MarkdownLink();

    [GeneratedRegex(@"^```csharp\n(?<code>.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline, 1000)]
    private static partial Regex CodeBlock();

    [GeneratedRegex(@"(?<name>batchSize: |batchSize = |BatchSize = )\d+", RegexOptions.None, 1000)]
    private static partial Regex BatchSize();

    [GeneratedRegex(@"(?<name>epochs = |epoch <=? )\d+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Epochs();

    [GeneratedRegex(@"(Load|FromVoc)\(\s*""(?<root>[^""]+)""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Root();
}
