namespace VocSeg.Torch.Tests.Benchmarks;

/// <summary>
/// How many images a second a machine should load, by what a sample takes of each of its parts. The part that is short
/// decides. docs/performance.md has its figures.
/// </summary>
/// <param name="CoreMilliseconds">What one worker takes for a sample.</param>
/// <param name="MemoryMegabytes">What passes through the machine's memory, read and written.</param>
/// <param name="LinkMegabytes">What goes over to the GPU.</param>
internal sealed record Scaling(double CoreMilliseconds, double MemoryMegabytes, double LinkMegabytes)
{
    /// <summary>A batch of 320x480 uncached, image and label as four bytes a pixel of the rows, 500 wide.</summary>
    internal static Scaling Uncached(double coreMilliseconds)
    {
        const double Staged = 320 * 500 * 8 / 1e6;
        // It is written by a worker and read by the copy.
        return new(coreMilliseconds, 2 * Staged, Staged);
    }

    /// <summary>The same out of a cache in the host's memory.</summary>
    internal static Scaling Cached(double coreMilliseconds)
    {
        const double Staged = 320 * 480 * 4 / 1e6;
        return new(coreMilliseconds, 3 * Staged, Staged);
    }

    /// <summary>Images a second over all ranks of a machine, and what bounds them.</summary>
    /// <param name="cores">The cores that decode.</param>
    /// <param name="memory">The bandwidth of the memory, GB/s.</param>
    /// <param name="links">That of all links to GPUs together, GB/s.</param>
    internal (double Rate, string Bound) ImagesPerSecond(int cores, double memory, double links) => new[]
    {
        (1000 * cores / CoreMilliseconds, "cores"),
        (1000 * memory / MemoryMegabytes, "memory"),
        (1000 * links / LinkMegabytes, "PCIe"),
    }.Min();
}
