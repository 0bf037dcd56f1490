using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace VocSeg.Torch.Tests.Docs;

/// <summary>Compiles snippets of the docs, each as a program of its own.</summary>
internal static class SnippetCompiler
{
    /// <summary>What every project with implicit usings has.</summary>
    private const string ImplicitUsings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;

    /// <summary>The usings that docs/getting-started.md names, and what the text around a snippet speaks of.</summary>
    private const string Context = """
        global using TorchSharp;
        global using VocSeg.Torch;
        global using static Context;
        global using static TorchSharp.torch;

        internal static class Context
        {
            public static string root = "", path = "";
            public static SampleCatalog catalog = null!, training = null!, validation = null!;
            public static SegmentationPalette palette = null!;
            public static VocSegDataset dataset = null!;
            public static VocSegDatasetOptions options = null!;
            public static VocSegDataLoader loader = null!;
            public static VocSegLoaders loaders = null!;
            public static VocSegBatch batch = null!;
            public static ConfusionMatrix matrix = null!;
            public static nn.Module<Tensor, Tensor> model = null!;
            public static optim.Optimizer optimizer = null!;
            public static Tensor image = null!, label = null!, logits = null!;
            public static void Step(Tensor image, Tensor label) { }
        }

        internal sealed class CutOut(int side) : IBatchTransform
        {
            public (Tensor Image, Tensor Label, Tensor? Weight) Apply(BatchTransformInput batch) => batch.Tensors;
        }

        internal sealed class CutMix : IBatchTransform
        {
            public (Tensor Image, Tensor Label, Tensor? Weight) Apply(BatchTransformInput batch) => batch.Tensors;
        }
        """;

    private static readonly CSharpParseOptions Language = new(LanguageVersion.Latest);

    private static readonly MetadataReference[] References =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Select(path => MetadataReference.CreateFromFile(path)),
    ];

    /// <summary>The errors, with the lines of the page.</summary>
    internal static IEnumerable<string> Errors(Snippet snippet)
    {
        var compilation = Create(snippet);
        return compilation.GetDiagnostics()
            .Where(found => found.Severity == DiagnosticSeverity.Error)
            .Select(found =>
            {
                var line = snippet.Line + found.Location.GetLineSpan().StartLinePosition.Line;
                return $"{snippet.Page}:{line}: {found.Id} {found.GetMessage(null)}";
            });
    }

    /// <summary>Makes a program of a snippet; of README.md's, which has its own usings, without any help.</summary>
    internal static void Emit(Snippet snippet, string assembly)
    {
        var made = Create(snippet, isAlone: snippet.Page == "README.md").Emit(assembly);
        Assert.True(made.Success, string.Join('\n', made.Diagnostics));
    }

    private static CSharpCompilation Create(Snippet snippet, bool isAlone = false)
    {
        var code = CSharpSyntaxTree.ParseText(snippet.Code, Language);
        var unit = code.GetCompilationUnitRoot();
        var isProgram = unit.Members.Any(member => member is GlobalStatementSyntax);
        // A type that a snippet shows itself is not taken for granted there.
        var declared = unit.Members.OfType<TypeDeclarationSyntax>().Select(type => type.Identifier.Text).ToArray();
        var context = CSharpSyntaxTree.ParseText(Context, Language).GetCompilationUnitRoot();
        context = context.WithMembers(
            [.. context.Members.Where(member => !declared.Contains(((TypeDeclarationSyntax)member).Identifier.Text))]);
        var usings = CSharpSyntaxTree.ParseText(ImplicitUsings, Language);
        return CSharpCompilation.Create(
            Path.GetFileNameWithoutExtension(snippet.Page) + snippet.Line,
            isAlone ? [code, usings] : [code, usings, CSharpSyntaxTree.Create(context, Language)],
            References,
            new(isProgram ? OutputKind.ConsoleApplication : OutputKind.DynamicallyLinkedLibrary));
    }
}
