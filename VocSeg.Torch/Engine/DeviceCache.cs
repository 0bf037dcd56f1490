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
    private readonly DatasetException?[] faults;
    private readonly OnError onError;
    private readonly Tensor planes;
    private readonly Tensor flat;
    private readonly Tensor? crops;
    private readonly byte[][]? labels;
    private readonly object gate = new();
    private int missing;

    /// <param name="source">The samples.</param>
    /// <param name="onError">Which faults it keeps in the place of samples; null for none.</param>
    internal DeviceCache(SampleSource source, OnError? onError = null)
    {
        this.source = source;
        this.onError = onError ?? OnError.Throw;
        tops = new int[source.Stored.Count];
        filled = new bool[tops.Length];
        faults = new DatasetException?[tops.Length];
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

    /// <summary>Whether every sample is there that can be read.</summary>
    internal bool IsFull => Volatile.Read(ref missing) == 0;

    /// <summary>The bytes that it takes on the host: labels, where they decide which crops are taken.</summary>
    internal long HostBytes => labels is null ? 0 : source.Stored.Sum(sample => sample.Size.Pixels);

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

    /// <summary>Why a sample is not here and never will be; null where it is, or may come.</summary>
    internal DatasetException? FaultOf(int index) => Volatile.Read(ref faults[index]);

    /// <summary>Decodes a sample to be put here. What may be skipped is then known to be bad.</summary>
    /// <exception cref="DatasetException">It cannot be read, now or earlier.</exception>
    internal unsafe void Decode(
        int index, SegmentationSample sample, Span<byte> packed, SampleWorker worker, PackedSamples? kept)
    {
        if (FaultOf(index) is { } known)
            throw new DatasetException(known);
        try
        {
            var pixels = kept is null ? null : kept.GetOrDecode(index, worker);
            if (pixels == null)
                worker.DecodePacked(sample, packed);
            else
                new ReadOnlySpan<byte>(pixels, packed.Length).CopyTo(packed);
        }
        catch (DatasetException error) when (onError.MaySkip(error))
        {
            lock (gate)
            {
                if (faults[index] is null && !filled[index])
                {
                    missing--;
                    Volatile.Write(ref faults[index], error);
                }
            }
            throw;
        }
    }

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
            if (!filled[index] && faults[index] is null)
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
