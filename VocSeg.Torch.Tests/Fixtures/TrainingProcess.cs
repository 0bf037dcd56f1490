using System.Diagnostics;

namespace VocSeg.Torch.Tests;

/// <summary>FcnTraining as a process of its own.</summary>
internal static class TrainingProcess
{
    // One thread each is quicker for nets this small.
    internal static Process Start(params string[] arguments) =>
        ChildProcess.StartExample("FcnTraining", arguments, ("OMP_NUM_THREADS", "1"));

    internal static (int ExitCode, string Output, string Error) Run(params string[] arguments)
    {
        using var process = Start(arguments);
        return ChildProcess.Finish(process);
    }
}
