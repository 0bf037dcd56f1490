using System.Diagnostics;

namespace VocSeg.Torch.Tests.Examples;

/// <summary>An example as a script runs it: a process of its own, its output piped.</summary>
internal static class ExampleProcess
{
    /// <summary>Runs an example to its end.</summary>
    /// <param name="name">Its assembly.</param>
    /// <param name="arguments">Its command line.</param>
    internal static (int ExitCode, string[] Output, string Error) Run(string name, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, name + ".dll"), .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        Assert.True(process.WaitForExit(120_000), $"{name} did not end");
        return (process.ExitCode, Lines(output), error.GetAwaiter().GetResult());
    }

    /// <summary>The lines of a text, whatever ends them.</summary>
    internal static string[] Lines(string text) => text.TrimEnd().ReplaceLineEndings("\n").Split('\n');
}
