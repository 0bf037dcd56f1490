namespace VocSeg.Torch.Tests;

/// <summary>An example, run to its end.</summary>
internal static class ExampleProcess
{
    /// <param name="name">Its assembly.</param>
    /// <param name="arguments">Its command line.</param>
    internal static (int ExitCode, string[] Output, string Error) Run(string name, params string[] arguments)
    {
        using var process = ChildProcess.StartExample(name, arguments);
        var (exitCode, output, error) = ChildProcess.Finish(process);
        return (exitCode, ChildProcess.Lines(output), error);
    }
}
