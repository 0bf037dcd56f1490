using System.Diagnostics;

namespace VocSeg.Torch.Tests.Docs;

/// <summary>A snippet, run as a program.</summary>
internal static class SnippetProgram
{
    /// <summary>Runs a snippet, which must succeed.</summary>
    /// <param name="snippet">The snippet.</param>
    /// <param name="folder">Its working directory.</param>
    /// <param name="arguments">Its command line.</param>
    /// <returns>The lines that it wrote.</returns>
    internal static string[] Run(Snippet snippet, string folder, params string[] arguments)
    {
        // Beside the tests, so that it finds the packages and the runtime that they have.
        var name = $"{Path.GetFileNameWithoutExtension(snippet.Page)}-{snippet.Line}.dll";
        var program = Path.Combine(AppContext.BaseDirectory, name);
        SnippetCompiler.Emit(snippet, program);
        var tests = Path.Combine(AppContext.BaseDirectory, "VocSeg.Torch.Tests");
        string[] host = ["exec", "--runtimeconfig", tests + ".runtimeconfig.json", "--depsfile", tests + ".deps.json"];
        using var process = Process.Start(new ProcessStartInfo("dotnet", [.. host, program, .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        })!;
        var (exitCode, output, error) = ChildProcess.Finish(process);
        Assert.True(exitCode == 0 && error.Length == 0, $"{snippet}: {error}");
        return ChildProcess.Lines(output);
    }
}
