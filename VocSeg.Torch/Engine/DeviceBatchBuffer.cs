using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace VocSeg.Torch;

/// <summary>
/// A batch for a GPU. Workers write bytes into pinned staging memory; on delivery they go over in one copy, and batched
/// operations make tensors of them there.
/// </summary>
/// <remarks>
/// Without a cache a slot holds the rows that are needed, image and label both in colours. From the host's cache it
/// holds the crop, or the rows that are needed, four bytes a pixel with the class index in the fourth. While the
/// device's cache fills it holds whole samples that are not cached yet, decoded or from the disk, in the same four
/// bytes; everything is then cut from the cache.
/// </remarks>
internal sealed unsafe class DeviceBatchBuffer : BatchBuffer
{
    private const int BytesPerPixel = HostWarp.BytesPerPixel;
    private readonly SampleSource source;
    private readonly PackedSamples? hostCache;
    private readonly DeviceCache? deviceCache;
    private readonly long slotPixels;
    private readonly int slots;
    private readonly WarpView[] views;
    private readonly int[] stored;
    private readonly bool[] isDecoded;
    private readonly object gate = new();
    private Tensor? pixels;
    private Tensor? labelColors;

    internal DeviceBatchBuffer(
        SampleSource source, int slots, PackedSamples? hostCache = null, DeviceCache? deviceCache = null)
        : base(slots)
    {
        this.source = source;
        this.slots = slots;
        this.hostCache = hostCache;
        this.deviceCache = deviceCache;
        slotPixels = SlotPixels(source, hostCache is not null, deviceCache is not null);
        views = new WarpView[slots];
        stored = new int[slots];
        isDecoded = new bool[slots];
        if (deviceCache is null)
            _ = Staging();
        if (hostCache is null && deviceCache is null)
            labelColors = AllocatePinned();
    }

    /// <summary>The pixels that a slot of the staging memory takes.</summary>
    internal static long SlotPixels(SampleSource source, bool fromHostCache, bool fromDeviceCache) =>
        fromDeviceCache ? source.LargestSample
        : fromHostCache && source.OnlyCrops ? source.LargestOutput.Pixels
        : source.LargestRows;

    internal override void Fill(int slot, ReadOnlySpan<PlannedSample> run, SampleWorker worker)
    {
        if (deviceCache is not null)
            FillDeviceCache(deviceCache, slot, run, worker);
        else if (hostCache is not null)
            FillFromHostCache(hostCache, slot, run, worker);
        else
            FillColors(slot, run, worker);
    }

    internal override BatchTensors Deliver(int count)
    {
        using var scope = NewDisposeScope();
        var (image, label, weight) = deviceCache is not null ? FromDeviceCache(count, deviceCache)
            : hostCache is not null ? FromHostCache(count)
            : FromColors(count);
        scope.Detach(image, label);
        return new(image, label, weight is null ? null : scope.Detach(weight), ContentOf(count));
    }

    public override void Dispose()
    {
        FreeStaging();
        labelColors?.Dispose();
        labelColors = null;
    }

    private void FillColors(int slot, ReadOnlySpan<PlannedSample> run, SampleWorker worker)
    {
        var sample = source.Samples[run[0].Index];
        Draw(source, slot, run, source.DrawsByLabel ? worker.DecodeLabel(sample) : default, worker);
        for (int at = slot, end = slot + run.Length, next; at < end; at = next)
        {
            next = EndOfAlike(source, sample, at, end);
            // The slots of a run are one piece of memory. Where its rows fit in, they are decoded once.
            if ((long)RowsOf(at, next - at).Count * sample.Size.Width > (next - at) * slotPixels)
                next = at + 1;
            Decode(at, next - at);
        }

        void Decode(int at, int together)
        {
            var (first, count) = RowsOf(at, together);
            var (grid, top, rows) = worker.DecodeColors(
                sample, first, count, Slots(Staging(), at, together), Slots(labelColors!, at, together),
                hasLabel: source.DrawsByLabel, source.ReductionOf(Drawn[at].Geometry));
            var (start, width) = (at * slotPixels, grid.Size.Width);
            (FlatRows, ImageGrid)? reduced = grid.Reduction.IsWhole
                ? null
                : (new(start - (long)top * width, width, top, top + rows - 1), grid);
            for (var i = at; i < at + together; i++)
            {
                View(i, start - (long)first * sample.Size.Width, sample.Size.Width, first, count);
                views[i] = views[i] with { Reduced = reduced };
            }
        }
    }

