using System.Globalization;

namespace VocSeg.Torch;

/// <summary>
/// Decoded samples in the host's memory: red, green, blue and class index of every pixel, whole images one after the other. A sample is
/// decoded at its first visit. Any number of workers may ask at once.
/// </summary>
internal sealed unsafe class PixelCache : IDisposable
{
    private const int Empty = 0, Filling = 1, Filled = 2;
    private readonly VocSegDataset dataset;
    private readonly PixelMemory memory;
    private readonly long[] offsets;
    private readonly int[] states;

    internal PixelCache(VocSegDataset dataset)
    {
        this.dataset = dataset;
        offsets = new long[dataset.Samples.Count];
        states = new int[dataset.Samples.Count];
        for (var index = 0; index < offsets.Length; index++)
        {
            offsets[index] = Bytes;
            Bytes += dataset.Samples[index].Size.Pixels * HostWarp.BytesPerPixel;
        }
        RequireFit(Bytes, FreeBytes());
        memory = new(Bytes, isPromised: true);
    }

    /// <summary>What all samples take, in bytes.</summary>
    internal long Bytes { get; }

    /// <summary>The pixels of a sample, or null where another worker is decoding it at this moment.</summary>
    internal byte* GetOrDecode(long index, SampleWorker worker)
    {
        var pixels = memory.Address + offsets[index];
        if (Volatile.Read(ref states[index]) == Filled)
            return pixels;
        if (Interlocked.CompareExchange(ref states[index], Filling, Empty) != Empty)
            return Volatile.Read(ref states[index]) == Filled ? pixels : null;
        try
        {
            var sample = dataset.Samples[(int)index];
            worker.DecodePacked(sample, memory.Slice(offsets[index], sample.Size.Pixels * HostWarp.BytesPerPixel));
            Volatile.Write(ref states[index], Filled);
            memory.HasTaken(sample.Size.Pixels * HostWarp.BytesPerPixel);
            return pixels;
        }
        catch
        {
            Volatile.Write(ref states[index], Empty);
            throw;
        }
    }

    public void Dispose() => memory.Dispose();

    /// <exception cref="InvalidOperationException">The cache takes more than is free.</exception>
    internal static void RequireFit(long bytes, long free)
    {
        if (bytes > free)
        {
            throw new InvalidOperationException(string.Create(
                CultureInfo.InvariantCulture,
                $"The cache takes {bytes / 1e9:F2} GB and {free / 1e9:F2} GB of memory are free; take SampleCache.None, or a smaller split."));
        }
    }

    /// <summary>The memory that is left for a cache.</summary>
    internal static long FreeBytes() => UnusedBytes() - PixelMemory.Promised;

    private static long UnusedBytes()
    {
        // What a container may have is known to the runtime; what other processes leave of it, to Linux alone.
        var limit = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes - Environment.WorkingSet;
        if (!OperatingSystem.IsLinux())
            return limit;
        var line = File.ReadLines("/proc/meminfo").FirstOrDefault(line => line.StartsWith("MemAvailable:", StringComparison.Ordinal));
        return line?.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [_, var kilobytes, ..]
            ? Math.Min(limit, long.Parse(kilobytes, CultureInfo.InvariantCulture) * 1024)
            : limit;
    }
}
