using System.Diagnostics;

namespace VocSeg.Torch.Tests;

/// <summary>Programs as a script runs them: processes of their own, their output piped.</summary>
internal static class ChildProcess
{
    /// <summary>Runs a program to its end.</summary>
    /// <param name="program">The program.</param>
    /// <param name="arguments">Its command line.</param>
    /// <param name="environment">Variables that it gets beside the test's own; null takes one away.</param>
    internal static (int ExitCode, string Output, string Error) Run(
        string program, IEnumerable<string> arguments, params (string Name, string? Value)[] environment)
    {
        using var process = Start(program, arguments, environment);
        return Finish(process);
    }

    internal static Process Start(
        string program, IEnumerable<string> arguments, params (string Name, string? Value)[] environment) =>
        StartIn("", program, arguments, environment);

    /// <summary>The same in a folder, not in the tests' own.</summary>
    internal static Process StartIn(
        string folder,
        string program,
        IEnumerable<string> arguments,
        params (string Name, string? Value)[] environment)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return Process.Start(start)!;
    }

    /// <summary>Starts an example as the tests were started: by dotnet, or as a program that needs none.</summary>
    /// <param name="name">Its assembly, which lies beside the tests.</param>
    /// <param name="arguments">Its command line.</param>
    /// <param name="environment">Variables that it gets beside the test's own.</param>
    internal static Process StartExample(
        string name, IEnumerable<string> arguments, params (string Name, string? Value)[] environment)
    {
        var self = Environment.ProcessPath!;
        var beside = Path.Combine(AppContext.BaseDirectory, name);
        return Path.GetFileNameWithoutExtension(self) == "dotnet"
            ? Start(self, [beside + ".dll", .. arguments], environment)
            : Start(OperatingSystem.IsWindows() ? beside + ".exe" : beside, arguments, environment);
    }

    /// <summary>Waits for the end; what takes longer than it may is killed and fails the test.</summary>
    internal static (int ExitCode, string Output, string Error) Finish(
        Process process, int longestMilliseconds = 120_000)
    {
        // Both at once: a pipe that nobody reads stops who writes to it.
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEndAsync();
        var ended = process.WaitForExit(longestMilliseconds);
        if (!ended)
            process.Kill(entireProcessTree: true);
        var command = $"{process.StartInfo.FileName} {string.Join(' ', process.StartInfo.ArgumentList)}";
        Assert.True(ended, $"{command} did not end");
        return (process.ExitCode, output.GetAwaiter().GetResult(), error.GetAwaiter().GetResult());
    }

    /// <summary>The lines of a text, whatever ends them.</summary>
    internal static string[] Lines(string text) => text.TrimEnd().ReplaceLineEndings("\n").Split('\n');
}
