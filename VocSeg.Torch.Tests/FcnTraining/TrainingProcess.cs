using System.Diagnostics;

namespace VocSeg.Torch.Tests.FcnTraining;

/// <summary>FcnTraining as a script runs it: a process of its own, its output piped.</summary>
internal static class TrainingProcess
{
    internal static Process Start(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "FcnTraining.dll"), .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // One thread each is quicker for nets this small.
        start.Environment["OMP_NUM_THREADS"] = "1";
        return Process.Start(start)!;
    }

    internal static (int ExitCode, string Output, string Error) Run(params string[] arguments)
    {
        using var process = Start(arguments);
        return Finish(process);
    }

    internal static (int ExitCode, string Output, string Error) Finish(Process process)
    {
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEndAsync();
        Assert.True(process.WaitForExit(120_000), "FcnTraining did not end");
        return (process.ExitCode, output.GetAwaiter().GetResult(), error.GetAwaiter().GetResult());
    }
}
