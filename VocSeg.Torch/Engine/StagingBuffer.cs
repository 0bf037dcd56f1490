using static TorchSharp.torch;

namespace VocSeg.Torch;

/// <summary>
/// Decoded samples on their way to the device: the rows of each sample's window, RGBA pixels of image and label, in slots of one size, in memory
/// that is used again for every batch, pinned where the device is a GPU. Different slots may be written by different threads.
/// </summary>
internal sealed class StagingBuffer : IDisposable
{
    private readonly long slotPixels;

    /// <param name="slots">How many samples it holds.</param>
    /// <param name="slotPixels">The most pixels that a sample's rows have.</param>
    /// <param name="device">What copies from it.</param>
    internal StagingBuffer(int slots, long slotPixels, Device device)
    {
        this.slotPixels = slotPixels;
        Images = BatchMemory.AllocatePinned(ScalarType.Byte, device, slots * slotPixels, ImageDecoder.BytesPerPixel);
        Labels = BatchMemory.AllocatePinned(ScalarType.Byte, device, slots * slotPixels, ImageDecoder.BytesPerPixel);
        Starts = new int[slots];
        Widths = new int[slots];
    }

    /// <summary>uint8, shape (slots * slotPixels, 4).</summary>
    internal Tensor Images { get; }

    /// <summary>uint8, shape (slots * slotPixels, 4).</summary>
    internal Tensor Labels { get; }

    /// <summary>The row of <see cref="Images"/> and <see cref="Labels"/> where each slot's window begins.</summary>
    internal int[] Starts { get; }

    /// <summary>The pixels in a row of each slot's image.</summary>
    internal int[] Widths { get; }

    internal Span<byte> ImagePixels(int slot) => Slot(Images, slot);

    internal Span<byte> LabelPixels(int slot) => Slot(Labels, slot);

    /// <summary>Where the window lies in a slot whose rows begin with the window's first.</summary>
    internal void SetWindow(int slot, int width, int left)
    {
        Starts[slot] = checked((int)(slot * slotPixels)) + left;
        Widths[slot] = width;
    }

    public void Dispose()
    {
        Images.Dispose();
        Labels.Dispose();
    }

    private Span<byte> Slot(Tensor pixels, int slot) =>
        pixels.bytes.Slice(checked((int)(slot * slotPixels * ImageDecoder.BytesPerPixel)), checked((int)slotPixels * ImageDecoder.BytesPerPixel));
}
