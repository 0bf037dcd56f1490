namespace VocSeg.Torch.Tests.SystemBackend;

internal static class Garbage
{
    /// <summary>Finalizes every tensor that nobody holds any more, so that counts stand still.</summary>
    internal static void Collect()
    {
        for (var i = 0; i < 2; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
    }
}
