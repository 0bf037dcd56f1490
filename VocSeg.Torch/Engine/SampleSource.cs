using static TorchSharp.torch;

namespace VocSeg.Torch;

/// <summary>
/// What a data set and its loaders share: the samples, how they are decoded, and where their crops lie.
/// Any number of threads may use it.
/// </summary>
internal sealed class SampleSource : IDisposable
{
    private readonly Lazy<DeviceWarp> warp;

    internal SampleSource(IReadOnlyList<SegmentationSample> samples, VocSegDatasetOptions options, long seed)
    {
        Samples = samples;
        Options = options;
        Seed = seed;
        Device = options.Device ?? CPU;
        LargestSample = samples.Max(sample => sample.Size.Pixels);
        LargestWidth = samples.Max(sample => sample.Size.Width);
        warp = new(() => new(options.Crop, options.Normalization, options.Palette, Device));
        // A device that is missing shows here. On the CPU nothing needs the tensor operations.
        if (Device.type != TorchSharp.DeviceType.CPU)
            _ = warp.Value;
    }

    internal IReadOnlyList<SegmentationSample> Samples { get; }

    internal VocSegDatasetOptions Options { get; }

    internal long Seed { get; }

    internal Device Device { get; }

    /// <summary>Batched operations on the device.</summary>
    internal DeviceWarp Warp => warp.Value;

    /// <summary>The pixels of the largest sample.</summary>
    internal long LargestSample { get; }

    /// <summary>The width of the widest sample.</summary>
    internal int LargestWidth { get; }

    /// <summary>The pixels of as many rows as the crop has, in the widest sample.</summary>
    internal long LargestRows => (long)LargestWidth * Options.Crop.Height;

    internal CropWindow CropOf(long index, long epoch) =>
        CropWindow.Draw(Samples[(int)index].Size, Options.Crop, Seed, epoch, index);

    internal SampleWorker CreateWorker() => new(Options, LargestSample);

    public void Dispose()
    {
        if (warp.IsValueCreated)
            warp.Value.Dispose();
    }
}
