using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace VocSeg.Torch;

/// <summary>
/// A batch for a GPU. Workers write bytes into pinned staging memory; on delivery they go over in one copy, and batched
/// operations make tensors of them there.
/// </summary>
/// <remarks>
/// Without a cache a slot holds the rows of the crop, image and label both in colours. From the host's cache it holds
/// the crop, four bytes a pixel with the class index in the fourth. While the device's cache fills it holds whole
/// samples that are not cached yet, in the same four bytes; all crops are then cut from the cache.
/// </remarks>
internal sealed unsafe class DeviceBatchBuffer : BatchBuffer
{
    private const int BytesPerPixel = HostWarp.BytesPerPixel;
    private readonly SampleSource source;
    private readonly HostCache? hostCache;
    private readonly DeviceCache? deviceCache;
    private readonly long slotPixels;
    private readonly long[] indices;
    private readonly long[] places;
    private readonly int[] widths;
    private readonly bool[] isDecoded;
    private readonly object gate = new();
    private Tensor? pixels;
    private Tensor? labelColors;

    internal DeviceBatchBuffer(
        SampleSource source, int slots, HostCache? hostCache = null, DeviceCache? deviceCache = null)
    {
        this.source = source;
        this.hostCache = hostCache;
        this.deviceCache = deviceCache;
        slotPixels = SlotPixels(source, hostCache is not null, deviceCache is not null);
        indices = new long[slots];
        places = new long[slots];
        widths = new int[slots];
        isDecoded = new bool[slots];
        if (deviceCache is null)
            _ = Staging();
        if (hostCache is null && deviceCache is null)
            labelColors = AllocatePinned();
    }

    /// <summary>The pixels that a slot of the staging memory takes.</summary>
    internal static long SlotPixels(SampleSource source, bool fromHostCache, bool fromDeviceCache) =>
        fromHostCache ? source.Options.Crop.Pixels : fromDeviceCache ? source.LargestSample : source.LargestRows;

    internal override void Fill(int slot, long index, long epoch, SampleWorker worker)
    {
        var sample = source.Samples[(int)index];
        var crop = source.CropOf(index, epoch);
        if (hostCache is not null)
        {
            var cached = hostCache.GetOrDecode(index, worker);
            CopyCrop(slot, sample, crop, cached != null ? cached : worker.DecodePacked(sample));
        }
        else if (deviceCache is not null)
        {
            indices[slot] = index;
            places[slot] = deviceCache.PlaceOf(index, crop);
            isDecoded[slot] = !deviceCache.Holds(index);
            if (isDecoded[slot])
                worker.DecodePacked(sample, Slot(Staging(), slot)[..checked((int)sample.Size.Pixels * BytesPerPixel)]);
        }
        else
        {
            var (image, label) = (Staging(), labelColors!);
            worker.DecodeColors(sample, crop.Top, source.Options.Crop.Height, Slot(image, slot), Slot(label, slot));
            places[slot] = slot * slotPixels + crop.Left;
            widths[slot] = sample.Size.Width;
        }
    }

    internal override (Tensor Image, Tensor Label) Deliver(int count)
    {
        using var scope = NewDisposeScope();
        var (image, label) = hostCache is not null ? FromCrops(count)
            : deviceCache is not null ? FromDeviceCache(count, deviceCache)
            : source.Warp.FromColors(Staging(), labelColors!, places[..count], widths[..count]);
        return scope.Detach(image, label);
    }

    public override void Dispose()
    {
        FreeStaging();
        labelColors?.Dispose();
        labelColors = null;
    }

    private void CopyCrop(int slot, SegmentationSample sample, CropWindow place, byte* from)
    {
        var crop = source.Options.Crop;
        var row = crop.Width * BytesPerPixel;
        var stride = (nint)sample.Size.Width * BytesPerPixel;
        from += place.Top * stride + (nint)place.Left * BytesPerPixel;
        var to = Slot(Staging(), slot);
        for (var y = 0; y < crop.Height; y++, from += stride, to = to[row..])
            new ReadOnlySpan<byte>(from, row).CopyTo(to);
    }

    private (Tensor Image, Tensor Label) FromCrops(int count)
    {
        var crop = source.Options.Crop;
        var crops = Staging().narrow(0, 0, count * slotPixels).view(count, crop.Height, crop.Width, BytesPerPixel);
        return source.Warp.FromPacked(crops.to(source.Device));
    }

    private (Tensor Image, Tensor Label) FromDeviceCache(int count, DeviceCache cache)
    {
        var isMissing = false;
        for (var slot = 0; slot < count; slot++)
        {
            if (!isDecoded[slot])
                continue;
            isMissing = true;
            var length = source.Samples[(int)indices[slot]].Size.Pixels;
            cache.Put(indices[slot], Staging().narrow(0, slot * slotPixels, length));
        }
        if (!isMissing)
            FreeStaging();
        return source.Warp.FromPlanes(cache.Cut(tensor(places[..count], ScalarType.Int64, source.Device)));
    }

    // With a device cache it is allocated at the first sample that needs it, for only the first epoch does.
    private Tensor Staging()
    {
        lock (gate)
            return pixels ??= AllocatePinned();
    }

    private Tensor AllocatePinned() =>
        TensorMemory.AllocatePinned(ScalarType.Byte, source.Device, places.Length * slotPixels, BytesPerPixel);

    private void FreeStaging()
    {
        lock (gate)
        {
            pixels?.Dispose();
            pixels = null;
        }
    }

    private Span<byte> Slot(Tensor memory, int slot)
    {
        var bytes = checked((int)slotPixels * BytesPerPixel);
        return MemoryMarshal.CreateSpan(
            ref Unsafe.Add(ref MemoryMarshal.GetReference(memory.bytes), (nint)slot * bytes), bytes);
    }
}
