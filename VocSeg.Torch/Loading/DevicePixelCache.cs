using System.Globalization;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace VocSeg.Torch;

/// <summary>
/// Decoded samples in the device's memory: red, green, blue and class index of every pixel as one int32, whole images one after the other.
/// </summary>
internal sealed class DevicePixelCache : IDisposable
{
    private readonly Tensor pixels;
    private readonly bool[] filled;

    internal DevicePixelCache(VocSegDataset dataset)
    {
        Starts = new long[dataset.Samples.Count];
        filled = new bool[dataset.Samples.Count];
        long total = 0;
        for (var index = 0; index < Starts.Length; index++)
        {
            Starts[index] = total;
            total += dataset.Samples[index].Size.Pixels;
        }
        Bytes = total * sizeof(int);
        using var scope = NewDisposeScope();
        try
        {
            pixels = scope.Detach(empty(total, ScalarType.Int32, dataset.Device));
        }
        catch (ExternalException error)
        {
            throw new InvalidOperationException(
                string.Create(CultureInfo.InvariantCulture, $"The cache takes {Bytes / 1e9:F2} GB on {dataset.Device} and does not fit there; take SampleCache.Host or None, or a smaller split."), error);
        }
    }

    /// <summary>What all samples take, in bytes.</summary>
    internal long Bytes { get; }

    /// <summary>int32, one a pixel.</summary>
    internal Tensor Pixels => pixels;

    /// <summary>The place of each sample's first pixel.</summary>
    internal long[] Starts { get; }

    internal bool Holds(long index) => Volatile.Read(ref filled[index]);

    /// <summary>Takes a sample in.</summary>
    /// <param name="index">The index in the data set.</param>
    /// <param name="sample">int32, one a pixel; on the host.</param>
    internal void Put(long index, Tensor sample)
    {
        using var place = pixels.narrow(0, Starts[index], sample.numel());
        place.copy_(sample);
        Volatile.Write(ref filled[index], true);
    }

    public void Dispose() => pixels.Dispose();
}