    private void FillFromHostCache(PackedSamples cache, int slot, ReadOnlySpan<PlannedSample> run, SampleWorker worker)
    {
        var sample = source.Samples[run[0].Index];
        var place = source.StoredOf(run[0].Index);
        var cached = cache.GetOrDecode(place, worker);
        var decoded = new WarpSource((IntPtr)(cached != null ? cached : worker.DecodePacked(sample)), 0, sample.Size);
        Draw(source, slot, run, decoded, worker, cache.RunsOf(place));
        for (var i = slot; i < slot + run.Length; i++)
        {
            if (source.OnlyCrops)
            {
                CopyCrop(i, decoded);
                continue;
            }
            var (first, count) = RowsOf(i, 1);
            new ReadOnlySpan<byte>(decoded.Pixel(first, 0), checked(count * sample.Size.Width * BytesPerPixel))
                .CopyTo(Slots(Staging(), i, 1));
            View(i, i * slotPixels - (long)first * sample.Size.Width, sample.Size.Width, first, count);
        }
    }

    private void FillDeviceCache(DeviceCache cache, int slot, ReadOnlySpan<PlannedSample> run, SampleWorker worker)
    {
        var sample = source.Samples[run[0].Index];
        var place = source.StoredOf(run[0].Index);
        var isMissing = !cache.Holds(place);
        // The host's cache counts what is missing here.
        if (!isMissing || hostCache is null)
            worker.Meter.LookedUp(isHit: !isMissing);
        if (isMissing)
        {
            Interleaving.Point();
            var packed = Slots(Staging(), slot, 1)[..checked((int)sample.Size.Pixels * BytesPerPixel)];
            cache.Decode(place, sample, packed, worker, hostCache);
            cache.KeepLabel(place, packed);
        }
        Draw(source, slot, run, cache.LabelOf(place), worker);
        for (var i = slot; i < slot + run.Length; i++)
        {
            (stored[i], isDecoded[i]) = (place, isMissing && i == slot);
            View(i, cache.PlaceOf(place), source.LargestWidth, 0, sample.Size.Height);
        }
    }

    private void View(int slot, long start, int pitch, int firstRow, int rows) =>
        views[slot] = new(new(start, pitch, firstRow, firstRow + rows - 1), Drawn[slot].Geometry, Drawn[slot].Color);

    private void CopyCrop(int slot, in WarpSource decoded)
    {
        var crop = Drawn[slot].Geometry;
        var row = crop.Output.Width * BytesPerPixel;
        var to = Slots(Staging(), slot, 1);
        for (var y = 0; y < crop.Output.Height; y++, to = to[row..])
            new ReadOnlySpan<byte>(decoded.Pixel(crop.Top + y, crop.Left), row).CopyTo(to);
    }

    private (Tensor Image, Tensor Label, Tensor? Weight) FromColors(int count)
    {
        if (!source.OnlyCrops)
            return source.Warp.WarpColors(Staging(), labelColors!, views.AsSpan(0, count), Frame);
        var (starts, widths) = (new long[count], new int[count]);
        for (var slot = 0; slot < count; slot++)
        {
            starts[slot] = views[slot].CropStart;
            widths[slot] = views[slot].Rows.Pitch;
        }
        return source.Warp.FromColors(Staging(), labelColors!, starts, widths, Frame);
    }

    private (Tensor Image, Tensor Label, Tensor? Weight) FromHostCache(int count)
    {
        var staged = Staging().narrow(0, 0, count * slotPixels).to(source.Device);
        return source.OnlyCrops
            ? source.Warp.FromPacked(staged.view(count, Frame.Height, Frame.Width, BytesPerPixel))
            : source.Warp.WarpPacked(
                places => staged.index_select(0, places).t(), views.AsSpan(0, count), Frame);
    }

    private (Tensor Image, Tensor Label, Tensor? Weight) FromDeviceCache(int count, DeviceCache cache)
    {
        var isMissing = false;
        for (var slot = 0; slot < count; slot++)
        {
            if (!isDecoded[slot])
                continue;
            isMissing = true;
            var length = source.Stored[stored[slot]].Size.Pixels;
            cache.Put(stored[slot], Staging().narrow(0, slot * slotPixels, length));
        }
        if (!isMissing)
            FreeStaging();
        return cache.Warp(views.AsSpan(0, count), Frame);
    }

    // With a device cache it is allocated at the first sample that needs it, for only the first epoch does.
    private Tensor Staging()
    {
        lock (gate)
            return pixels ??= AllocatePinned();
    }

    private Tensor AllocatePinned() =>
        TensorMemory.AllocatePinned(ScalarType.Byte, source.Device, slots * slotPixels, BytesPerPixel);

    private void FreeStaging()
    {
        lock (gate)
        {
            pixels?.Dispose();
            pixels = null;
        }
    }

    private Span<byte> Slots(Tensor memory, int slot, int count)
    {
        ref var first = ref MemoryMarshal.GetReference(memory.bytes);
        return MemoryMarshal.CreateSpan(
            ref Unsafe.Add(ref first, (nint)(slot * slotPixels * BytesPerPixel)),
            checked((int)(count * slotPixels * BytesPerPixel)));
    }
}
