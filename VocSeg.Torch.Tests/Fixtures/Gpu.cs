using System.ComponentModel;
using System.Globalization;
using TorchSharp;

namespace VocSeg.Torch.Tests;

/// <summary>The GPU that a test needs.</summary>
internal static class Gpu
{
    /// <summary>The first CUDA device; without one the test is skipped with the reason.</summary>
    internal static torch.Device Require()
    {
        Assert.SkipUnless(torch.cuda.is_available(), "no CUDA device: this libtorch finds none");
        return torch.device("cuda:0");
    }

    /// <summary>
    /// The memory in use on the first GPU by the driver's own count, in MiB; where nvidia-smi cannot be asked the test
    /// is skipped with the reason.
    /// </summary>
    internal static long UsedMebibytes()
    {
        torch.cuda.synchronize();
        try
        {
            var answer = ChildProcess.Run(
                "nvidia-smi", ["--query-gpu=memory.used", "--format=csv,noheader,nounits", "--id=0"]);
            if (long.TryParse(answer.Output, CultureInfo.InvariantCulture, out var used))
                return used;
        }
        catch (Win32Exception)
        {
        }
        Assert.Skip("nvidia-smi does not tell the memory in use");
        return 0;
    }
}
