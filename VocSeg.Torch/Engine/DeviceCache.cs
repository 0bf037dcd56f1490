using System.Globalization;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace VocSeg.Torch;

/// <summary>
/// Decoded samples in the device's memory as four planes of bytes: red, green, blue and class index. The samples lie
/// one below the other in planes as wide as the widest of them. A crop is then the same pattern of strides wherever it
/// begins, and one gather of its first pixel cuts it.
/// </summary>
internal sealed class DeviceCache : IDisposable
{
    private const int PlaneCount = 4;
    private readonly SampleSource source;
    private readonly int[] tops;
    private readonly bool[] filled;
    private readonly Tensor planes;
    private readonly Tensor crops;
    private readonly object gate = new();
    private int missing;

    internal DeviceCache(SampleSource source)
    {
        this.source = source;
        tops = new int[source.Samples.Count];
        filled = new bool[tops.Length];
        missing = tops.Length;
        var rows = 0;
        for (var index = 0; index < tops.Length; index++)
        {
            tops[index] = rows;
            rows = checked(rows + source.Samples[index].Size.Height);
        }
        long pitch = source.LargestWidth, plane = rows * pitch;
        try
        {
            planes = TensorMemory.Allocate(ScalarType.Byte, source.Device, PlaneCount, rows, pitch);
        }
        catch (ExternalException error)
        {
            throw new InvalidOperationException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The cache takes {PlaneCount * plane / 1e9:F2} GB on {source.Device} and does not fit there; ")
                + "take SampleCache.Host or None, or a smaller split.",
                error);
        }
        var crop = source.Options.Crop;
        var places = plane - (crop.Height - 1) * pitch - (crop.Width - 1);
        using var scope = NewDisposeScope();
        crops = scope.Detach(planes.as_strided([places, PlaneCount, crop.Height, crop.Width], [1, plane, pitch, 1]));
    }

    /// <summary>Whether every sample is there.</summary>
    internal bool IsFull => Volatile.Read(ref missing) == 0;

    internal bool Holds(long index) => Volatile.Read(ref filled[index]);

    /// <summary>The place in a plane of the first pixel of a sample's crop.</summary>
    internal long PlaceOf(long index, CropWindow crop) =>
        (tops[index] + (long)crop.Top) * source.LargestWidth + crop.Left;

    /// <summary>Takes a sample in.</summary>
    /// <param name="index">The index in the data set.</param>
    /// <param name="packed">uint8 (pixels, 4): red, green, blue and class index; on the host.</param>
    internal void Put(long index, Tensor packed)
    {
        var size = source.Samples[(int)index].Size;
        using var scope = NewDisposeScope();
        // It goes over in one piece and is taken apart into planes there.
        var pixels = packed.to(source.Device).view(size.Height, size.Width, PlaneCount);
        planes.narrow(1, tops[index], size.Height).narrow(2, 0, size.Width).copy_(pixels.permute(2, 0, 1));
        lock (gate)
        {
            if (!filled[index])
                missing--;
            Volatile.Write(ref filled[index], true);
        }
    }

    /// <summary>Cuts crops.</summary>
    /// <param name="places">int64 (count): where they begin; on the device.</param>
    /// <returns>uint8 (count, 4, height, width), in the caller's dispose scope.</returns>
    internal Tensor Cut(Tensor places) => crops.index(places);

    public void Dispose()
    {
        crops.Dispose();
        planes.Dispose();
    }
}
