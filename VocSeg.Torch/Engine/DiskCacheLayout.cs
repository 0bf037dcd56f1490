namespace VocSeg.Torch;

/// <summary>Where the parts of a file of decoded samples are. Offsets are long: it may be larger than 2 GiB.</summary>
internal sealed unsafe class DiskCacheLayout
{
    private const int Page = 4096, PixelAlignment = 64;

    internal DiskCacheLayout(IReadOnlyList<SegmentationSample> samples)
    {
        Offsets = new long[samples.Count];
        var at = RoundUp(sizeof(DiskCacheFormat.Head) + (long)samples.Count * sizeof(DiskCacheFormat.Entry), Page);
        for (var index = 0; index < Offsets.Length; index++)
        {
            Offsets[index] = at;
            at = RoundUp(at + samples[index].Size.Pixels * HostWarp.BytesPerPixel, PixelAlignment);
        }
        ErrorsAt = at;
    }

    internal int Count => Offsets.Length;

    /// <summary>Where the pixels of each sample begin.</summary>
    internal long[] Offsets { get; }

    /// <summary>Where the errors begin, behind all pixels.</summary>
    internal long ErrorsAt { get; }

    private static long RoundUp(long value, long to) => (value + to - 1) / to * to;
}
