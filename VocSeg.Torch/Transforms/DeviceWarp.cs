using static TorchSharp.torch;

namespace VocSeg.Torch;

/// <summary>
/// Pixels to training tensors, for a whole batch at once and on the device: a gather cuts the windows; then the normalization and, where
/// labels are colours, the lookup of the class indices.
/// </summary>
internal sealed class DeviceWarp : IDisposable
{
    private readonly ImageSize crop;
    private readonly Device device;
    private readonly ColorLookup lookup;
    private readonly Tensor rows;
    private readonly Tensor columns;
    private readonly Tensor scale;
    private readonly Tensor bias;

    internal DeviceWarp(ImageSize crop, Normalization normalization, SegmentationPalette palette, Device device)
    {
        this.crop = crop;
        this.device = device;
        lookup = ColorLookup.Acquire(palette, device);
        using var scope = NewDisposeScope();
        rows = scope.Detach(arange(crop.Height, ScalarType.Int32, device).view(1, -1, 1));
        columns = scope.Detach(arange(crop.Width, ScalarType.Int32, device).view(1, 1, -1));
        scale = scope.Detach(Channels(normalization.Scale));
        bias = scope.Detach(Channels(normalization.Bias));

        Tensor Channels(IEnumerable<float> values) => tensor(values.ToArray(), ScalarType.Float32, device).view(1, 3, 1, 1);
    }

    /// <summary>Windows of images and labels that are both in colours, as tensors.</summary>
    /// <param name="images">uint8 (pixels, 4); on the host.</param>
    /// <param name="labels">uint8 (pixels, 4), the same places as in the images; on the host.</param>
    /// <param name="starts">The place of each window's first pixel.</param>
    /// <param name="widths">The pixels in a row of each window's image.</param>
    /// <returns>
    /// image: float32 (windows, 3, height, width); label: int64 (windows, height, width). Both belong to the caller's dispose scope.
    /// </returns>
    internal (Tensor Image, Tensor Label) FromColors(Tensor images, Tensor labels, int[] starts, int[] widths)
    {
        using var scope = NewDisposeScope();
        var places = Places(starts, widths);
        var image = Normalize(Planes(Cut(images).narrow(3, 0, 3)));
        var label = lookup.ToClassIndex(Cut(labels));
        return scope.MoveToOuter(image, label);

        Tensor Cut(Tensor pixels) => pixels.to(device).index_select(0, places).view(starts.Length, crop.Height, crop.Width, ImageDecoder.BytesPerPixel);
    }

    /// <summary>Windows of packed pixels as tensors.</summary>
    /// <param name="packed">uint8 (count, height, width, 4): red, green, blue and class index; on the device.</param>
    /// <returns>
    /// image: float32 (count, 3, height, width); label: int64 (count, height, width). Both belong to the caller's dispose scope.
    /// </returns>
    internal (Tensor Image, Tensor Label) FromPacked(Tensor packed)
    {
        using var scope = NewDisposeScope();
        var (image, label) = FromPlanes(Planes(packed));
        return scope.MoveToOuter(image, label);
    }

    /// <summary>Windows in planes as tensors: two passes, one for the image, one for the label.</summary>
    /// <param name="planes">uint8 (count, 4, height, width): red, green, blue and class index; on the device.</param>
    /// <returns>
    /// image: float32 (count, 3, height, width); label: int64 (count, height, width). Both belong to the caller's dispose scope.
    /// </returns>
    internal (Tensor Image, Tensor Label) FromPlanes(Tensor planes)
    {
        using var scope = NewDisposeScope();
        var image = Normalize(planes.narrow(1, 0, 3));
        var label = planes.select(1, 3).to(ScalarType.Int64);
        return scope.MoveToOuter(image, label);
    }

    public void Dispose()
    {
        lookup.Dispose();
        rows.Dispose();
        columns.Dispose();
        scale.Dispose();
        bias.Dispose();
    }

    // Reads bytes and writes floats in one pass; a multiplication and an addition would be three more over the floats.
    private Tensor Normalize(Tensor channels) => bias.addcmul(channels, scale, 1);

    // As bytes, before anything is wide: the same on floats would move four times as much.
    private static Tensor Planes(Tensor pixels) => pixels.permute(0, 3, 1, 2).contiguous();

    /// <summary>The place of every window pixel: int32 (windows * height * width).</summary>
    private Tensor Places(int[] starts, int[] widths)
    {
        var start = tensor(starts, ScalarType.Int32, device).view(-1, 1, 1);
        var width = tensor(widths, ScalarType.Int32, device).view(-1, 1, 1);
        return rows.mul(width).add_(start).add(columns).flatten();
    }
}
