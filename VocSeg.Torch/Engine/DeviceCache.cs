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
    private readonly Tensor flat;
    private readonly Tensor? crops;
    private readonly byte[][]? labels;
    private readonly object gate = new();
    private int missing;

    internal DeviceCache(SampleSource source)
    {
        this.source = source;
        tops = new int[source.Stored.Count];
        filled = new bool[tops.Length];
        missing = tops.Length;
        var rows = 0;
        for (var index = 0; index < tops.Length; index++)
        {
            tops[index] = rows;
            rows = checked(rows + source.Stored[index].Size.Height);
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
        using var scope = NewDisposeScope();
        flat = scope.Detach(planes.view(PlaneCount, plane));
        if (source.OnlyCrops)
        {
            var crop = source.LargestOutput;
            var places = plane - (crop.Height - 1) * pitch - (crop.Width - 1);
            long[] shape = [places, PlaneCount, crop.Height, crop.Width];
            crops = scope.Detach(planes.as_strided(shape, [1, plane, pitch, 1]));
        }
        if (source.DrawsByLabel)
            labels = new byte[tops.Length][];
    }

    /// <summary>Whether every sample is there.</summary>
    internal bool IsFull => Volatile.Read(ref missing) == 0;

    internal bool Holds(int index) => Volatile.Read(ref filled[index]);

    /// <summary>The place in a plane of a sample's first pixel.</summary>
    internal long PlaceOf(int index) => tops[index] * (long)source.LargestWidth;

    /// <summary>Keeps a label on the host too, where labels decide which crops are taken.</summary>
    /// <param name="index">The place of the stored sample.</param>
    /// <param name="packed">Its pixels, four bytes each, the class index in the fourth.</param>
    internal void KeepLabel(int index, ReadOnlySpan<byte> packed)
    {
        if (labels is null)
            return;
        var label = GC.AllocateUninitializedArray<byte>(packed.Length / PlaneCount, pinned: true);
        for (var pixel = 0; pixel < label.Length; pixel++)
            label[pixel] = packed[pixel * PlaneCount + 3];
        Volatile.Write(ref labels[index], label);
    }

    /// <summary>A label that was kept; nothing where labels are not.</summary>
    internal WarpSource LabelOf(int index) => labels is null ? default : new(
        0, Marshal.UnsafeAddrOfPinnedArrayElement(Volatile.Read(ref labels[index]), 0), source.Stored[index].Size);

    /// <summary>Takes a sample in.</summary>
    /// <param name="index">The place of the stored sample.</param>
    /// <param name="packed">uint8 (pixels, 4): red, green, blue and class index; on the host.</param>
    internal void Put(int index, Tensor packed)
    {
        var size = source.Stored[index].Size;
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

    /// <summary>Cuts crops that lie within their images.</summary>
    /// <param name="places">int64 (count): where they begin; on the device.</param>
    /// <returns>uint8 (count, 4, height, width), in the caller's dispose scope.</returns>
    internal Tensor Cut(Tensor places) => crops!.index(places);

    /// <summary>Makes a batch of samples that are here.</summary>
    /// <returns>The tensors, in the caller's dispose scope.</returns>
    internal (Tensor Image, Tensor Label, Tensor? Weight) Warp(ReadOnlySpan<WarpView> views, ImageSize frame)
    {
        if (!source.OnlyCrops)
            return source.Warp.WarpPacked(places => flat.index_select(1, places), views, frame);
        using var scope = NewDisposeScope();
        var places = new long[views.Length];
        for (var i = 0; i < places.Length; i++)
            places[i] = views[i].CropStart;
        var cut = Cut(tensor(places, ScalarType.Int64, source.Device));
        return DeviceWarp.MoveOut(scope, source.Warp.FromPlanes(cut));
    }

    public void Dispose()
    {
        crops?.Dispose();
        flat.Dispose();
        planes.Dispose();
    }
}
