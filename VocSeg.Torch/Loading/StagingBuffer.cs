using static TorchSharp.torch;

namespace VocSeg.Torch;

/// <summary>
/// Decoded samples on their way to the device: RGBA pixels of images and labels in slots of one size, in memory that is used again
/// for every batch, pinned where the device is a GPU. Different slots may be written by different threads.
/// </summary>
internal sealed class StagingBuffer : IDisposable
{
    private readonly long slotPixels;

    /// <param name="slots">How many samples it holds.</param>
    /// <param name="slotPixels">The pixels of the largest sample.</param>
    /// <param name="pinned">Whether a GPU copies from it.</param>
    internal StagingBuffer(int slots, long slotPixels, bool pinned)
    {
        if (slots * slotPixels * SkiaDecoder.BytesPerPixel > int.MaxValue)
            throw new ArgumentException($"{slots} samples of {slotPixels} pixels do not fit in one staging buffer of 2 GiB; take a smaller batch.", nameof(slots));
        this.slotPixels = slotPixels;
        using var scope = NewDisposeScope();
        Images = scope.Detach(Allocate(slots * slotPixels, pinned));
        Labels = scope.Detach(Allocate(slots * slotPixels, pinned));
        Starts = new long[slots];
        Widths = new long[slots];
    }

    /// <summary>uint8, shape (slots * slotPixels, 4).</summary>
    internal Tensor Images { get; }

    /// <summary>uint8, shape (slots * slotPixels, 4).</summary>
    internal Tensor Labels { get; }

    /// <summary>The row of <see cref="Images"/> and <see cref="Labels"/> where each slot's window begins.</summary>
    internal long[] Starts { get; }

    /// <summary>The pixels in a row of each slot's image.</summary>
    internal long[] Widths { get; }

    internal Span<byte> ImagePixels(int slot, ImageSize size) => Slot(Images, slot, size);

    internal Span<byte> LabelPixels(int slot, ImageSize size) => Slot(Labels, slot, size);

    internal void SetWindow(int slot, ImageSize size, CropWindow window)
    {
        Starts[slot] = slot * slotPixels + (long)window.Top * size.Width + window.Left;
        Widths[slot] = size.Width;
    }

    public void Dispose()
    {
        Images.Dispose();
        Labels.Dispose();
    }

    private Span<byte> Slot(Tensor pixels, int slot, ImageSize size) =>
        pixels.bytes.Slice(checked((int)(slot * slotPixels * SkiaDecoder.BytesPerPixel)), checked((int)size.Pixels * SkiaDecoder.BytesPerPixel));

    private static Tensor Allocate(long pixels, bool pinned)
    {
        var memory = empty(pixels, SkiaDecoder.BytesPerPixel, ScalarType.Byte);
        return pinned ? memory.pin_memory() : memory;
    }
}
